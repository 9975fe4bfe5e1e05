/** Reads `people.rating`: how people rate comments, and the items with known answers. */
import { readReply } from "../annotation/mod.ts";
import { isFreeText, type Scale } from "../annotation/scales/mod.ts";
import type { SourceReader } from "../ports/source_reader.ts";
import { z } from "../zod.ts";
import { readDocument, recordOf } from "./document.ts";
import type { KnownItem, RatingSettings } from "./experiment.ts";
import { dotted, type Finding, quoted, type Read, within } from "./problems.ts";
import { readPeopleText } from "./people_text.ts";
import { checked } from "./schema_findings.ts";
import { KEYS_AND_VALUES, numberFrom, text, visibleLine, visibleText } from "./schema_parts.ts";

/** The share of comments that are rated twice, if the file gives no share. */
const REPEAT_DEFAULT = 0.05;

/** The most items in a file. No rater rates as many. */
const ITEMS_MAX = 1_000;

const COMMENTS_MAX = 200;

const ITEM_FILE = /\.(?:json|ya?ml)$/i;

/** The section's shape. */
export const ratingSchema = z.strictObject({
  instructions: text("A file (.md, .txt) that raters read first, and again with the key i").optional()
    .meta({ examples: ["rating.md"] }),
  repeat: numberFrom(0, 1, "The share of comments that each rater rates twice, to measure self-agreement")
    .default(REPEAT_DEFAULT),
  known: text("A file (.json, .yaml) with items whose answers are known. About one item in 15 is one of them")
    .optional().meta({ examples: ["known.yaml"] }),
  quiz: text(
    "A file (.json, .yaml) with items in the same form as known. Raters rate them first, with two attempts",
  )
    .optional().meta({ examples: ["quiz.yaml"] }),
}, KEYS_AND_VALUES).describe("How people rate comments, if an annotator's model has the adapter human");

const answer = z.union([z.string(), z.number(), z.boolean()], { error: "an answer" });

const itemsSchema = z.array(
  z.strictObject({
    comments: z.array(
      z.strictObject({
        author: visibleLine("The comment's author. Raters see a letter"),
        text: visibleText("The comment's text"),
      }, KEYS_AND_VALUES),
      { error: "a list of comments" },
    ).min(1, { error: "at least one comment" }).max(COMMENTS_MAX, {
      error: `at most ${COMMENTS_MAX} comments`,
    }),
    answers: z.record(z.string(), answer, { error: "names of scales and their answers" })
      .refine((answers) => Object.keys(answers).length > 0, { error: "at least one answer" }),
  }, KEYS_AND_VALUES),
  { error: "a list of items, each with comments and answers" },
).min(1, { error: "at least one item" }).max(ITEMS_MAX, { error: `at most ${ITEMS_MAX} items` });

/** The settings if the file has no `rating`: only self-agreement is measured. */
export const RATING_DEFAULT: RatingSettings = {
  instructions: null,
  repeat: REPEAT_DEFAULT,
  known: [],
  quiz: [],
};

/**
 * Reads the files that the section names. `scales` are the scales of the pass. Values that are no paths are
 * ignored here: the schema of the section reports them.
 */
export async function readRating(
  section: unknown,
  reader: SourceReader,
  scales: readonly Scale[],
): Promise<Read<RatingSettings>> {
  if (section === undefined) return { read: RATING_DEFAULT, findings: [] };
  const shape = checked(ratingSchema, section);
  const { instructions, known, quiz } = recordOf(section);
  const first = await readPeopleText(instructions, reader);
  const hidden = await readItems(known, reader, scales);
  const practice = await readItems(quiz, reader, scales);
  const repeat = "data" in shape ? shape.data.repeat : REPEAT_DEFAULT;
  return {
    read: { instructions: first.read?.text ?? null, repeat, known: hidden.read, quiz: practice.read },
    findings: [
      ...within(["instructions"], first.findings),
      ...within(["known"], hidden.findings),
      ...within(["quiz"], practice.findings),
    ],
  };
}

/** Reads a file of items. */
async function readItems(
  path: unknown,
  reader: SourceReader,
  scales: readonly Scale[],
): Promise<Read<readonly KnownItem[]>> {
  if (typeof path !== "string") return { read: [], findings: [] };
  const problem = (reason: string): Read<readonly KnownItem[]> => ({
    read: [],
    findings: [{ path: [], message: `cannot use ${quoted(path)}: ${reason}` }],
  });
  if (!ITEM_FILE.test(path)) return problem("its name does not end in .json, .yaml or .yml");
  let content: string;
  try {
    content = await reader.readText(path);
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
  const document = readDocument(content, path, { isWordForWord: true });
  const [malformed] = document.problems;
  if (malformed !== undefined) return problem(`line ${malformed.line}: ${malformed.message}`);
  const shape = checked(itemsSchema, document.value);
  if (!("data" in shape)) return problem(placeText(shape.findings[0]!));
  const items: KnownItem[] = [];
  for (const [index, { comments, answers }] of shape.data.entries()) {
    const words = Object.entries(answers).map(([name, given]) =>
      [name, wordOf(given, scales, name)] as const
    );
    for (const [name, word] of words) {
      const wrong = answerProblem(scales.find((scale) => scale.name === name), word);
      if (wrong !== null) return problem(placeText({ path: [index, "answers", name], message: wrong }));
    }
    items.push({ comments, answers: Object.fromEntries(words) });
  }
  return { read: items, findings: [] };
}

function placeText({ path, message }: Finding): string {
  return path.length === 0 ? message : `${dotted(path)}: ${message}`;
}

/**
 * An answer as a text. YAML gives `yes` as a text, but `true` as a boolean. Both mean yes on a scale of yes
 * and no.
 */
function wordOf(given: string | number | boolean, scales: readonly Scale[], name: string): string {
  const scale = scales.find((scale) => scale.name === name);
  if (typeof given !== "boolean" || scale?.type !== "boolean") return String(given);
  const { yes, no } = scale.labels ?? { yes: "yes", no: "no" };
  return given ? yes : no;
}

function answerProblem(scale: Scale | undefined, word: string): string | null {
  if (scale === undefined) return "the pass has no scale of this name";
  if (isFreeText(scale)) return "an answer in free words cannot be compared; remove it";
  const read = readReply([scale], { text: word, finishReason: "stop" });
  return "problem" in read ? read.problem : null;
}
