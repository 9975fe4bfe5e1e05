/** Keeps the keys and values of prompts, so that a beginning that several prompts share is computed only once. */
import { bytesOf, type KeyValues, pack, type Piece } from "./key_values.ts";

/** Beginnings with fewer tokens are not reused: copying them costs as much as computing them. */
const REUSED_TOKENS_MIN = 8;

/** The most parts in the cache, so that the search for the least recently used one stays fast. */
const PARTS_MAX = 10_000;

/** A part that one or more prompts share. For each way in which prompts continue after it, it has one child. */
type Part = {
  parent: Part | null;
  readonly children: Map<number, Part>;
  readonly tokens: readonly number[];
  readonly values: KeyValues;
  used: number;
};

/** The known beginning of a prompt. `columns` is its number of tokens. */
export type Beginning = Readonly<{ pieces: readonly Piece[]; columns: number }>;

/**
 * A tree of prompts. Each common beginning is in it once. It keeps the most recently used parts, within a limit of
 * bytes.
 */
export class PrefixCache {
  readonly #bytesMax: number;
  readonly #roots = new Map<number, Part>();
  readonly #parts = new Set<Part>();
  #bytes = 0;
  #uses = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The longest known beginning of a prompt; `null` if it is too short to be reused. It is never the whole prompt,
   * because the last token must be computed.
   */
  find(tokens: readonly number[]): Beginning | null {
    const pieces: Piece[] = [];
    const { path, last, columns } = this.#follow(tokens.slice(0, -1));
    if (columns < REUSED_TOKENS_MIN) return null;
    for (const part of path) {
      part.used = ++this.#uses;
      const to = part === path.at(-1) ? last : part.tokens.length;
      pieces.push({ values: part.values, row: 0, from: 0, to });
    }
    return { pieces, columns };
  }

  /** Keeps a prompt with its keys and values, which have one row. Copies only the part that is not known yet. */
  keep(tokens: readonly number[], values: KeyValues): void {
    if (this.#bytesMax === 0 || tokens.length < REUSED_TOKENS_MIN) return;
    const { path, last, columns } = this.#follow(tokens);
    for (const part of path) part.used = ++this.#uses;
    if (columns === tokens.length) return;
    let parent = path.at(-1) ?? null;
    if (parent !== null && last < parent.tokens.length) parent = this.#split(parent, last);
    const added = cut(values, columns, tokens.length);
    if (bytesOf(added) > this.#bytesMax) return;
    this.#add(parent, tokens.slice(columns), added);
    while (this.#bytes > this.#bytesMax || this.#parts.size > PARTS_MAX) this.#dropOldest();
  }

  /** The parts with which a list of tokens begins, and how many of its tokens are in the last part and in all parts. */
  #follow(tokens: readonly number[]): { path: Part[]; last: number; columns: number } {
    const path: Part[] = [];
    let [last, columns] = [0, 0];
    let next = this.#roots.get(tokens[0]!);
    while (next !== undefined) {
      last = commonLength(next.tokens, tokens, columns);
      columns += last;
      path.push(next);
      next = last < next.tokens.length ? undefined : next.children.get(tokens[columns]!);
    }
    return { path, last, columns };
  }

  /** Divides a part in two, and returns the first. */
  #split(part: Part, length: number): Part {
    this.#remove(part);
    const first = this.#add(part.parent, part.tokens.slice(0, length), cut(part.values, 0, length));
    const rest = part.tokens.slice(length);
    const second = this.#add(first, rest, cut(part.values, length, part.tokens.length), part.children);
    [first.used, second.used] = [part.used, part.used];
    return first;
  }

  #add(
    parent: Part | null,
    tokens: readonly number[],
    values: KeyValues,
    children: Iterable<[number, Part]> = [],
  ): Part {
    const part: Part = { parent, children: new Map(children), tokens, values, used: ++this.#uses };
    for (const child of part.children.values()) child.parent = part;
    (parent?.children ?? this.#roots).set(tokens[0]!, part);
    this.#parts.add(part);
    this.#bytes += bytesOf(values);
    return part;
  }

  #remove(part: Part): void {
    (part.parent?.children ?? this.#roots).delete(part.tokens[0]!);
    this.#parts.delete(part);
    this.#bytes -= bytesOf(part.values);
  }

  /** Drops the least recently used part that has no children. */
  #dropOldest(): void {
    let oldest: Part | null = null;
    for (const part of this.#parts) {
      if (part.children.size === 0 && part.used < (oldest?.used ?? Infinity)) oldest = part;
    }
    this.#remove(oldest!);
  }
}

/** How many tokens of `part` are equal to the tokens of the list from `start` on. */
function commonLength(part: readonly number[], tokens: readonly number[], start: number): number {
  const most = Math.min(part.length, tokens.length - start);
  let length = 0;
  while (length < most && part[length] === tokens[start + length]) length++;
  return length;
}

function cut(values: KeyValues, from: number, to: number): KeyValues {
  return pack([[{ values, row: 0, from, to }]], to - from);
}
