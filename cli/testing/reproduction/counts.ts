/** How many there were of what: counts of entries, turns, silence and words. */
import { comparedNumber, type Figure, type Place } from "./figure.ts";
import type { Published } from "./published.ts";
import { type ReportFiles, total } from "./report_files.ts";

/** Half a unit in the last place of what was published. */
const CLOSE = { within: 1e-9 } as const;

/**
 * Compares counts.
 *
 * @param published What was published.
 * @param report The report.
 */
export async function comparedCounts(
  { reference }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { discussions } = await report.note();
  const { file, rows } = await report.table("conduct-turns-by-moderator");
  const of = (column: string) => total(rows, column);
  const counted: readonly (readonly [name: string, expected: number, found: number])[] = [
    ["entries", reference.entries, of("entries")],
    ["seed comments", reference.seed_comments, of("openings")],
    ["synthetic entries", reference.synthetic_entries, of("entries") - of("openings")],
    ["user turns", reference.user_turns, of("turns")],
    ["moderator turns", reference.moderator_turns, of("moderator_slots")],
  ];
  return [
    count({ name: "discussions", file: "report.json" }, reference.discussions, discussions),
    ...counted.map(([name, expected, found]) => count({ name, file }, expected, found)),
    ...await comparedSilence({ reference }, report),
    await comparedWords({ reference }, report),
    ...await comparedAnswers({ reference }, report),
  ];
}

type Referring = Pick<Published, "reference">;

function count(place: Place, expected: number, found: number): Figure {
  return comparedNumber(place, { expected, found }, "exactly");
}

async function comparedSilence({ reference }: Referring, report: ReportFiles): Promise<readonly Figure[]> {
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

/** The publication counts the two quotes that stand for silence as a word; the report counts words of comments. */
async function comparedWords({ reference }: Referring, report: ReportFiles): Promise<Figure> {
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
  { reference: { respond_events: published } }: Referring,
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
      { name: "turns of who spoke before", file },
      published.same_speaker_twice_in_a_row,
      total(rows, "repeated"),
    ),
  ];
}
