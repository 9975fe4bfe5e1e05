/** Environments for tests of the engine. Everything is in memory, and a function gives the model's answers. */
import type { Rules } from "../discussion/mod.ts";
import { type Environment, Limiter, readStream, RETRY_POLICY } from "../engine/mod.ts";
import { type DiscussionEvent, eventOf } from "../events/mod.ts";
import {
  type Clock,
  type EventStore,
  fixedClock,
  memoryEventStore,
  type Model,
  type ModelReply,
  type ModelRequest,
} from "../ports/mod.ts";
import { rulesWith, saying } from "./play.ts";
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers";
import type { SimulationOptions } from "../simulation/mod.ts";

/** Answers a request. If it throws an error, the model fails with this error. */
export type Answer = (
  request: ModelRequest,
  signal: AbortSignal,
) => string | ModelReply | Promise<string | ModelReply>;

/** A model whose answers are the results of a function. */
export function modelThat(answer: Answer): Model {
  return {
    async generate(request, signal) {
      const said = await answer(request, signal);
      return typeof said === "string" ? saying(said) : said;
    },
  };
}

/**
 * A comment that names the speaker, the turn and the length of the prompt. About one in five is silence.
 * Equal requests get equal comments.
 */
export function plainAnswer({ messages, seed, origin: { turn, speaker, role } }: ModelRequest): string {
  const signs = JSON.stringify(messages).length;
  return seed % 5 === 0 ? "PASS" : `${role} ${speaker}, turn ${turn}, after ${signs} signs`;
}

/** An environment in memory. A test can replace any member. */
export function environmentWith(
  { answer = plainAnswer, store = memoryEventStore(), clock = fixedClock(), rules = rulesWith(), slots = 64 }:
    {
      answer?: Answer;
      store?: EventStore;
      clock?: Clock;
      rules?: Rules;
      slots?: number;
    } = {},
): Environment {
  const limited = { model: modelThat(answer), limiter: new Limiter(slots) };
  return { store, models: () => limited, rules, clock, retry: RETRY_POLICY };
}

/** The events of a stream, without times and meta data, which can differ between equal runs. */
export async function eventsOf(
  { store, rules }: Pick<Environment, "store" | "rules">,
  stream: string,
): Promise<DiscussionEvent[]> {
  const events: DiscussionEvent[] = [];
  for await (const envelope of readStream(store, stream, rules.sha256)) events.push(eventOf(envelope));
  return events;
}

/** Options for simulations: the hash function and the event loop of this machine. */
export const SIMULATED_ON: SimulationOptions = {
  sha256: (text) => createHash("sha256").update(text).digest("hex"),
  settle: () => new Promise((resolve) => setImmediate(resolve)),
};
