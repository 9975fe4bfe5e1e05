/** The section on fidelity: whether the run followed its declaration. */
import { FAMILY_LEVEL, type FidelityCheck, type RunFidelity, type Verdict } from "../../fidelity/mod.ts";
import type { Block, Row, Section, TableBlock } from "../document.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { shortened } from "../words.ts";
import { column, ofEachRun, shown, type Suffix } from "../tables.ts";

/** Checks that a list names; further ones are only counted. */
const LISTED_MAX = 50;

/** Characters of a text about a check. */
const SAID_MAX = 1_000;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  "flag": "flagged",
  "pass": "as declared",
  "cannot-tell": "cannot tell",
};

/** Says whether the runs followed their declarations. */
export function fidelitySection(runs: readonly Pick<RunFacts, "run" | "fidelity">[]): Section {
  return {
    id: "fidelity",
    title: "Fidelity",
    blocks: [
      {
        kind: "paragraph",
        text:
          "These checks compare the logs with the declaration. Where chance is involved, thresholds are set so that at " +
          `most ${
            100 * FAMILY_LEVEL
          } % of runs that follow their declaration are flagged in any check (Holm's method ` +
          "over all checks of a run).",
      },
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
    { kind: "paragraph", text: `${plural(discussions, "discussion")} compared with ${declaredBy}.` },
    ...(flagged.length === 0 ? [] : [
      {
        kind: "callout",
        tone: "flag",
        title: `Not as declared: ${plural(flagged.length, "check")}`,
        text: listed(
          flagged.map((check) =>
            `${checkName(check)}: declared ${check.declared}; ${foundText(check)}${check.basis}`
          ),
        ).join(". "),
      } as const,
    ]),
    ...tables(checks, suffix),
    ...(problems.length === 0 ? [] : [
      {
        kind: "callout",
        tone: "caution",
        title: `Not checked to their end: ${plural(problems.length, "discussion")}`,
        text: listed(problems.map(({ message }) => message)).join(". "),
      } as const,
    ]),
  ];
}

/** What a flag rests on; nothing where nothing was counted. */
function foundText(check: FidelityCheck): string {
  const [observed, expected] = [observedText(check), expectedText(check)];
  if (observed === "") return "";
  return `observed ${observed}${expected === "" ? "" : `, expected ${expected}`}; `;
}

/** The verdicts, then the basis of each, then checks without a verdict: each table is as narrow as a page. */
function tables(checks: readonly FidelityCheck[], suffix: Suffix): readonly Block[] {
  const told = ["flag", "pass"].flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  const untold = checks.filter(({ verdict }) => verdict === "cannot-tell");
  return [
    ...(told.length === 0 ? [] : [checkTable(told, suffix), basisTable(told, suffix)]),
    ...(untold.length === 0 ? [] : [untoldTable(untold, suffix)]),
  ];
}

function checkTable(told: readonly FidelityCheck[], suffix: Suffix): TableBlock {
  const row = (check: FidelityCheck): Row => {
    const { verdict, declared, test, threshold } = check;
    const cells = [
      checkName(check),
      VERDICTS[verdict],
      shortened(declared, SAID_MAX),
      observedText(check),
      expectedText(check),
      test?.p ?? null,
      threshold,
    ];
    return verdict === "flag" ? { cells, tone: "flag" } : { cells };
  };
  return shown({
    id: `fidelity${suffix}`,
    title: "Observed and declared",
    note:
      "p is the probability of a difference at least this large in a run that follows its declaration; it is empty " +
      "where nothing is left to chance. The threshold is the value that p was compared with.",
    columns: [
      column("check", "Check"),
      column("verdict", "Verdict"),
      column("declared", "Declared"),
      column("observed", "Observed"),
      column("expected", "Expected"),
      column("p", "p", { kind: "p" }),
      column("threshold", "Threshold", { kind: "number", decimals: 5 }),
    ],
    rows: told.map(row),
  });
}

function basisTable(told: readonly FidelityCheck[], suffix: Suffix): TableBlock {
  const rows = told.map((check) => ({ cells: [checkName(check), shortened(check.basis, SAID_MAX)] }));
  return shown({
    id: `fidelity-basis${suffix}`,
    title: "What the checks compare",
    note: "",
    columns: [column("check", "Check"), column("basis", "What is compared, or the difference found")],
    rows,
  });
}

function untoldTable(untold: readonly FidelityCheck[], suffix: Suffix): TableBlock {
  const rows = untold.map((check) => ({ cells: [checkName(check), shortened(check.reason, SAID_MAX)] }));
  return shown({
    id: `fidelity-untold${suffix}`,
    title: "Checks without a verdict",
    note: "",
    columns: [column("check", "Check"), column("reason", "Why")],
    rows,
  });
}

/** Each text once, and not too many of them. */
function listed(texts: readonly string[]): readonly string[] {
  const all = [...new Set(texts)].map((text) => shortened(text, SAID_MAX));
  const rest = all.length - LISTED_MAX;
  return rest > 0 ? [...all.slice(0, LISTED_MAX), `and ${formatCount(rest)} more`] : all;
}

/** A check by its name, and the condition that it was made in. */
export function checkName({ check, condition }: FidelityCheck): string {
  return condition === null ? check : `${check} (${condition})`;
}

/** What was observed: how many of how many, or a mean; empty where nothing was. */
export function observedText({ observed }: FidelityCheck): string {
  if (observed === null) return "";
  const { count, of, unit } = observed;
  return unit === "mean"
    ? `${(count / of).toFixed(2)} over ${formatCount(of)}`
    : `${formatCount(count)} of ${formatCount(of)} (${percentage(count, of)})`;
}

/** What was expected: a count where nothing is left to chance, else a share or a mean. */
export function expectedText({ observed, expected, test }: FidelityCheck): string {
  if (observed === null || expected === null) return "";
  if (observed.unit === "mean") return (expected / observed.of).toFixed(2);
  return test === null ? formatCount(expected) : percentage(expected, observed.of);
}

/** One digit; `100.0 %` means all. */
function percentage(part: number, whole: number): string {
  const share = 100 * part / whole;
  return `${(part < whole ? Math.min(share, 99.9) : share).toFixed(1)} %`;
}
