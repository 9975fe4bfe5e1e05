/** The limits of the results, for the first page. One entry names all limits that do not apply. */
import { type OutcomeComparisons, type Repeatable, repeatsIn } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { effectText, repeatText } from "../analysis_texts.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { seenBeforeTexts, sequencesOf, sequenceText, unfinishedText } from "../looks_texts.ts";
import { formatCell, formatCount, plural } from "../numbers.ts";
import { sealedText, withdrawnText } from "../people_texts.ts";
import { named, shortened } from "../words.ts";
import { equalsP } from "./effect_results.ts";
import { executionCallouts } from "./execution_callouts.ts";
import { checkName } from "./fidelity.ts";
import { participantsText } from "./people_and_models.ts";

type Entry = readonly [term: string, value: string];

/** A text of the first page has at most this many characters. Later sections have the whole text. */
const SAID_MAX = 400;

/** A limit that does not apply: its name, and in brackets the reason or the number of checked cases. */
type Absent = Readonly<{ absent: string }>;

/** Each kind of limit that applies and what is known about it, and a last entry with all kinds that do not apply. */
export function limitsOf(
  runs: readonly RunFacts[],
  analysis: AnalysisFacts,
  { compared, observations }: Readonly<
    { compared: OutcomeComparisons; observations: readonly Repeatable[] }
  >,
): readonly Entry[] {
  const limits = [
    ...runs.length === 1 ? [] : [["Runs that repeat each other", repeatsText(observations)] as const],
    ["Looks at the results", looksText(runs, analysis)],
    ["Failures", failuresText(runs)],
    ["Missing values", missingText(compared)],
    ["Unparsed annotations", unparsedText(runs)],
    ["Run compared with its declaration", fidelityText(runs)],
    ["Not tested", untestedText(analysis.design, compared)],
    ["Warnings about tests", doubtsText(compared)],
    ["Undeclared interactions", hintsText(compared)],
    ["People", peopleText(runs)],
  ] as const;
  const absent = limits.flatMap(([, value]) => typeof value === "string" ? [] : [value.absent]);
  return [
    ...limits.flatMap(([term, value]) =>
      typeof value === "string" ? [[term, shortened(value, SAID_MAX)] as const] : []
    ),
    ...absent.length === 0 ? [] : [["None found", absent.join("; ")] as const],
  ];
}

function repeatsText(observations: readonly Repeatable[]): string | Absent {
  const repeats = repeatsIn(observations);
  return repeats.length === 0 ? { absent: "discussions in several runs" } : repeatText(repeats);
}

function looksText(runs: readonly RunFacts[], { looks }: AnalysisFacts): string | Absent {
  const seen = seenBeforeTexts(looks);
  const parts = [
    ...seen.length === 0 ? [] : [`results were seen before the sample changed: ${named(seen)}`],
    ...sequencesOf(looks).map(({ sequence, outcomes }) => `${named(outcomes)}: ${sequenceText(sequence)}`),
    ...[unfinishedText(runs.map(({ looks }) => looks))].filter((text) => text !== ""),
  ];
  if (parts.length > 0) return parts.join("; ");
  return runs.every(({ looks }) => looks === null)
    ? "not known: there is no intact run log"
    : { absent: "changes of the sample after a look at the results" };
}

function failuresText(runs: readonly RunFacts[]): string | Absent {
  const found = runs.flatMap((run) =>
    executionCallouts(run).filter(({ tone, title }) => tone !== "note" && !title.startsWith("Unparsed"))
      .map(({ title }) => title)
  );
  return found.length === 0 ? { absent: "failures" } : `${found.join("; ")}. See Execution`;
}

/** The declared outcomes that lack values, or all such outcomes if none is declared, with the numbers of values. */
export function missingTexts({ outcomes }: Pick<OutcomeComparisons, "outcomes">): readonly string[] {
  const all = outcomes.map(({ outcome }) => outcome);
  const declared = all.filter((outcome) => outcome.declared);
  return (declared.length > 0 ? declared : all).filter(({ missing }) => missing > 0).map(
    ({ name, missing, values }) => {
      const there = values.values.length;
      return `${name} ${formatCount(missing)} of ${formatCount(missing + there)} (${
        formatCell(missing / (missing + there), { kind: "share" })
      })`;
    },
  );
}

