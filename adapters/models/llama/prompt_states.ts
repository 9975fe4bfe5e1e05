/** Keeps the keys and values of prompts, so that a beginning that several prompts share is computed only once. */

/** The most prompts that are kept, so that a search stays fast. */
const PROMPTS_MAX = 2000;

type Entry = Readonly<{ tokens: readonly number[]; state: Uint8Array<ArrayBuffer> }>;

/** The state of a prompt, and how many of its first tokens another prompt can use. */
export type Beginning = Readonly<{ state: Uint8Array<ArrayBuffer>; tokens: number }>;

/** Keeps the most recently used prompts, within a limit of bytes. */
export class PromptStates {
  readonly #bytesMax: number;
  /** The most recently used entry comes last. */
  readonly #entries = new Set<Entry>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * The known prompt that saves the most work; `null` if none saves more tokens than `least`.
   *
   * @param reusable Returns how many tokens of a known prompt can be used again.
   */
  find(reusable: (tokens: readonly number[]) => number, least: number): Beginning | null {
    let [best, tokens]: [Entry | null, number] = [null, least];
    for (const entry of this.#entries) {
      const saved = reusable(entry.tokens);
      if (saved > tokens) [best, tokens] = [entry, saved];
    }
    if (best === null) return null;
    this.#entries.delete(best);
    this.#entries.add(best);
    return { state: best.state, tokens };
  }

  /**
   * Keeps a prompt if no known prompt begins with it. Drops known prompts with which it begins, and the least
   * recently used prompts beyond the limits.
   */
  keep(tokens: readonly number[], save: () => Uint8Array<ArrayBuffer>): void {
    if (this.#bytesMax === 0) return;
    const shared = [...this.#entries].map((entry) => [entry, commonLength(entry.tokens, tokens)] as const);
    if (shared.some(([, common]) => common === tokens.length)) return;
    const state = save();
    if (state.length > this.#bytesMax) return;
    for (const [entry, common] of shared) if (common === entry.tokens.length) this.#drop(entry);
    this.#entries.add({ tokens, state });
    this.#bytes += state.length;
    for (const entry of this.#entries) {
      if (this.#bytes <= this.#bytesMax && this.#entries.size <= PROMPTS_MAX) return;
      this.#drop(entry);
    }
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    this.#bytes -= entry.state.length;
  }
}

/** How many tokens two lists have in common from their beginning. */
export function commonLength(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}
