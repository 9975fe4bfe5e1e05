/** A local model: its worker is started by the first request. */
import type { Clock } from "../../../core/ports/clock.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "../../../core/ports/model.ts";
import { requestedForm } from "../../../core/ports/requested_form.ts";
import type { LoadOrder, Measure, Question } from "./protocol.ts";
import { WorkerLink } from "./worker_link.ts";

/** What the model is set up with. */
export type LocalSetup = Readonly<{
  order: LoadOrder;
  timeoutSeconds: number;
  clock: Clock;
}>;

/** Answers on this machine. */
export class TransformersModel implements Model {
  readonly #setup: LocalSetup;
  #link: WorkerLink | null = null;

  /** @param setup What to load, and how long a request may take. */
  constructor(setup: LocalSetup) {
    this.#setup = setup;
  }

  /** Answers one request, together with others that are in flight. */
  async generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    signal.throwIfAborted();
    const { clock, timeoutSeconds } = this.#setup;
    const answered = new AbortController();
    const late = new AbortController();
    const timer = clock.sleep(timeoutSeconds * 1000, answered.signal).then(
      () => late.abort(timeOut(timeoutSeconds)),
      () => {},
    );
    try {
      return await this.#answer(request, AbortSignal.any([signal, late.signal]));
    } finally {
      answered.abort();
      await timer;
    }
  }

  /** Ends the worker and frees its memory. */
  async close(): Promise<void> {
    await this.#link?.close();
    this.#link = null;
  }

  async #answer(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    if (this.#link === null || this.#link.isBroken) this.#link = new WorkerLink(this.#setup.order);
    const link = this.#link;
    const { messages, sampling, seed, shorten } = request;
    const question: Question = { messages, sampling, seed, form: requestedForm(request) };
    const answer = await link.ask("ask", question, signal);
    if (answer.type === "reply") return answer.reply;
    const fits = async (messages: Question["messages"]) => {
      const { measure } = await link.ask("measure", { ...question, messages }, signal) as {
        measure: Measure;
      };
      return measure.promptTokens + measure.replyTokens <= measure.context;
    };
    const shorter = shorten && await shortest(shorten, fits);
    if (!shorter) throw tooLong(answer.measure);
    const shortened = await link.ask("ask", { ...question, messages: shorter.messages }, signal);
    if (shortened.type !== "reply") throw tooLong(shortened.measure);
    return { ...shortened.reply, commentsLeftOut: shorter.leftOut };
  }
}

type Shortened = Readonly<{ leftOut: number; messages: Question["messages"] }>;

/** The prompt that leaves out as few comments as it can; `null` when none fits. Steps double, then halve. */
async function shortest(
  shorten: NonNullable<ModelRequest["shorten"]>,
  fits: (messages: Question["messages"]) => Promise<boolean>,
): Promise<Shortened | null> {
  let tooFew = 0;
  let found: Shortened | null = null;
  let beyond = Infinity;
  while (found === null ? beyond - tooFew > 1 : found.leftOut - tooFew > 1) {
    const limit = Math.min(found?.leftOut ?? Infinity, beyond);
    const leftOut = limit === Infinity ? Math.max(1, tooFew * 2) : Math.floor((tooFew + limit) / 2);
    const messages = shorten(leftOut);
    if (messages === null) beyond = leftOut;
    else if (await fits(messages)) found = { leftOut, messages };
    else tooFew = leftOut;
  }
  return found;
}

function tooLong({ promptTokens, replyTokens, context }: Measure): ModelError {
  return new ModelError(
    "bad-request",
    `Cannot ask the local model: a prompt of ${promptTokens} tokens and a reply of up to ${replyTokens} exceed its ` +
      `context of ${context}, even without earlier comments; shorten the instructions and personas, or lower maxTokens`,
  );
}

function timeOut(seconds: number): ModelError {
  return new ModelError(
    "time-out",
    `The local model did not answer within ${seconds} s; is it too large for this machine, or timeoutSeconds too short?`,
  );
}