function missingText(compared: OutcomeComparisons): string | Absent {
  const { leftOut } = compared;
  const lacking = missingTexts(compared);
  const left = leftOut === 0
    ? []
    : [`${plural(leftOut, "discussion")} left out, because they did not end as designed`];
  const parts = [...lacking.length === 0 ? [] : [named(lacking)], ...left];
  return parts.length === 0 ? { absent: "missing values" } : parts.join("; ");
}

function unparsedText(runs: readonly RunFacts[]): string | Absent {
  let [lost, asked] = [0, 0];
  for (const conditions of runs.flatMap(({ execution }) => [...execution.judgements.values()])) {
    for (const { read, lost: unparsed } of conditions.values()) {
      lost += unparsed;
      asked += read + unparsed;
    }
  }
  if (asked === 0) return { absent: "unparsed annotations (no annotator was asked)" };
  if (lost === 0) return { absent: `unparsed annotations (of ${plural(asked, "question")})` };
  return `${formatCount(lost)} of ${plural(asked, "question")} to annotators (${
    formatCell(lost / asked, { kind: "share" })
  })`;
}

function fidelityText(runs: readonly RunFacts[]): string {
  const checks = runs.flatMap(({ fidelity }) => fidelity.checks);
  const of = (verdict: string) => checks.filter((check) => check.verdict === verdict);
  const flagged = [...new Set(of("flag").map(checkName))];
  const problems = runs.reduce((sum, { fidelity }) => sum + fidelity.problems.length, 0);
  return [
    flagged.length === 0 ? "nothing flagged" : `not as declared: ${named(flagged)}`,
    `${plural(of("pass").length, "check")} passed`,
    `${formatCount(of("cannot-tell").length)} could not be made from the logs (see Fidelity)`,
    ...problems === 0 ? [] : [`${plural(problems, "log")} could not be checked to the end`],
  ].join("; ");
}

function untestedText(
  analysis: AnalysisFacts["design"],
  { tests, jointLacking }: OutcomeComparisons,
): string | Absent {
  const declared = tests.filter(({ declared }) => declared);
  if (declared.length === 0) return { absent: "declared tests without a result (no test was declared)" };
  const untested = declared.filter(({ figures }) => isUnavailable(figures));
  const reasons = [
    ...new Set(untested.flatMap(({ figures }) => isUnavailable(figures) ? [figures.unavailable] : [])),
  ];
  const wholes = [...Map.groupBy(jointLacking, ({ unavailable }) => unavailable)].map(([reason, those]) =>
    `${
      named(those.map(({ outcome, effect }) => `${effectText(effect, analysis)} on ${outcome}`))
    } as a whole, because ${reason}`
  );
  const parts = [
    ...untested.length === 0 ? [] : [`${plural(untested.length, "declared test")}: ${named(reasons)}`],
    ...wholes,
  ];
  return parts.length === 0 ? { absent: "declared tests without a result" } : parts.join("; ");
}

function doubtsText({ tests }: OutcomeComparisons): string | Absent {
  const doubtful = tests.filter(({ declared, doubts }) => declared && doubts.length > 0);
  const byDoubt = Map.groupBy(
    doubtful.flatMap(({ outcome, doubts }) => doubts.map((doubt) => ({ outcome, doubt }))),
    ({ doubt }) => doubt,
  );
  const texts = [...byDoubt].map(([doubt, those]) =>
    `${named([...new Set(those.map(({ outcome }) => outcome))])}: ${doubt}`
  );
  return texts.length === 0 ? { absent: "warnings about tests" } : texts.join("; ");
}

/** Names undeclared interactions that may be large. They are hints, not results. */
function hintsText({ hints }: OutcomeComparisons): string {
  const texts = hints.map(({ outcome, factors, adjusted }) =>
    `${factors.join(" × ")} on ${outcome} (adjusted p ${equalsP(adjusted)})`
  );
  return texts.length === 0 ? "" : `these look large, and are hints, not results: ${named(texts)}`;
}

function peopleText(runs: readonly RunFacts[]): string {
  const withheld = runs.flatMap((run) => [sealedText(run) ?? [], withdrawnText(run) ?? []].flat());
  const who =
    runs.every((run) => run.design.imported === null && participantsText(run) === "simulated participants")
      ? [
        "the participants are simulated, so the results hold for these models and prompts, and not for people",
      ]
      : [];
  return [...withheld, ...who].join("; ");
}
