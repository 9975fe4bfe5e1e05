/**
 * Answers many requests with one context of llama.cpp, which holds several sequences of tokens. A request joins as soon
 * as a sequence is free, and leaves when its reply ends.
 */
import { chooseAnswer } from "../shared/choice.ts";
import type { Row } from "../shared/row.ts";
import { pickToken } from "../shared/sampler.ts";
import type { LlamaContext } from "./llama_context.ts";
import { commonLength, type PromptStates } from "./prompt_states.ts";

/**
 * A prompt is read in steps of this many tokens. No step reads two prompts, and each step ends at a multiple of
 * this number, even if the prompt's beginning is already known. So the numbers of a prompt are always added in the
 * same order, whatever other requests are in work. Attention is faster in steps of 64 tokens than in shorter ones;
 * longer steps gain little.
 */
export const CHUNK_TOKENS = 64;

/** After each token of the replies in work, at most this many tokens of prompts are read. */
const READ_TOKENS_MAX = 128;

/** A request, and the functions that report that it is over or has failed. */
export type InWork = Readonly<{ row: Row; resolve: () => void; reject: (error: unknown) => void }>;

/** A sequence of the context, and the request that it works on. */
type Seat = {
  readonly sequence: number;
  work: InWork | null;
  /** How many tokens of the sequence the context has. */
  length: number;
  /** The sequence still begins with these tokens of a prompt. The next request can reuse them. */
  prompt: readonly number[];
};

export type LaneSetup = Readonly<{
  context: LlamaContext;
  sequences: number;
  states: PromptStates;
  /** Takes the next request that waits for a lane; `null` if none waits, or if another lane has less to do. */
  next: (lane: Lane) => InWork | null;
}>;

export class Lane {
  readonly #setup: LaneSetup;
  readonly #seats: readonly Seat[];
  #isWorking = false;

