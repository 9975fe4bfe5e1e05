/** Texts of the methods section about annotation passes and the analysis. */
import { isTextMetric } from "../../../core/experiment/analysis_design.ts";
import { scaleTypeOf } from "../../../core/annotation/scales/mod.ts";
import type { PassDesign } from "../../projections/mod.ts";
import type { AnalysisFacts, OutcomeFacts, RunFacts, TestName } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { howMany, joined, lines, named, namedValues, quoted } from "../words.ts";
import { answersText, targetsText } from "./design.ts";
import { namedTemplatesText } from "./design_tables.ts";
import { annotatorsText } from "./people_and_models.ts";
import { seenBeforeTexts, sequencesOf, sequenceText } from "../looks_texts.ts";
import { CORRECTIONS, TESTS, whoseText } from "../analysis_texts.ts";
import { type Fact, percent, rangeText } from "../tables.ts";
import { checkName } from "./fidelity.ts";

export function annotatedSentence({ pass, annotators, codebook, models }: PassDesign, run: RunFacts): string {
  const scales = named(
    codebook.scales.map((scale) => `${scale.name} (${scale.type}, ${answersText(scale)})`),
  );
  const who = run.design.sources.has(pass)
    ? `${plural(annotators.length, "annotator")} from imported files`
    : annotatorsText({ annotators, models }, { isDetailed: false });
  return `${who} annotated comments on ${scales}.`;
}

/** The annotation passes of a run. Passes with equal names, codebooks and annotators count as one. */
export function passesOf({ design }: RunFacts): readonly PassDesign[] {
  const passes = design.passes.values.map(({ value: { setting } }) => setting);
  return [
    ...new Map(passes.map((one) => [JSON.stringify([one.pass, one.codebook, one.annotators]), one])).values(),
  ];
}

/** The facts of an annotation pass, one on each line. */
export function passText(design: PassDesign, run: RunFacts): string {
  const { pass, annotators, codebook, history, retries, reparsedFrom } = design;
  const files = run.design.sources.get(pass);
  const people = `${plural(annotators.length, "annotator")} (${named(annotators.map(({ name }) => name))})`;
  const origin = files !== undefined
    ? `by ${people}; imported from ${howMany(files, "file")} (${namedValues(files)})`
    : reparsedFrom !== undefined
    ? `a new reading of the replies of pass ${reparsedFrom}`
    : `${targetsText(design)}, each shown with ${beforeText(history)}; by ${
      annotatorsText(design, { isDetailed: true })
    }`;
  return lines([
    origin,
    `scales: ${
      named(codebook.scales.map((scale) => {
        const question = scale.question === "" ? "" : `: ${quoted(scale.question)}`;
        return `${scale.name} (${scale.type}, ${answersText(scale)}${question})`;
      }))
    }`,
    files === undefined && reparsedFrom === undefined ? wordsOfPrompts(design) : "",
    files !== undefined || reparsedFrom !== undefined || retries === 0
      ? ""
      : `an annotator whose reply held no valid value was asked again, at most ${
        retries === 1 ? "once" : `${retries} times`
      }`,
    files === undefined ? unparsedText(pass, run) : "",
    meanText(design),
  ]);
}

function wordsOfPrompts({ prompt: { templates } }: PassDesign): string {
  return `words of prompts: ${
    templates === undefined ? "template set default" : namedTemplatesText(templates)
  }`;
}

function unparsedText(pass: string, { execution }: RunFacts): string {
  const counts = [...execution.judgements.get(pass)?.values() ?? []];
  const lost = counts.reduce((sum, one) => sum + one.lost, 0);
  const asked = counts.reduce((sum, one) => sum + one.read, lost);
  return asked === 0
    ? ""
    : `${formatCount(lost)} of ${plural(asked, "question")} to annotators without a valid value`;
}

/** Says how the values of several annotators are combined into one value. Empty for a single annotator. */
function meanText({ annotators, codebook }: PassDesign): string {
  if (annotators.length < 2) return "";
  const parts = [...new Set(codebook.scales.flatMap((scale) => scaleTypeOf(scale).pooled ?? []))];
  return parts.length === 0
    ? ""
    : `the value of a comment, from all valid values of its annotators: ${joined(parts, "or")}`;
}

function beforeText(history: number | null): string {
  if (history === null) return "all comments before it";
  return history === 0
    ? "no other comment"
    : history === 1
    ? "the comment before it"
    : `the ${history} comments before it`;
}

/** Describes the analysis for a paper, in a few sentences. */
export function analysisText(runs: readonly RunFacts[], analysis: AnalysisFacts): string {
  const tests = [...testedBy(analysis.outcomes)].map(([test, names]) =>
    `We tested effects on ${named(names)} by ${TESTS[test]}.`
  );
  return [`We analysed ${analysedText(runs, analysis)}.`, ...tests, `${correctionText(analysis)}.`].join(" ");
}

export function analysisFacts(runs: readonly RunFacts[], analysis: AnalysisFacts): readonly Fact[] {
  const { design, outcomes } = analysis;
  const untested = outcomes.filter(({ tests, tested }) => tests.length > 0 && !tested);
  const silences = design.silences === "exclude"
    ? "without silent turns"
    : "with annotations of silent turns";
  return [
    ["Discussions analysed", analysedText(runs, analysis)],
    [
      "Comments that count",
      outcomes.some(({ name, unit }) => unit === "comment" || isTextMetric(name))
        ? whoseText(design, silences)
        : "",
    ],
    ["Tests", lines([...testedBy(outcomes)].map(([test, names]) => `${named(names)}: ${TESTS[test]}`))],
    ["Could not be tested", named(untested.map(({ name }) => name))],
    ["Intervals of means", intervalsText(analysis)],
    ["Declaration and correction", correctionText(analysis)],
    ["Comments without a value", missingText(outcomes, "comment")],
    ["Discussions without a value", missingText(outcomes, "discussion")],
    ...runs.map((run): Fact => [
      runs.length === 1 ? "Fidelity checks" : `Fidelity checks of ${run.run}`,
      fidelityText(run),
    ]),
  ];
}

