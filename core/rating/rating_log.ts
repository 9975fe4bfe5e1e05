/**
 * The log of one rater in one pass: the drawn items, and the answers. Lines are only added, never changed.
 */
import { z } from "../zod.ts";
import type { RatingItem } from "./rating_order.ts";

/** Scale → the rater's answer to one item, as a text. `null` means "cannot tell". */
export type RatingAnswers = Readonly<Record<string, string | null>>;

/** One line of the log. */
export type RatingEntry =
  /** Further items for the rater, in their order. */
  | Readonly<{ kind: "drawn"; at: string; items: readonly RatingItem[]; attempt?: number }>
  /** The rater rated the item at a place. A later entry for the same place is a correction. */
  | Readonly<{ kind: "rated"; at: string; place: number; answers: RatingAnswers }>
  /** The rater confirmed all answers so far. */
  | Readonly<{ kind: "confirmed"; at: string; places: number }>;

const ordinal = z.int().nonnegative();

const itemSchema = z.union([
  z.object({ kind: z.enum(["comment", "repeat"]), discussion: z.string(), comment: ordinal }),
  z.object({
    kind: z.enum(["known", "quiz"]),
    item: ordinal,
    comments: z.array(z.object({ author: z.string(), text: z.string() })).min(1),
    answers: z.record(z.string(), z.string()),
  }),
]);

const entrySchema: z.ZodType<RatingEntry> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("drawn"),
    at: z.string(),
    items: z.array(itemSchema),
    attempt: z.int().positive().optional(),
  }),
  z.object({
    kind: z.literal("rated"),
    at: z.string(),
    place: ordinal,
    answers: z.record(z.string(), z.string().nullable()),
  }),
  z.object({ kind: z.literal("confirmed"), at: z.string(), places: ordinal }),
]);

/**
 * How many of the newest answers a rater can correct. Older answers are final, and the pass can record them.
 */
export const CORRECTABLE_MAX = 10;

/** A rater's items, and the answers so far. */
export type RatingState = Readonly<{
  items: readonly RatingItem[];
  /** For each item: the attempt at the quiz that it belongs to; 0 if it is not part of a quiz. */
  attempts: readonly number[];
  /** Place → the newest answers to its item. */
  answers: ReadonlyMap<number, RatingAnswers>;
  /** How many items have answers. These are always the first items. */
  rated: number;
  /** How many answers the rater has confirmed. These are always the first answers. */
  confirmed: number;
  /** How many orders of comments were drawn. A quiz is no such order. */
  batches: number;
}>;

/** The state before the first entry. */
export function ratingStart(): RatingState {
  return { items: [], attempts: [], answers: new Map(), rated: 0, confirmed: 0, batches: 0 };
}

/** Folds one entry into the state. Do not use the old state again: both share one map of answers. */
export function evolveRating(state: RatingState, entry: RatingEntry): RatingState {
  switch (entry.kind) {
    case "drawn": {
      const { items, attempt } = entry;
      return {
        ...state,
        items: [...state.items, ...items],
        attempts: [...state.attempts, ...items.map(() => attempt ?? 0)],
        batches: state.batches + (attempt === undefined ? 1 : 0),
      };
    }
    case "rated": {
      // A copy of the map for each answer would take quadratic time.
      (state.answers as Map<number, RatingAnswers>).set(entry.place, entry.answers);
      return { ...state, rated: Math.max(state.rated, entry.place + 1) };
    }
    case "confirmed":
      return { ...state, confirmed: entry.places };
    default:
      return entry satisfies never;
  }
}

/** How many answers are final. These are always the first answers. */
export function finalRatings({ rated, confirmed }: RatingState): number {
  return Math.max(confirmed, rated - CORRECTABLE_MAX);
}

/** An entry as a line, without its end. */
export function ratingLine(entry: RatingEntry): string {
  return JSON.stringify(entry);
}

/**
 * Reads the text of a rater's log. If the last line has no line end, it was never acknowledged, and is
 * ignored.
 *
 * @throws {RangeError} If a line is no entry, or cannot follow the lines before it.
 */
export function readRatingLog(text: string): RatingState {
  let state = ratingStart();
  for (const [index, line] of text.split("\n").slice(0, -1).entries()) {
    const entry = entryOf(line);
    if (entry === null || !canFollow(state, entry)) {
      throw new RangeError(
        `Cannot read the ratings: line ${index + 1} is damaged; restore the file from a copy`,
      );
    }
    state = evolveRating(state, entry);
  }
  return state;
}

function entryOf(line: string): RatingEntry | null {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function canFollow({ items, rated }: RatingState, entry: RatingEntry): boolean {
  if (entry.kind === "rated") return entry.place < items.length && entry.place <= rated;
  return entry.kind === "drawn" || entry.places <= rated;
}
