/** The section that says what was asked, and what of the answer was declared before. */
import type { Block, Section } from "../document.ts";
import { CORRECTIONS, effectTexts, referenceText, TESTS, WHOSE } from "../analysis_texts.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { factorsOf, factorTexts } from "../conditions.ts";
import { formatCount, plural } from "../numbers.ts";
import { howMany, joined, named, shortened, timeText } from "../words.ts";
import { percent } from "../tables.ts";

/**
 * The section that says what was asked.
 *
 * @param runs The runs that the report is of, at least one.
 * @param analysis How they were analysed.
 */
export function questionSection(runs: readonly RunFacts[], analysis: AnalysisFacts): Section {
  const { question } = analysis.design;
  return {
    id: "question",
    title: "Question",
    blocks: [
      ...(question === null
        ? [{ kind: "paragraph", text: `No question was declared. ${comparedText(runs)}` } as const]
        : [
          { kind: "paragraph", text: shortened(question) } as const,
          { kind: "paragraph", text: comparedText(runs) } as const,
        ]),
      ...declaredBlocks(runs, analysis),
      statusOf(runs, analysis),
    ],
  };
}

function comparedText(runs: readonly RunFacts[]): string {
  const factors = factorTexts(factorsOf(runs));
  const labels = new Set(
    runs.flatMap(({ design }) => design.conditions.values.map(({ value }) => value.label)),
  );
  const ofRuns = runs.length === 1
    ? ""
    : ` of ${formatCount(runs.length)} runs (${named(runs.map(({ run }) => run))})`;
  if (labels.size < 2) {
    const compared = runs.length === 1
      ? "they are described, and there is no condition to compare it with"
      : "what they are compared by is the run";
    return `The discussions${ofRuns} are of one condition: ${compared}.`;
  }
  const complete = runs.every(({ design }) => design.conditions.complete);
  const conditions = howMany({ values: [...labels], complete }, "condition");
  const how = factors.length === 0 ? "" : `, which differ by ${named(factors)}`;
  return `Compared are discussions${ofRuns} of ${conditions}${how}.`;
}

function declaredBlocks(
  runs: readonly RunFacts[],
  { design, source, family, outcomes }: AnalysisFacts,
): readonly Block[] {
  if (source.from === "nowhere" || design.outcomes.length === 0) return [];
  const tests = [...new Set(outcomes.filter(({ declared }) => declared).flatMap(({ tests }) => tests))];
  const isCorrected = design.correction !== "none";
  const entries: readonly (readonly [string, string])[] = [
    ["Declared outcomes", named(design.outcomes)],
    ["Declared effects", named(effectTexts(design, [...factorsOf(runs).keys()]))],
    ["Compared with", referenceText(design, factorsOf(runs))],
    ["Tests", joined(tests.map((test) => TESTS[test]))],
    [
      "Family",
      family === 0
        ? "none: no test is confirmatory"
        : `${plural(family, "test")} of declared effects on declared outcomes, ${
          isCorrected ? `taken together by ${CORRECTIONS[design.correction]}` : "not corrected"
        }`,
    ],
    [
      "Level",
      `intervals at ${percent(design.level)}; a result is ${isCorrected ? "a corrected p" : "a p"} below ${
        round(1 - design.level)
      }`,
    ],
    ["Counted", `${WHOSE[design.comments]}, ${silenceText(design.silences)}`],
    [
      "Place in the discussion",
      design.time === "turn"
        ? "the number of the turn"
        : "the position among all slots, openings and moderations too",
    ],
  ];
  return [
    {
      kind: "heading",
      title: source.from === "experiment" ? "What was declared" : "What the analysis file says",
    },
    {
      kind: "facts",
      entries: entries.filter(([, value]) => value !== "").map(([term, value]) => ({ term, value })),
    },
  ];
}

function silenceText(silences: AnalysisFacts["design"]["silences"]): string {
  return silences === "exclude" ? "silent turns left out" : "silent turns included where they were judged";
}

/** `1 − 0.95` is a little more than 0.05. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

function statusOf(runs: readonly RunFacts[], { source, design, family }: AnalysisFacts): Block {
  const others =
    "Every other comparison in this report is exploratory: it can raise a question, and answers none.";
  switch (source.from) {
    case "experiment":
      return design.outcomes.length === 0
        ? {
          kind: "callout",
          tone: "note",
          title: "No outcome was declared",
          text: `The experiment file declares no outcome. ${others.replace("other ", "")}`,
        }
        : family === 0
        ? {
          kind: "callout",
          tone: "note",
          title: "Nothing is confirmatory",
          text:
            `The outcomes above have been in the experiment file since ${
              timeText(source.since)
            }, by the run's ` +
            `log, but no effect on them is there to be tested. ${others.replace("other ", "")}`,
        }
        : {
          kind: "callout",
          tone: "note",
          title: "Confirmatory and exploratory",
          text:
            `The outcomes and effects above have been in the experiment file since ${
              timeText(source.since)
            }, by ` +
            `the run's log: they are confirmatory. ${others}`,
        };
    case "unshown":
      return {
        kind: "callout",
        tone: "caution",
        title: "When this was declared cannot be shown",
        text:
          `The run's folder holds this analysis. But ${
            source.reasons.join("; ")
          }. So every comparison in this report ` +
          "counts as exploratory: it can raise a question, and answers none.",
      };
    case "afterwards":
      return {
        kind: "callout",
        tone: "caution",
        title: "Declared in a file of its own",
        text:
          `The analysis was given as the file "${source.file}" when this report was made. The logs cannot show ` +
          "whether it was written before anybody had seen the data, so that every comparison in this report counts as " +
          "exploratory: it can raise a question, and answers none." +
          (runs.some(({ analysis }) => analysis !== null)
            ? " An analysis was declared before the run began: it is that of a report without this file."
            : ""),
      };
    case "nowhere":
      return {
        kind: "callout",
        tone: "note",
        title: "All of it is exploratory",
        text:
          "No analysis was declared before the discussions were held. What this report compares can raise a " +
          "question, and answers none.",
      };
    default:
      return source satisfies never;
  }
}