function analysedText(runs: readonly RunFacts[], { discussions }: AnalysisFacts): string {
  const ends = runs.flatMap(({ execution }) => [...execution.ends.values()]);
  const total = (count: (one: typeof ends[number]) => number) =>
    ends.reduce((sum, one) => sum + count(one), 0);
  const unreadable = runs.reduce((sum, { execution }) => sum + execution.unreadable, 0);
  const damaged = total((one) => one.damaged) + unreadable;
  const begun = total((one) => one.completed + one.aborted + one.unfinished + one.damaged) + unreadable;
  const left = [
    [total((one) => one.aborted), "aborted"],
    [total((one) => one.unfinished), "not finished"],
    [damaged, `with a damaged log`],
  ] as const;
  const reasons = left.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  const which = begun === discussions
    ? plural(discussions, "discussion")
    : `${formatCount(discussions)} of ${plural(begun, "discussion")}`;
  return reasons.length === 0 ? which : `${which} (left out: ${joined(reasons)})`;
}

/** Test → the outcomes that it tests. */
function testedBy(outcomes: readonly OutcomeFacts[]): ReadonlyMap<TestName, readonly string[]> {
  const byTest = new Map<TestName, string[]>();
  for (const { name, tests, tested } of outcomes) {
    for (const test of tested ? tests : []) byTest.set(test, [...byTest.get(test) ?? [], name]);
  }
  return byTest;
}

function intervalsText({ design, outcomes, resamples }: AnalysisFacts): string {
  const units = new Set(outcomes.map(({ unit }) => unit));
  const kinds = [
    ...(resamples.length > 0 && units.has("comment")
      ? [`of annotations from ${rangeText(resamples, formatCount)} bootstrap resamples of whole discussions`]
      : []),
    ...(units.has("discussion") ? ["of figures of discussions by Student's t"] : []),
  ];
  return kinds.length === 0 ? "" : `${percent(design.level)}, ${joined(kinds)}`;
}

function correctionText(facts: AnalysisFacts): string {
  const { source, design, family, outcomes, looks } = facts;
  const seen = seenBeforeTexts(looks);
  if (outcomes.every(({ tests }) => tests.length === 0)) {
    const nothing = "Nothing was compared";
    return seen.length === 0
      ? nothing
      : `${nothing}. The sample changed after results of declared outcomes were seen: ${named(seen)}`;
  }
  const explored = (which: string) =>
    `${which} are exploratory, and their p values were corrected together by ${
      CORRECTIONS["benjamini-hochberg"]
    }`;
  if (source.from === "afterwards") {
    return "The analysis comes from a separate file, and the logs do not show when it was written: " +
      explored("all comparisons");
  }
  if (source.from === "unshown") {
    return `The logs do not show when the analysis was declared: ${explored("all comparisons")}`;
  }
  if (source.from === "experiment" && design.outcomes.length > 0 && family === 0) {
    return `The experiment file declares outcomes, but no declared effect on them could be tested: ${
      explored("all comparisons")
    }`;
  }
  if (source.from === "nowhere" || family === 0) {
    return `No comparison was declared in advance: ${explored("all comparisons")}`;
  }
  const tests = plural(family, "test");
  const corrected = family === 1
    ? "There was 1 declared test"
    : design.correction === "none"
    ? `The p values of ${tests} that were declared before the run were not corrected`
    : `The p values of ${tests} that were declared before the run were corrected together by ${
      CORRECTIONS[design.correction]
    }`;
  return [
    `${corrected}; ${explored("all other comparisons")}`,
    ...seen.length === 0 ? [] : [
      `The sample changed after results of declared outcomes were seen, so tests of these outcomes are not confirmatory: ${
        named(seen)
      }`,
    ],
    ...sequencesOf(looks).map(({ sequence, outcomes: names }) =>
      `Tests of ${named(names)} allow for several looks (${
        sequenceText(sequence)
      }), by alpha spending (Lan and DeMets ` +
      "1983) with a function of O'Brien and Fleming's type; their p values and intervals are repeated p values and repeated " +
      "confidence intervals (Jennison and Turnbull 2000)"
    ),
  ].join(". ");
}

function missingText(outcomes: readonly OutcomeFacts[], unit: OutcomeFacts["unit"]): string {
  return named(
    outcomes.filter((outcome) => outcome.unit === unit && outcome.missing > 0)
      .map(({ name, missing }) => `${name} (${plural(missing, unit)})`),
  );
}

function fidelityText({ fidelity: { checks } }: RunFacts): string {
  const of = (verdict: typeof checks[number]["verdict"]) =>
    checks.filter((check) => check.verdict === verdict);
  const flagged = of("flag");
  const names = flagged.length === 0 ? "" : ` (${named([...new Set(flagged.map(checkName))])})`;
  return `${plural(checks.length, "check")} of the logs against the declaration: ${
    formatCount(flagged.length)
  } flagged${names}, ${formatCount(of("pass").length)} as declared, ${
    formatCount(of("cannot-tell").length)
  } without a verdict`;
}
