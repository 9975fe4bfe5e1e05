/** Compares published figures with the figures in a report's files. */
import { join } from "node:path";
import { formatCell } from "../../../analysis/report/mod.ts";
import { formatCount } from "../../terminal/numbers.ts";
import { type Published, type PublishedModel, reading, readRows, type TableRow } from "./published.ts";

/** The largest difference that the rounding of published figures explains. */
const CLOSE_MAX = 1e-9;
const CLOSE = { within: CLOSE_MAX } as const;

/** Two programs find the same optimum only to about this many digits. */
const DIGITS = { digits: 4 } as const;
const LOG_LIKELIHOOD = { within: 0.01 } as const;

/**
 * The declared chance that the second-to-last speaker speaks next: 0.4 by the rule, and otherwise 1/6, as one
 * of the 6 possible speakers.
 */
const RESPOND_DECLARED = 0.4 + 0.6 / 6;

/** The publication's name of a moderator → the report's level. */
const LEVELS: ReadonlyMap<string, string> = new Map([
  ["No Facilitator", "nomod"],
  ["No Instructions", "vanilla"],
  ["E-Rulemaking", "erulemaking"],
  ["Constr. Comms", "constructive_communications"],
]);

/** The rule for agreement: the same text, the same significant digits, or a difference of at most `within`. */
type Agreement = "exactly" | Readonly<{ digits: number }> | Readonly<{ within: number }>;

/** The comparison of a figure. */
export type Figure = Readonly<{
  name: string;
  /** The file of the report that holds the found figure. */
  file: string;
  /** The published figure, in the form of the comparison. */
  expected: string;
  found: string;
  agrees: boolean;
}>;

/** Compares the published figures with a report's files. If the report lacks a table, it throws a `UsageError`. */
export function comparedFigures(published: Published, folder: string): readonly Figure[] {
  const report = new Report(folder);
  return [
    ...comparedCounts(published, report),
    ...comparedSilence(published, report),
    comparedWords(published, report),
    ...comparedAnswers(published, report),
    ...comparedToxicity(published, report),
    comparedDiversity(published, report),
    ...comparedModels(published, report),
    ...comparedFidelity(published, report),
  ];
}

function comparedCounts({ reference }: Published, { note, table }: Report): readonly Figure[] {
  const { rows, figure } = table("conduct-turns-by-moderator");
  const [entries, openings] = [total(rows, "entries"), total(rows, "openings")];
  return [
    note.figure("discussions", [reference.discussions, note.json.discussions]),
    figure("entries", [reference.entries, entries]),
    figure("opening comments", [reference.seed_comments, openings]),
    figure("synthetic entries", [reference.synthetic_entries, entries - openings]),
    figure("user turns", [reference.user_turns, total(rows, "turns")]),
    figure("moderator turns", [reference.moderator_turns, total(rows, "moderator_slots")]),
  ];
}

function comparedSilence({ reference }: Published, { table }: Report): readonly Figure[] {
  const { rows, figure } = table("discussions");
  return ([
    ["user", reference.silent_user_turns, "turns", "comments"],
    ["moderator", reference.silent_moderator_turns, "moderator_slots", "interventions"],
  ] as const).flatMap(([role, silent, asked, said]) =>
    Object.entries(silent).map(([model, expected]) => {
      const own = rows.filter((row) => row.text("factor_model") === model);
      return figure(`silent ${role} turns of ${model}`, [expected, total(own, asked) - total(own, said)]);
    })
  );
}

/** The publication counts a silent turn (two quotes) as one word. The report counts only the words of comments. */
function comparedWords({ reference }: Published, { table }: Report): Figure {
  const { rows, figure } = table("conduct-words-by-moderator");
  const words = rows.reduce((sum, row) => sum + (row.number("mean") ?? 0) * row.needed("comments"), 0);
  const turns = table("conduct-turns-by-moderator").rows;
  const silent = total(turns, "silent_turns") + total(turns, "abstentions");
  const mean = (words + silent) / (total(turns, "entries") - total(turns, "openings"));
  return figure(
    "words of a synthetic entry, silent ones as one word",
    [reference.words_per_synthetic_entry_mean, mean],
    CLOSE,
  );
}

