/** The section on the research question, and on the analysis that was declared before the run. */
import type { Block, Section } from "../document.ts";
import { CORRECTIONS, effectTexts, referenceText, TESTS, whoseText } from "../analysis_texts.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { factorsOf, factorTexts } from "../conditions.ts";
import { formatCount, plural } from "../numbers.ts";
import {
  DESCRIBED_MEANING,
  SAMPLE_CHANGED,
  SAMPLE_CHANGED_MEANING,
  seenBeforeTexts,
  sequencesOf,
  sequenceText,
  unfinishedText,
} from "../looks_texts.ts";
import { sealedText } from "../people_texts.ts";
import { capital, howMany, joined, named, shortened, timeText } from "../words.ts";
import { callout, heading, paragraph, percent } from "../tables.ts";

/** States the research question and the declared analysis. */
export function questionSection(runs: readonly RunFacts[], analysis: AnalysisFacts): Section {
  const { question } = analysis.design;
  return {
    id: "question",
    title: "Question",
    blocks: [
      ...runs.flatMap((run) => sealedCallout(run, runs.length > 1)),
      ...(question === null ? [paragraph(`No question was declared. ${comparedText(runs)}`)] : [
        paragraph(shortened(question)),
        paragraph(comparedText(runs)),
      ]),
      ...declaredBlocks(runs, analysis),
      statusOf(runs, analysis),
      ...unfinishedBlocks(runs),
    ],
  };
}

/** A caution if keys are missing: figures then differ from a report on the original run. It is the first block. */
function sealedCallout(run: RunFacts, isNamed: boolean): readonly Block[] {
  const text = sealedText(run);
  if (text === null) return [];
  return [callout(
    "caution",
    `${isNamed ? `${run.run}: ` : ""}${text}`,
    "They count as missing, so figures and tests differ from the original run's. Copy the folder people/keys " +
      "from the original run, and make the report again.",
  )];
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
      ? "the report describes them and compares nothing"
      : "the report compares the runs";
    return `The discussions${ofRuns} are of one condition: ${compared}.`;
  }
  const complete = runs.every(({ design }) => design.conditions.complete);
  const conditions = howMany({ values: [...labels], complete }, "condition");
  const how = factors.length === 0 ? "" : `, which differ by ${named(factors)}`;
  return `This report compares discussions${ofRuns} of ${conditions}${how}.`;
}

function declaredBlocks(
  runs: readonly RunFacts[],
  { design, source, family, outcomes, looks }: AnalysisFacts,
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
        : family === 1
        ? "1 test of a declared effect on a declared outcome, so no correction is needed"
        : `${plural(family, "test")} of declared effects on declared outcomes, ${
          isCorrected ? `corrected together by ${CORRECTIONS[design.correction]}` : "not corrected"
        }`,
    ],
    [
      "Level",
      `intervals at ${percent(design.level)}; ${isCorrected ? "a corrected p" : "a p"} below ${
        round(1 - design.level)
      } counts as significant`,
    ],
    [
      "Looks",
      design.looks === undefined
        ? ""
        : `planned when ${
          joined(design.looks.map(formatCount))
        } discussions have ended; the last number is the most ` +
          "that the run may have",
    ],
    [
      "Looks that happened",
      sequencesOf(looks).map(({ sequence, outcomes }) => `${named(outcomes)}: ${sequenceText(sequence)}`)
        .join("; "),
    ],
    ["Counted", whoseText(design, silenceText(design.silences))],
    [
      "Time in the discussion",
      design.time === "turn"
        ? "the number of the turn"
        : "the position among all slots, including openings and moderations",
    ],
  ];
  return [
    heading(source.from === "experiment" ? "Declared analysis" : "Analysis file"),
    {
      kind: "facts",
      entries: entries.filter(([, value]) => value !== "").map(([term, value]) => ({ term, value })),
    },
  ];
}

function unfinishedBlocks(runs: readonly RunFacts[]): readonly Block[] {
  const text = unfinishedText(runs.map(({ looks }) => looks));
  return text === "" ? [] : [callout("caution", "Not all planned discussions have ended", text)];
}

function silenceText(silences: AnalysisFacts["design"]["silences"]): string {
  return silences === "exclude" ? "silent turns left out" : "silent turns included when annotated";
}

/** Removes rounding errors: in JavaScript, `1 − 0.95` is a little more than 0.05. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

function statusOf(
  runs: readonly RunFacts[],
  { source, design, family, sampleChanged, looks }: AnalysisFacts,
): Block {
  const others =
    "Every other comparison in this report is exploratory: it can suggest a question, but not answer it.";
  const seen = seenBeforeTexts(looks);
  switch (source.from) {
    case "experiment":
      return design.outcomes.length === 0
        ? callout(
          "note",
          "No outcome was declared",
          `The experiment file declares no outcome. ${others.replace("other ", "")}`,
        )
        : family === 0
        ? callout(
          seen.length === 0 ? "note" : "caution",
          seen.length === 0 ? "Nothing is confirmatory" : capital(SAMPLE_CHANGED),
          `According to the run's log, the outcomes above have been in the experiment file since ${
            timeText(source.since)
          }, but they have no effect to test. ${
            seen.length === 0
              ? ""
              : `Results were seen before the sample changed: ${named(seen)}. ${DESCRIBED_MEANING} `
          }${others.replace("other ", "")}`,
        )
        : sampleChanged > 0
        ? callout(
          "caution",
          capital(SAMPLE_CHANGED),
          `According to the run's log, the outcomes and effects above have been in the experiment file since ${
            timeText(source.since)
          }. But results were seen before the sample changed: ${named(seen)}. ${SAMPLE_CHANGED_MEANING} ${
            sampleChanged === family
              ? "No test in this report is confirmatory."
              : "Tests of other declared outcomes are confirmatory."
          }`,
        )
        : callout(
          "note",
          "Confirmatory and exploratory",
          `According to the run's log, the outcomes and effects above have been in the experiment file since ${
            timeText(source.since)
          }: they are confirmatory. ${others}`,
        );
    case "unshown":
      return callout(
        "caution",
        "The time of the declaration is unknown",
        `The run's folder holds this analysis, but ${
          source.reasons.join("; ")
        }. Every comparison in this report is ` +
          "therefore exploratory: it can suggest a question, but not answer it.",
      );
    case "afterwards":
      return callout(
        "caution",
        "Analysis from a separate file",
        `The analysis was given as the file "${source.file}" when this report was made. The logs cannot show ` +
          "whether it was written before the data were seen. Every comparison in this report is therefore exploratory: it " +
          "can suggest a question, but not answer it." +
          (runs.some(({ analysis }) => analysis !== null)
            ? " An analysis was declared before the run began: a report without this file uses it."
            : ""),
      );
    case "nowhere":
      return callout(
        "note",
        "Everything is exploratory",
        "No analysis was declared before the run. The comparisons in this report can suggest a question, but not answer it.",
      );
    default:
      return source satisfies never;
  }
}
