/** Keys and values of prompts that may come back as the beginning of another one. */
import type { Beginning, RowValues } from "./key_values.ts";

/** Shorter beginnings are computed as fast as they are copied. */
const REUSED_TOKENS_MIN = 8;

/** Most prompts that are kept, so that looking one up stays quick. */
const PROMPTS_MAX = 2000;

type Entry = Readonly<{ tokens: readonly number[]; row: RowValues }>;

/** Keeps what was used last, as much of it as the limit allows. */
export class PrefixCache {
  readonly #bytesMax: number;
  /** The one that was used last is the last. */
  readonly #entries = new Set<Entry>();
  #bytes = 0;

  /** @param bytesMax Of all that is kept together. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** What is kept, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The longest beginning of a prompt that is kept; never the whole prompt, since its last token has to be computed.
   *
   * @param tokens The prompt.
   */
  find(tokens: readonly number[]): Beginning | null {
    let best: Entry | null = null;
    let columns = REUSED_TOKENS_MIN - 1;
    for (const entry of this.#entries) {
      const common = Math.min(commonLength(entry.tokens, tokens), tokens.length - 1);
      if (common > columns) [best, columns] = [entry, common];
    }
    if (best === null) return null;
    this.#touch(best);
    return { row: best.row, columns };
  }

  /** Whether a prompt would be worth keeping: it is not the beginning of one that is kept. */
  lacks(tokens: readonly number[]): boolean {
    return this.#bytesMax > 0 && tokens.length >= REUSED_TOKENS_MIN &&
      this.#entries.values().every((entry) => commonLength(entry.tokens, tokens) < tokens.length);
  }

  /**
   * Keeps a prompt, instead of those that are its beginnings.
   *
   * @param tokens The prompt.
   * @param row Their keys and values.
   */
  keep(tokens: readonly number[], row: RowValues): void {
    if (row.bytes > this.#bytesMax) return;
    for (const entry of this.#entries) {
      if (commonLength(entry.tokens, tokens) === entry.tokens.length) this.#drop(entry);
    }
    this.#entries.add({ tokens, row });
    this.#bytes += row.bytes;
    for (const entry of this.#entries) {
      if (this.#bytes <= this.#bytesMax && this.#entries.size <= PROMPTS_MAX) break;
      this.#drop(entry);
    }
  }

  #touch(entry: Entry): void {
    this.#entries.delete(entry);
    this.#entries.add(entry);
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    this.#bytes -= entry.row.bytes;
  }
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}
