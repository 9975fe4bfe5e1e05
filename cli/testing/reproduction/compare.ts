/** Compares published figures with the figures of a report. */
import {
  comparedNumber,
  comparedText,
  type Figure,
  type Place,
  ReportFiles,
  rowWhere,
  total,
} from "./figures.ts";
import { levelOf, type Published, type PublishedModel } from "./published.ts";
import { formatCell } from "../../../analysis/report/mod.ts";
import { formatCount } from "../../terminal/numbers.ts";

/** Half a unit in the last place of the published figures. */
const CLOSE_MAX = 1e-9;
const CLOSE = { within: CLOSE_MAX } as const;

/** Two programs cannot be expected to find the same optimum to more digits. */
const DIGITS = { digits: 4 } as const;
const LOG_LIKELIHOOD = { within: 0.01 } as const;

/** As declared, the second-to-last speaker returns with p = 0.4, and otherwise as one of the 6 others who may speak. */
const RESPOND_DECLARED = 0.4 + 0.6 / 6;

/** Compares the published figures with a report's files. @throws {UsageError} When the report lacks a table. */
export async function comparedFigures(published: Published, folder: string): Promise<readonly Figure[]> {
  const report = new ReportFiles(folder);
  return [
    ...await comparedCounts(published, report),
    ...await comparedToxicity(published, report),
    ...await comparedDiversity(published, report),
    ...await comparedModels(published, report),
    ...await comparedFidelity(published, report),
  ];
}

/** Compares counts. */
async function comparedCounts(
  published: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { reference } = published;
  const { discussions } = await report.note();
  const { file, rows } = await report.table("conduct-turns-by-moderator");
  const of = (column: string) => total(rows, column);
  const counted: readonly (readonly [name: string, expected: number, found: number])[] = [
    ["entries", reference.entries, of("entries")],
    ["opening comments", reference.seed_comments, of("openings")],
    ["synthetic entries", reference.synthetic_entries, of("entries") - of("openings")],
    ["user turns", reference.user_turns, of("turns")],
    ["moderator turns", reference.moderator_turns, of("moderator_slots")],
  ];
  return [
    count({ name: "discussions", file: "report.json" }, reference.discussions, discussions),
    ...counted.map(([name, expected, found]) => count({ name, file }, expected, found)),
    ...await comparedSilence(published, report),
    await comparedWords(published, report),
    ...await comparedAnswers(published, report),
  ];
}

function count(place: Place, expected: number, found: number): Figure {
  return comparedNumber(place, { expected, found }, "exactly");
}

async function comparedSilence({ reference }: Published, report: ReportFiles): Promise<readonly Figure[]> {
  const { file, rows } = await report.table("discussions");
  const silent = (model: string, asked: string, said: string) => {
    const own = rows.filter((row) => row.text("factor_model") === model);
    return total(own, asked) - total(own, said);
  };
  return [
    ...Object.entries(reference.silent_user_turns).map(([model, expected]) =>
      count({ name: `silent user turns of ${model}`, file }, expected, silent(model, "turns", "comments"))
    ),
    ...Object.entries(reference.silent_moderator_turns).map(([model, expected]) =>
      count(
        { name: `silent moderator turns of ${model}`, file },
        expected,
        silent(model, "moderator_slots", "interventions"),
      )
    ),
  ];
}

/** The publication counts the two quotes of a silent turn as a word; the report counts the words of comments. */
async function comparedWords({ reference }: Published, report: ReportFiles): Promise<Figure> {
  const { file, rows } = await report.table("conduct-words-by-moderator");
  const words = rows.reduce((sum, row) => sum + (row.number("mean") ?? 0) * row.needed("comments"), 0);
  const turns = (await report.table("conduct-turns-by-moderator")).rows;
  const silent = total(turns, "silent_turns") + total(turns, "abstentions");
  return comparedNumber(
    { name: "words of a synthetic entry, silent ones as one word", file },
    {
      expected: reference.words_per_synthetic_entry_mean,
      found: (words + silent) / (total(turns, "entries") - total(turns, "openings")),
    },
    CLOSE,
  );
}

async function comparedAnswers(
  { reference: { respond_events: published } }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { file, rows } = await report.table("conduct-following-by-moderator");
  const [answerable, answered] = [total(rows, "answerable"), total(rows, "answered")];
  return [
    count({ name: "turns with a second-to-last speaker", file }, published.n, answerable),
    count({ name: "taken by them", file }, published.second_to_last_speaker_again, answered),
    comparedNumber({ name: "respond rate", file }, {
      expected: published.rate,
      found: answered / answerable,
    }, CLOSE),
    count(
      { name: "turns of the previous speaker", file },
      published.same_speaker_twice_in_a_row,
      total(rows, "repeated"),
    ),
  ];
}

