/** The section on fidelity: whether the run followed its declaration. */
import { FAMILY_LEVEL, type FidelityCheck, type RunFidelity, type Verdict } from "../../fidelity/mod.ts";
import type { Block, Section, TableBlock } from "../document.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { shortened } from "../words.ts";
import {
  callout,
  numbers,
  ofEachRun,
  paragraph,
  probabilities,
  shown,
  type Suffix,
  tableOf,
  texts,
} from "../tables.ts";

/** A list names at most this many checks; the rest are counted. */
const LISTED_MAX = 50;

const SAID_MAX = 1_000;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  "flag": "flagged",
  "pass": "as declared",
  "cannot-tell": "no verdict",
};

/** Reports for each run whether it followed its declaration. */
export function fidelitySection(runs: readonly Pick<RunFacts, "run" | "fidelity">[]): Section {
  return {
    id: "fidelity",
    title: "Fidelity",
    blocks: [
      paragraph(
        "These checks compare the logs with the declaration. If chance is involved, the family-wise false-flag rate is " +
          `at most ${100 * FAMILY_LEVEL} % (Holm's method over all checks of a run).`,
      ),
      ...ofEachRun(runs, ({ fidelity }, suffix) => blocksOf(fidelity, suffix)),
    ],
  };
}

function blocksOf(
  { checks, discussions, declaredBy, problems }: RunFidelity,
  suffix: Suffix,
): readonly Block[] {
  const of = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict);
  const flagged = of("flag");
  return [
    paragraph(`${plural(discussions, "discussion")} compared with ${declaredBy}.`),
    ...(flagged.length === 0 ? [] : [
      callout(
        "flag",
        `Not as declared: ${plural(flagged.length, "check")}`,
        listed(
          flagged.map((check) =>
            `${checkName(check)}: declared ${check.declared}; ${foundText(check)}${check.basis}`
          ),
        ).join(". "),
      ),
    ]),
    ...tables(checks, suffix),
    ...(problems.length === 0 ? [] : [
      callout(
        "caution",
        `Not checked to their end: ${plural(problems.length, "discussion")}`,
        listed(problems.map(({ message }) => message)).join(". "),
      ),
    ]),
  ];
}

/** The observed and the expected value of a flagged check; empty if nothing was counted. */
function foundText(check: FidelityCheck): string {
  const [observed, expected] = [observedText(check), expectedText(check)];
  if (observed === "") return "";
  return `observed ${observed}${expected === "" ? "" : `, expected ${expected}`}; `;
}

/**
 * Three tables: verdicts, what each check compares, and checks without a verdict. One table would be wider than
 * a page.
 */
function tables(checks: readonly FidelityCheck[], suffix: Suffix): readonly Block[] {
  const told = ["flag", "pass"].flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  const untold = checks.filter(({ verdict }) => verdict === "cannot-tell");
  return [
    ...(told.length === 0 ? [] : [checkTable(told, suffix), basisTable(told, suffix)]),
    ...(untold.length === 0 ? [] : [untoldTable(untold, suffix)]),
  ];
}

function checkTable(told: readonly FidelityCheck[], suffix: Suffix): TableBlock {
  const note =
    "p is the probability of a difference at least this large in a run that follows its declaration; it is empty " +
    "if nothing is left to chance. The threshold is the value that p was compared with." +
    (told.some(({ check }) => check === "speaker distribution")
      ? " For the speaker distribution, the row shows the participant who differs most. The next table names this participant."
      : "");
  return shown(tableOf(
    { id: `fidelity${suffix}`, title: "Observed and declared", note },
    told,
    [
      texts("check", "Check", checkName),
      texts("verdict", "Verdict", ({ verdict }) => VERDICTS[verdict]),
      texts("declared", "Declared", ({ declared }) => shortened(declared, SAID_MAX)),
      texts("observed", "Observed", observedText),
      texts("expected", "Expected", expectedText),
      probabilities("p", "p", ({ test }) => test?.p ?? null),
      numbers("threshold", "Threshold", ({ threshold }) => threshold, 5),
    ],
    ({ verdict }) => verdict === "flag" ? "flag" : undefined,
  ));
}

function basisTable(told: readonly FidelityCheck[], suffix: Suffix): TableBlock {
  return shown(tableOf({ id: `fidelity-basis${suffix}`, title: "What the checks compare" }, told, [
    texts("check", "Check", checkName),
    texts("basis", "What is compared, or the difference found", ({ basis }) => shortened(basis, SAID_MAX)),
  ]));
}

function untoldTable(untold: readonly FidelityCheck[], suffix: Suffix): TableBlock {
  return shown(tableOf({ id: `fidelity-untold${suffix}`, title: "Checks without a verdict" }, untold, [
    texts("check", "Check", checkName),
    texts("reason", "Why", ({ reason }) => shortened(reason, SAID_MAX)),
  ]));
}

/** Each different text once, shortened. If there are too many, the last line counts the others. */
function listed(texts: readonly string[]): readonly string[] {
  const all = [...new Set(texts)].map((text) => shortened(text, SAID_MAX));
  const rest = all.length - LISTED_MAX;
  return rest > 0 ? [...all.slice(0, LISTED_MAX), `and ${formatCount(rest)} more`] : all;
}

/** The name of a check, with its condition if it has one. */
export function checkName({ check, condition }: FidelityCheck): string {
  return condition === null ? check : `${check} (${condition})`;
}

/** The observed count and its total, or the observed mean; empty if nothing was observed. */
export function observedText({ observed }: FidelityCheck): string {
  if (observed === null) return "";
  const { count, of, unit } = observed;
  return unit === "mean"
    ? `mean ${(count / of).toFixed(2)} (n = ${formatCount(of)})`
    : `${formatCount(count)} of ${formatCount(of)} (${percentage(count, of)})`;
}

/**
 * The expected value. If the declaration leaves nothing to chance, it is a count; otherwise, it is a share or a
 * mean.
 */
export function expectedText({ observed, expected, test }: FidelityCheck): string {
  if (observed === null || expected === null) return "";
  if (observed.unit === "mean") return (expected / observed.of).toFixed(2);
  return test === null ? formatCount(expected) : percentage(expected, observed.of);
}

/** A percentage with one decimal. It is rounded to `100.0 %` only if the part is the whole. */
function percentage(part: number, whole: number): string {
  const share = 100 * part / whole;
  return `${(part < whole ? Math.min(share, 99.9) : share).toFixed(1)} %`;
}