function comparedAnswers({ reference }: Published, { table }: Report): readonly Figure[] {
  const { n, rate, second_to_last_speaker_again, same_speaker_twice_in_a_row } = reference.respond_events;
  const { rows, figure } = table("conduct-following-by-moderator");
  const [answerable, answered] = [total(rows, "answerable"), total(rows, "answered")];
  return [
    figure("turns with a second-to-last speaker", [n, answerable]),
    figure("taken by them", [second_to_last_speaker_again, answered]),
    figure("respond rate", [rate, answered / answerable], CLOSE),
    figure("turns of the previous speaker", [same_speaker_twice_in_a_row, total(rows, "repeated")]),
  ];
}

/** Compares the toxicity of users' turns, by strategy. */
function comparedToxicity({ reference }: Published, { table }: Report): readonly Figure[] {
  const { row, figure } = table("outcomes-toxicity-by-moderator");
  return Object.entries(reference.toxicity_by_strategy_user_turns).flatMap(([strategy, { n, mean, sd }]) => {
    const found = row("group", levelOf(strategy));
    return [
      figure(`toxicity, ${strategy}: n`, [n, found?.number("values")]),
      figure(`toxicity, ${strategy}: mean`, [mean, found?.number("mean")], CLOSE),
      figure(`toxicity, ${strategy}: SD`, [sd, found?.number("sd")], CLOSE),
    ];
  });
}

/** Compares the diversity of every discussion. */
function comparedDiversity({ diversity }: Published, { table }: Report): Figure {
  const { rows, figure } = table("discussions");
  const found = new Map(rows.map((row) => [row.text("origin"), row.number("diversity")]));
  const close = [...diversity].filter(([discussion, expected]) =>
    Math.abs((found.get(discussion) ?? Infinity) - expected) <= CLOSE_MAX
  );
  return figure(
    `discussions with the published diversity, to ${CLOSE_MAX}`,
    [diversity.size, close.length],
  );
}

function comparedModels({ reference }: Published, report: Report): readonly Figure[] {
  const { mixed_model_strategy: main, mixed_model_strategy_x_turn: throughTurns } = reference;
  const { row, figure } = report.table("model-toxicity-fit");
  const centre = row("model", THROUGH_TURNS.model)?.number("centre");
  return [
    ...comparedModel(main, MAIN_EFFECTS, report),
    ...comparedModel(throughTurns, THROUGH_TURNS, report),
    figure(`${THROUGH_TURNS.name}: mean position`, [throughTurns.mean_turn, centre]),
  ];
}

/** A model: its name in the comparison, its row in the report's table of fits, its table of coefficients. */
type NamedModel = Readonly<{ name: string; model: string; table: string }>;

const MAIN_EFFECTS: NamedModel = {
  name: "main effects",
  model: "mixed model, effects of factors",
  table: "model-toxicity-main",
};
const THROUGH_TURNS: NamedModel = {
  name: "through positions",
  model: "mixed model, through positions, no random slopes",
  table: "model-toxicity-through-turns-intercepts",
};

function comparedModel(
  published: PublishedModel,
  { name, model, table }: NamedModel,
  report: Report,
): readonly Figure[] {
  const coefficients = report.table(table);
  const { row, figure } = report.table("model-toxicity-fit");
  const fit = row("model", model);
  return [
    ...Object.entries(published.coefficients).flatMap(([own, { estimate, se }]) => {
      const term = ownTerm(own);
      const found = term === "Intercept" || term === "position"
        ? atReference(term, coefficients.rows)
        : coefficientIn(coefficients.rows, term);
      return [
        coefficients.figure(`${name}: ${term}`, [estimate, found?.estimate], DIGITS),
        coefficients.figure(`${name}: ${term}, SE`, [se, found?.se], DIGITS),
      ];
    }),
    figure(
      `${name}: variance between discussions`,
      [published.group_variance, fit?.number("variance_between")],
      DIGITS,
    ),
    figure(`${name}: variance within`, [published.residual_variance, fit?.number("variance_within")], DIGITS),
    figure(
      `${name}: log-likelihood (REML)`,
      [published.log_likelihood_reml, fit?.number("log_likelihood")],
      LOG_LIKELIHOOD,
    ),
  ];
}

type Coefficient = PublishedModel["coefficients"][string];

function coefficientIn(rows: readonly TableRow[], term: string): Coefficient | undefined {
  const row = rows.find((row) => row.text("coefficient") === term);
  return row && { estimate: row.needed("estimate"), se: row.needed("standard_error") };
}