/** Compares the toxicity of users' turns, by strategy. */
async function comparedToxicity(
  { reference }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { file, rows } = await report.table("outcomes-toxicity-by-moderator");
  return Object.entries(reference.toxicity_by_strategy_user_turns).flatMap(([strategy, { n, mean, sd }]) => {
    const row = rowWhere(rows, "group", levelOf(strategy));
    const place = (what: string) => ({ name: `toxicity, ${strategy}: ${what}`, file });
    const found = (column: string) => row?.number(column) ?? null;
    return [
      comparedNumber(place("n"), { expected: n, found: found("values") }, "exactly"),
      comparedNumber(place("mean"), { expected: mean, found: found("mean") }, CLOSE),
      comparedNumber(place("SD"), { expected: sd, found: found("sd") }, CLOSE),
    ];
  });
}

/** Compares the diversity of every discussion. */
async function comparedDiversity(
  { diversity }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { file, rows } = await report.table("discussions");
  const found = new Map(rows.map((row) => [row.text("origin"), row.number("diversity")]));
  const differences = [...diversity].map(([discussion, expected]) => {
    const here = found.get(discussion) ?? null;
    return here === null ? Infinity : Math.abs(here - expected);
  });
  const close = differences.filter((difference) => difference <= CLOSE_MAX).length;
  return [
    comparedNumber(
      { name: `discussions whose diversity is the published one to ${CLOSE_MAX}`, file },
      { expected: diversity.size, found: close },
      "exactly",
    ),
  ];
}

/** Compares both models. */
async function comparedModels(
  { reference }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { mixed_model_strategy: main, mixed_model_strategy_x_turn: throughTurns } = reference;
  const { file, rows } = await report.table("model-toxicity-fit");
  return [
    ...await comparedModel(main, { name: "main effects", table: "model-toxicity-main" }, report),
    ...await comparedModel(
      throughTurns,
      { name: "through turns", table: "model-toxicity-through-turns" },
      report,
    ),
    comparedNumber({ name: "through turns: mean turn", file }, {
      expected: throughTurns.mean_turn,
      found: rowWhere(rows, "model", "through turns")?.number("centre") ?? null,
    }, "exactly"),
  ];
}

async function comparedModel(
  model: PublishedModel,
  { name, table }: Readonly<{ name: string; table: string }>,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const coefficients = await report.table(table);
  const fit = await report.table("model-toxicity-fit");
  const fitted = rowWhere(fit.rows, "model", name);
  const ofFit = (what: string, expected: number, column: string) =>
    comparedNumber(
      { name: `${name}: ${what}`, file: fit.file },
      { expected, found: fitted?.number(column) ?? null },
      column === "log_likelihood" ? LOG_LIKELIHOOD : DIGITS,
    );
  return [
    ...Object.entries(model.coefficients).flatMap(([published, { estimate, se }]) => {
      const term = ownTerm(published);
      const row = rowWhere(coefficients.rows, "coefficient", term);
      const place = (what: string) => ({ name: `${name}: ${term}${what}`, file: coefficients.file });
      return [
        comparedNumber(place(""), { expected: estimate, found: row?.number("estimate") ?? null }, DIGITS),
        comparedNumber(place(", SE"), { expected: se, found: row?.number("standard_error") ?? null }, DIGITS),
      ];
    }),
    ofFit("variance between discussions", model.group_variance, "variance_between"),
    ofFit("variance within", model.residual_variance, "variance_within"),
    ofFit("log-likelihood (REML)", model.log_likelihood_reml, "log_likelihood"),
  ];
}

/** The report's name of a coefficient of statsmodels. */
function ownTerm(published: string): string {
  return published
    .replace(/C\([^[]*\)\[T\.(.*?)\]/, (_, strategy: string) => `moderator[${levelOf(strategy)}]`)
    .replace(/\bturn_c$/, "turn");
}

/** Compares the verdicts on who followed on whom. */
async function comparedFidelity(
  { reference: { respond_events: published } }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { file, rows } = await report.table("fidelity");
  const { flagged } = await report.note();
  const of = (check: string, column: string) => rowWhere(rows, "check", check)?.text(column) ?? null;
  const share = (value: number) => formatCell(value, { kind: "share" });
  const observed = `${formatCount(published.second_to_last_speaker_again)} of ${formatCount(published.n)} (${
    share(published.rate)
  })`;
  return [
    comparedText({ name: "flagged checks of fidelity", file: "report.json" }, {
      expected: "respond rate",
      found: flagged.join(", "),
    }),
    comparedText({ name: "check of the respond rate: observed", file }, {
      expected: observed,
      found: of("respond rate", "observed"),
    }),
    comparedText({ name: "check of the respond rate: as declared", file }, {
      expected: share(RESPOND_DECLARED),
      found: of("respond rate", "expected"),
    }),
    comparedText({ name: "check “never twice in a row”", file }, {
      expected: "as declared",
      found: of("never twice in a row", "verdict"),
    }),
  ];
}
