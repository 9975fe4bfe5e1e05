import assert from "node:assert/strict";
import { shapeProblem } from "../events/discussion_event.ts";
import type { ModelReply, ModelRequest } from "../ports/mod.ts";
import { designWith, environmentWith, eventsOf, held, moderatorWith, rulesWith } from "../testing/mod.ts";
import { Discussion } from "./discussion.ts";
import { Limiter } from "./limiter.ts";
import { readStream } from "./stream.ts";
import { verifyReplay } from "./replay.ts";

const rules = rulesWith();
const DESIGN = designWith({ moderator: moderatorWith(), turns: 5, history: null });

/** A model that leaves comments out of its prompts, and a list of the prompts that it used. */
function shortSighted(leftOut: (request: ModelRequest) => number) {
  const sent: string[] = [];
  const generate = (request: ModelRequest): Promise<ModelReply> => {
    const commentsLeftOut = leftOut(request);
    const messages = commentsLeftOut === 0 ? request.messages : request.shorten!(commentsLeftOut);
    if (messages !== null) sent.push(JSON.stringify(messages));
    return Promise.resolve({ text: `Comment ${sent.length}.`, finishReason: "stop", commentsLeftOut });
  };
  const limited = { model: { generate }, limiter: new Limiter(1) };
  return { sent, environment: { ...environmentWith(), models: () => limited } };
}

/** Leaves out all comments except one. */
function allButOne({ messages, shorten }: ModelRequest): number {
  let leftOut = 0;
  while (shorten!(leftOut + 2) !== null) leftOut++;
  assert.ok(messages.length > 0);
  return leftOut;
}

Deno.test("Discussion.advance() lets a model leave out the oldest comments, and records how many", async () => {
  const { sent, environment } = shortSighted(allButOne);
  const events = await held(DESIGN, environment);
  const generations = events.flatMap(({ data }) => "generation" in data ? [data.generation!] : []);
  // Each prompt has one comment more than the prompt before it. The first has only the opening comment.
  assert.deepEqual(generations.map(({ commentsLeftOut }) => commentsLeftOut), [
    undefined,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
  ]);
  assert.deepEqual(generations.map(({ promptHash }) => promptHash), sent.map(rules.sha256));
  assert.deepEqual(events.map(shapeProblem).filter((problem) => problem !== null), []);
});

Deno.test("verifyReplay() verifies shortened prompts, and finds a wrong number of left-out comments", async () => {
  const { environment } = shortSighted(allButOne);
  await held(DESIGN, environment);
  const logged = readStream(environment.store, DESIGN.id, rules.sha256);
  const { divergences, promptsVerified } = await verifyReplay(logged, rules);
  assert.deepEqual([divergences, promptsVerified], [[], 10]);

  async function* changed() {
    for await (const envelope of readStream(environment.store, DESIGN.id, rules.sha256)) {
      const { data } = envelope;
      const generation = (data as { generation?: { commentsLeftOut?: number } }).generation;
      yield generation?.commentsLeftOut === 3
        ? {
          ...envelope,
          data: { ...data, generation: { ...generation, commentsLeftOut: 2 } },
        } as typeof envelope
        : envelope;
    }
  }
  const verdict = await verifyReplay(changed(), rules);
  assert.deepEqual(verdict.divergences.map(({ what }) => what), ["prompt"]);
});

Deno.test("Discussion.advance() reports a model as broken if it leaves out more comments than the prompt has", async () => {
  const { environment } = shortSighted(() => 99);
  const discussion = await Discussion.open(DESIGN, environment);
  const { error } = await discussion.advance();
  assert.equal(error?.kind, "broken-model");
  const [last] = (await eventsOf(environment, DESIGN.id)).slice(-1);
  assert.equal(last?.type, "GenerationFailed");
});