/**
 * The intercept, or the trend, of discussions at the reference level. The report has the mean over all k
 * levels, and the difference d of each other level from the reference. So the mean is the value at the
 * reference plus Σd / k. Each level has discussions of its own, so its value is independent of the others, with
 * a variance V: then Var(d) = V + V(reference), and Var(mean) = ΣV / k².
 */
function atReference(term: "Intercept" | "position", rows: readonly TableRow[]): Coefficient | undefined {
  const mean = coefficientIn(rows, term);
  const name = term === "position" ? /^moderator\[.*\]:position$/ : /^moderator\[[^\]]*\]$/;
  const differences = rows.filter((row) => name.test(row.text("coefficient")));
  if (mean === undefined) return undefined;
  const k = differences.length + 1;
  const squares = differences.reduce((sum, row) => sum + row.needed("standard_error") ** 2, 0);
  return {
    estimate: mean.estimate - total(differences, "estimate") / k,
    se: Math.sqrt((squares - (k * mean.se) ** 2) / (k - 2)),
  };
}

/** The report's name of a coefficient of statsmodels. Its "turn" is a position in the log. */
function ownTerm(published: string): string {
  return published
    .replace(/C\([^[]*\)\[T\.(.*?)\]/, (_, strategy: string) => `moderator[${levelOf(strategy)}]`)
    .replace(/\bturn_c$/, "position");
}

function levelOf(strategy: string): string {
  return LEVELS.get(strategy) ?? strategy;
}

/** Compares the fidelity checks of the order of speakers. */
function comparedFidelity({ reference }: Published, { note, table }: Report): readonly Figure[] {
  const { n, rate, second_to_last_speaker_again } = reference.respond_events;
  const { row, figure } = table("fidelity");
  const respond = row("check", "respond rate");
  const share = (value: number) => formatCell(value, { kind: "share" });
  const observed = `${formatCount(second_to_last_speaker_again)} of ${formatCount(n)} (${share(rate)})`;
  return [
    note.figure("flagged checks of fidelity", ["respond rate", note.json.flagged.join(", ")]),
    figure("check of the respond rate: observed", [observed, respond?.text("observed")]),
    figure("check of the respond rate: as declared", [share(RESPOND_DECLARED), respond?.text("expected")]),
    figure(
      "check “never twice in a row”",
      ["as declared", row("check", "never twice in a row")?.text("verdict")],
    ),
  ];
}

/** The sum of a column. */
function total(rows: readonly TableRow[], column: string): number {
  return rows.reduce((sum, row) => sum + row.needed(column), 0);
}

/** The files of a report. */
class Report {
  readonly note: Readonly<{
    json: Readonly<{ discussions: number; flagged: readonly string[] }>;
    figure: ReturnType<typeof comparing>;
  }>;
  readonly #folder: string;
  readonly #tables = new Map<string, readonly TableRow[]>();

  constructor(folder: string) {
    const file = "report.json";
    this.#folder = folder;
    this.note = { json: reading(join(folder, file), JSON.parse), figure: comparing(file) };
  }

  /** A table of the report: its rows, a search for a row by a cell, and comparisons with its figures. */
  readonly table = (id: string) => {
    const file = `data/${id}.csv`;
    const rows = this.#tables.get(id) ?? readRows(join(this.#folder, file));
    this.#tables.set(id, rows);
    const row = (column: string, text: string) => rows.find((row) => row.text(column) === text);
    return { rows, row, figure: comparing(file) };
  };
}

/** Makes a function that compares figures with a file of the report. A missing figure is `undefined` or `null`. */
function comparing(file: string) {
  return <T extends number | string>(
    name: string,
    [expected, found]: readonly [expected: T, found: T | null | undefined],
    agreement: Agreement = "exactly",
  ): Figure => {
    const shown = { expected: shownAs(expected, agreement), found: shownAs(found ?? "none", agreement) };
    const agrees = typeof agreement === "object" && "within" in agreement
      ? typeof found === "number" && Math.abs(found - Number(expected)) <= agreement.within
      : shown.found === shown.expected;
    return { name, file, ...shown, agrees };
  };
}

function shownAs(figure: number | string, agreement: Agreement): string {
  if (agreement === "exactly" || typeof figure === "string") return String(figure);
  if ("digits" in agreement) return figure.toPrecision(agreement.digits);
  // One decimal more than the tolerance, so that a difference is visible.
  return figure.toFixed(Math.ceil(-Math.log10(agreement.within)) + 1);
}
