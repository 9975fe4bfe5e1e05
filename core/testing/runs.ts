/** Runs of the engine, and their expected logs. */
import assert from "node:assert/strict";
import type { DiscussionDesign, DiscussionEvent } from "../events/mod.ts";
import {
  Discussion,
  type Environment,
  runDiscussions,
  type RunNotice,
  type RunOptions,
  type RunOutcome,
} from "../engine/mod.ts";
import type { EventStore, ModelRequest } from "../ports/mod.ts";
import { designWith, moderatorWith } from "./designs.ts";
import { environmentWith, eventsOf, plainAnswer } from "./environments.ts";
import { play } from "./play.ts";

/** The events of a discussion without failures, made only with the pure functions. */
export function undisturbed(design: DiscussionDesign): readonly DiscussionEvent[] {
  return play(design, ({ request }) => plainAnswer(request)).events;
}

/** Runs a discussion to its end. Throws the error of a request that fails. */
export async function toItsEnd(discussion: Discussion): Promise<void> {
  while (!discussion.ended) {
    const { error } = await discussion.advance();
    if (error !== undefined) throw error;
  }
}

/** Runs a discussion in an environment, and returns the events of its log. */
export async function held(design: DiscussionDesign, environment: Environment): Promise<DiscussionEvent[]> {
  await toItsEnd(await Discussion.open(design, environment));
  return await eventsOf(environment, design.id);
}

/** Discussions d0, d1 … of five turns with a moderator, each with its own seed. */
export function designsOf(count: number, changes: Partial<DiscussionDesign> = {}): DiscussionDesign[] {
  return Array.from({ length: count }, (_, index) =>
    designWith({
      id: `d${index}`,
      seed: `seed ${index}`,
      turns: 5,
      moderator: moderatorWith(),
      turnTaking: { name: "random", options: {} },
      ...changes,
    }));
}

/** Asserts that the store has exactly these discussions, each with the events of an undisturbed run. */
export async function assertHeld(store: EventStore, designs: readonly DiscussionDesign[]): Promise<void> {
  const environment = environmentWith({ store });
  for (const design of designs) assert.deepEqual(await eventsOf(environment, design.id), undisturbed(design));
  assert.equal((await Array.fromAsync(store.streams())).length, designs.length);
}

/** The outcome and the notices of a run. */
export type WatchedRun = Readonly<{
  outcome: RunOutcome;
  notices: readonly RunNotice[];
  setAside: readonly Extract<RunNotice, { kind: "set-aside" }>[];
}>;

/** Runs discussions. By default, four run at the same time. */
export async function watchedRun(
  designs: Iterable<DiscussionDesign> | AsyncIterable<DiscussionDesign>,
  environment: Environment,
  options: Partial<RunOptions> = {},
): Promise<WatchedRun> {
  const notices: RunNotice[] = [];
  const notify = (notice: RunNotice) => {
    notices.push(notice);
    options.notify?.(notice);
  };
  const outcome = await runDiscussions(designs, environment, { concurrency: 4, ...options, notify });
  return { outcome, notices, setAside: notices.filter((notice) => notice.kind === "set-aside") };
}

/** Gives the `plainAnswer` after a short delay. Different questions have different delays. */
export async function slowAnswer(request: ModelRequest): Promise<string> {
  for (let step = request.seed % 7; step > 0; step--) await Promise.resolve();
  return plainAnswer(request);
}
