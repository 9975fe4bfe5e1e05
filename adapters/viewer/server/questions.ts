/** The questions of the page with the checks of their arguments. */
import { z } from "../../../core/zod.ts";
import type { OutcomeQuestion } from "../../../analysis/outcomes/mod.ts";
import type { ListQuery } from "../../../analysis/listing/mod.ts";
import type { SearchQuery, ViewerSource } from "../api.ts";

type Question = Readonly<{
  schema: z.ZodType<unknown>;
  ask: (source: ViewerSource, given: unknown) => Promise<unknown>;
}>;

function question<Given>(
  schema: z.ZodType<Given>,
  ask: (source: ViewerSource, given: Given) => Promise<unknown>,
): Question {
  return { schema, ask: ask as Question["ask"] };
}

/** The longest name, filter or search, in characters. */
const TEXT_LENGTH_MAX = 2_000;
const VALUES_MAX = 1_000;
const ROWS_MAX = 1_000;

const text = z.string().max(TEXT_LENGTH_MAX);
const texts = z.array(text).max(VALUES_MAX);
const whole = z.int().min(0);
const limit = whole.max(ROWS_MAX);

const filters = {
  run: texts,
  condition: texts,
  status: texts,
  model: texts,
  speaker: texts,
  role: texts,
  factor: texts,
  failure: texts,
  silence: texts,
  has: z.array(z.enum(["silent", "cut", "unparsed", "failure", "disagreement", "branch"])),
  name: text,
};

const listQuery = z.strictObject({
  ...filters,
  sort: text,
  descending: z.boolean(),
  offset: whole,
  limit,
  around: z.strictObject({ run: text, discussion: text }),
}).partial();

/** The arguments of a search, which is answered by a route of its own. */
export const SEARCH: z.ZodType<Readonly<{ query: SearchQuery }>> = z.strictObject({
  query: z.strictObject({
    ...z.strictObject({
      ...filters,
      within: z.array(z.enum(["comments", "thoughts", "raw"])),
      offset: whole,
      limit,
    }).partial().shape,
    text,
  }),
}) as z.ZodType<Readonly<{ query: SearchQuery }>>;

const outcomeQuestion = z.strictObject({
  outcome: text,
  by: text.optional(),
  each: z.enum(["discussion", "comment"]).optional(),
  times: z.tuple([whole, whole]).optional(),
});

const none = z.strictObject({});
const ofRun = z.strictObject({ run: text });

/** The questions, by the names of the members of {@linkcode ViewerSource}. */
export const QUESTIONS: Readonly<
  Record<Exclude<keyof ViewerSource, "isExport" | "search" | "follow">, Question>
> = {
  runs: question(none, (source) => source.runs()),
  overview: question(none, (source) => source.overview()),
  list: question(
    z.strictObject({ query: listQuery }),
    (source, { query }) => source.list(query as ListQuery),
  ),
  events: question(
    z.strictObject({ run: text, discussion: text, from: whole }),
    (source, { run, discussion, from }) => source.events(run, discussion, from),
  ),
  look: question(ofRun, (source, { run }) => source.look(run)),
  outcome: question(
    z.strictObject({ runs: texts, question: outcomeQuestion }),
    (source, { runs, question }) => source.outcome(runs, question as OutcomeQuestion),
  ),
  report: question(ofRun, (source, { run }) => source.report(run)),
};
