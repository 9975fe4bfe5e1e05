/** Reads annotations of the Python library, in both of their shapes. */
import type { Json } from "../../core/json.ts";
import { FormatError } from "./format_error.ts";
import { type PythonFile, readEntries, readPythonFile } from "./python_file.ts";

/** One annotator's replies to the entries of one discussion, in their order. */
export type PythonAnnotations = Readonly<{
  /** The discussion's id; `null` in files of 2.1 and later, which do not have it. */
  discussion: string | null;
  model: string;
  prompt: string;
  /** How many entries a prompt showed at most; `null` if the file does not say. */
  history: number | null;
  replies: readonly PythonReply[];
}>;

/** A reply, and the entry that it is about: files of 2.0 give the entry's text, later files its author. */
type PythonReply = Readonly<{ about: Readonly<{ text: string } | { author: string }>; reply: string }>;

export function readPythonAnnotations(text: string): PythonAnnotations {
  const file = readPythonFile(text);
  switch (file.shape) {
    case "annotation-of-id":
      return readPairs(file);
    case "annotation":
      return readPrompted(file);
    case "users":
    case "prompted":
      throw new FormatError('it holds a discussion, not annotations: use "import" without "annotations"');
    default:
      return file.shape satisfies never;
  }
}

function readPairs({ logs, members }: PythonFile): PythonAnnotations {
  const { conv_id, annotator_model, annotator_prompt, ctx_length } = members;
  for (const [key, value] of Object.entries({ conv_id, annotator_model, annotator_prompt })) {
    if (typeof value !== "string") throw new FormatError(`"${key}" must be a string`);
  }
  return {
    discussion: conv_id as string,
    model: annotator_model as string,
    prompt: annotator_prompt as string,
    history: Number.isSafeInteger(ctx_length) && Number(ctx_length) >= 0 ? Number(ctx_length) : null,
    replies: logs.map((pair, index) => {
      const [about, reply] = Array.isArray(pair) ? pair : [];
      if (typeof about !== "string" || typeof reply !== "string") {
        throw new FormatError(`entry ${index} of "logs" is not a pair of texts`);
      }
      return { about: { text: about }, reply };
    }),
  };
}

function readPrompted({ logs }: PythonFile): PythonAnnotations {
  const entries = readEntries(logs);
  const annotators = new Set(entries.map(({ model, rest }) => JSON.stringify([model, rest.prompt])));
  if (annotators.size !== 1) throw new FormatError("its entries are by several annotators, expected one");
  const { model, rest: { prompt } } = entries[0]!;
  return {
    discussion: null,
    model,
    prompt: String(prompt),
    history: null,
    replies: entries.map(({ name, text }) => ({ about: { author: name }, reply: text })),
  };
}

/** A slot that a reply can be about. */
export type AnnotatedSlot = Readonly<{ author: string; text: string }>;

/**
 * Matches replies with slots by their order, since texts can repeat. The library has an option to skip
 * moderators. For this option, a moderator is a speaker with "moderator" in the name.
 *
 * @returns The position of each reply's slot; `null` if the replies do not match.
 */
export function positionsOf(
  replies: readonly PythonReply[],
  slots: readonly AnnotatedSlot[],
): readonly number[] | null {
  const all = slots.map((_, position) => position);
  const withoutModerators = all.filter((position) => !slots[position]!.author.includes("moderator"));
  const candidates = [all, withoutModerators].filter(({ length }) => length === replies.length);
  return candidates.find((positions) =>
    replies.every(({ about }, index) => {
      const slot = slots[positions[index]!]!;
      return "text" in about ? about.text === slot.text : about.author === slot.author;
    })
  ) ?? null;
}

/** The name in an annotator's persona, if it has one. */
export function annotatorName(persona: Readonly<Record<string, Json>>): string | undefined {
  const { username } = persona;
  return typeof username === "string" && username !== "" ? username : undefined;
}