  constructor(setup: LaneSetup) {
    this.#setup = setup;
    this.#seats = Array.from(
      { length: setup.sequences },
      (_, sequence) => ({ sequence, work: null, length: 0, prompt: [] }),
    );
  }

  /** How many requests the lane works on. */
  get busySeats(): number {
    return this.#seats.filter(({ work }) => work !== null).length;
  }

  /** Works until no request is left. */
  async work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (;;) {
      this.#leave();
      this.#join();
      if (this.busySeats === 0) break;
      await this.#read();
      await this.#write(this.#seats.filter(isWriting));
    }
    this.#isWorking = false;
  }

  /** Frees the sequences of requests that are over. */
  #leave(): void {
    for (const seat of this.#seats) {
      if (seat.work?.row.isOver) {
        seat.work.resolve();
        seat.work = null;
      }
    }
  }

  /** Gives waiting requests to free sequences. A request gets the sequence that already knows most of its prompt. */
  #join(): void {
    for (;;) {
      const free = this.#seats.filter(({ work }) => work === null);
      const work = free.length === 0 ? null : this.#setup.next(this);
      if (work === null) return;
      const known = free.map(({ prompt }) => reusableLength(prompt, readPart(work.row)));
      const seat = free[known.indexOf(Math.max(...known))]!;
      seat.work = work;
      this.#begin(seat, work.row);
    }
  }

  /** Prepares a sequence for a prompt: the sequence keeps the prompt's known beginning, up to the end of a step. */
  #begin(seat: Seat, row: Row): void {
    const { context, states } = this.#setup;
    const prompt = readPart(row);
    let known = reusableLength(seat.prompt, prompt);
    const other = states.find((tokens) => reusableLength(tokens, prompt), known);
    if (other !== null) known = context.restore(seat.sequence, other.state) ? other.tokens : 0;
    if (!context.forget(seat.sequence, known)) {
      context.forget(seat.sequence, 0);
      known = 0;
    }
    seat.length = known;
    seat.prompt = prompt.slice(0, known);
    row.input.splice(0, known);
  }

  /** Reads prompts and other long inputs in turn, one step of each. */
  async #read(): Promise<void> {
    let left = READ_TOKENS_MAX;
    for (
      let reading = this.#seats.filter(isReading);
      reading.length > 0;
      reading = reading.filter(isReading)
    ) {
      for (const seat of reading) {
        if (left <= 0) return;
        const before = seat.length;
        await this.#attempt([seat], () => this.#readStep(seat, seat.work!.row));
        left -= Math.max(1, seat.length - before);
      }
    }
  }

  async #readStep(seat: Seat, row: Row): Promise<void> {
    const { context, states } = this.#setup;
    const prompt = readPart(row);
    const most = CHUNK_TOKENS - seat.length % CHUNK_TOKENS;
    // A prompt's last token has a step of its own. So equal prompts are read in the same steps, whatever follows them.
    const untilEnd = prompt.length > seat.length
      ? prompt.length - seat.length
      : prompt.length === seat.length
      ? 1
      : most;
    const tokens = row.input.splice(0, Math.min(most, untilEnd));
    const isLast = row.input.length === 0;
    const { sequence, length: position } = seat;
    const [logits] = await context.step([{ sequence, position, tokens, logits: isLast ? "last" : "none" }]);
    seat.length += tokens.length;
    if (seat.length <= prompt.length) seat.prompt = prompt.slice(0, seat.length);
    if (seat.length === prompt.length) states.keep(prompt, () => context.save(sequence));
    if (isLast) await this.#next(seat, row, logits![0]!);
  }

  /** Reads one token of each row, all in one step. */
  async #write(seats: readonly Seat[]): Promise<void> {
    if (seats.length === 0) return;
    let logits: readonly (readonly Float32Array[])[] = [];
    await this.#attempt(seats, async () => {
      logits = await this.#setup.context.step(seats.map(({ sequence, length, work }) => {
        return { sequence, position: length, tokens: work!.row.input.splice(0), logits: "last" };
      }));
      for (const seat of seats) seat.length++;
    });
    const chooses = seats.some(({ work }) => work !== null && work.row.choice !== null);
    // A choice computes more steps. These steps overwrite the logits, so the logits are copied first.
    const own = logits.map(([last]) => chooses ? last!.slice() : last!);
    for (const [index, last] of own.entries()) {
      const seat = seats[index]!;
      await this.#attempt([seat], () => this.#next(seat, seat.work!.row, last));
    }
  }

  /** Draws the next token, or makes the next choice. */
  async #next(seat: Seat, row: Row, logits: Float32Array): Promise<void> {
    if (row.isOver) return;
    if (row.choice === null) row.take(pickToken(logits, row.seen, row.setup.sampler, row.draw));
    else await chooseAnswer(row, logits.slice(), (known) => this.#continued(seat, known));
  }

  /**
   * Computes the logits after each token of several continuations of a sequence. The sequence itself stays
   * unchanged.
   */
  async #continued(
    { sequence, length }: Seat,
    continuations: readonly (readonly number[])[],
  ): Promise<Float32Array[][]> {
    const { context } = this.#setup;
    const state = context.canForget ? null : context.save(sequence);
    const results: Float32Array[][] = [];
    for (const tokens of continuations) {
      const result: Float32Array[] = [];
      for (let from = 0; from < tokens.length; from += CHUNK_TOKENS) {
        const part = tokens.slice(from, from + CHUNK_TOKENS);
        const [logits] = await context.step([
          { sequence, position: length + from, tokens: part, logits: "all" },
        ]);
        result.push(...logits!.map((one) => one.slice()));
      }
      if (state === null) context.forget(sequence, length);
      else if (!context.restore(sequence, state)) {
        throw new Error("llama.cpp could not restore the beginning of a prompt");
      }
      results.push(result);
    }
    return results;
  }

  /** Fails the requests of these sequences if the work fails. */
  async #attempt(seats: readonly Seat[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      for (const seat of seats) {
        seat.work?.reject(error);
        seat.work = null;
        seat.prompt = [];
        this.#setup.context.forget(seat.sequence, 0);
      }
    }
  }
}

/** Whether a request has more to read than the token that was written last. */
function isReading({ work, length }: Seat): boolean {
  if (work === null || work.row.isOver) return false;
  return work.row.input.length > 1 || length < work.row.setup.prompt.length;
}

/**
 * The part of a prompt that other prompts can reuse: all of it except its last token. The last token is always read
 * again, because each prompt needs the logits after it.
 */
function readPart({ setup: { prompt } }: Row): readonly number[] {
  return prompt.slice(0, -1);
}

/**
 * How many first tokens of `prompt` can be reused from `read`: they are equal there, and were read in the same
 * steps.
 */
export function reusableLength(read: readonly number[], prompt: readonly number[]): number {
  const common = commonLength(read, prompt);
  // The last step can be shorter than the others. Only an equal prompt has the same last step.
  return common === prompt.length && read.length === common ? common : common - common % CHUNK_TOKENS;
}

function isWriting(seat: Seat): boolean {
  return seat.work !== null && !seat.work.row.isOver && !isReading(seat);
}
