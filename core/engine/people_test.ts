import assert from "node:assert/strict";
import type { DiscussionDesign } from "../events/mod.ts";
import { memoryEventStore, type ModelReply, type ModelRequest, type Situation } from "../ports/mod.ts";
import {
  designsOf,
  designWith,
  environmentWith,
  eventsOf,
  modelThat,
  moderatorWith,
  participantsNamed,
  plainAnswer,
} from "../testing/mod.ts";
import { Limiter } from "./limiter.ts";
import type { LimitedModel } from "./request.ts";
import { runDiscussions } from "./run.ts";

const sent = (text: string): ModelReply => ({ text, finishReason: "sent" });

/** Discussions in which Ann is a person, each followed by a discussion without people. */
function mixed(each: number): readonly DiscussionDesign[] {
  return designsOf(2 * each, { moderator: null, turns: 2 }).map((design, index) => {
    const spec = Object.values(design.models)[0]!;
    const names = index % 2 === 0 ? ["person", "program"] : ["program", "program"];
    return {
      ...design,
      condition: index % 2 === 0 ? "with people" : "without people",
      participants: participantsNamed("Ann", "Bob").map((one, seat) => ({ ...one, model: names[seat]! })),
      models: Object.fromEntries(names.map((name) => [name, spec])),
    };
  });
}

function environmentOf(person: (request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>) {
  const store = memoryEventStore();
  const models: Readonly<Record<string, LimitedModel>> = {
    person: { model: modelThat(person), limiter: new Limiter(1000), asksPeople: true },
    program: { model: modelThat(plainAnswer), limiter: new Limiter(4) },
  };
  return { ...environmentWith({ store }), models: (name: string) => models[name]! };
}

Deno.test("runDiscussions() asks all people at the same time, and finishes discussions without people while it waits", async () => {
  const designs = mixed(10);
  const waiting: ((reply: ModelReply) => void)[] = [];
  const environment = environmentOf(() => new Promise((resolve) => waiting.push(resolve)));
  const ended: string[] = [];
  const alone = designs.filter(({ condition }) => condition === "without people");
  const outcome = runDiscussions(designs, environment, {
    concurrency: 2,
    notify(notice) {
      if (notice.kind !== "ended") return;
      ended.push(notice.discussion);
      if (ended.length < alone.length) return;
      for (const answer of waiting.splice(0)) answer(sent("Hello"));
    },
  });
  const { ended: count } = await outcome;
  assert.equal(count, 20);
  assert.deepEqual(ended.slice(0, 10).sort(), alone.map(({ id }) => id).sort());
});

Deno.test("runDiscussions() does not wait for people after a stop, and asks them again after it is resumed", async () => {
  const [design] = mixed(1);
  const stopping = new AbortController();
  let asked = 0;
  const environment = environmentOf((_, signal) =>
    asked++ > 0 ? Promise.resolve(sent("Hello")) : new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      stopping.abort();
    })
  );
  const stopped = await runDiscussions([design!], environment, { concurrency: 1, stop: stopping.signal });
  assert.deepEqual([stopped.ended, stopped.setAside, stopped.cutShort], [0, 0, { by: "caller" }]);
  assert.deepEqual(
    (await eventsOf(environment, design!.id)).filter(({ type }) => type === "GenerationFailed"),
    [],
  );
  assert.equal((await runDiscussions([design!], environment, { concurrency: 1 })).ended, 1);
});

Deno.test("a person's words stay as they are, and an unanswered question is silence with the reason timed-out", async () => {
  const words = "<think>Not a thought</think> Ann: PASS";
  for (
    const [reply, expected] of [
      [sent(words), { text: words }],
      [sent("PASS"), { text: "PASS" }],
      [sent(""), { reason: "empty" }],
      [{ text: "", finishReason: "timed-out" }, { reason: "timed-out" }],
      [{ text: "", finishReason: "declined" }, { reason: "declined" }],
    ] as const
  ) {
    const design = designWith({ turns: 1, moderator: null, participants: participantsNamed("Ann") });
    const environment = environmentWith({ answer: () => reply });
    await runDiscussions([design], environment, { concurrency: 1 });
    const turn = (await eventsOf(environment, design.id)).find(({ type }) => type.startsWith("Turn"))!;
    assert.deepEqual({ ...turn.data, ...expected }, turn.data);
  }
});

Deno.test("the situation of a request has the comments of its prompt, and no prompt, persona, model or condition", async () => {
  const seen: [ModelRequest, Situation][] = [];
  const design = designWith({
    turns: 4,
    history: 2,
    condition: "a secret condition",
    moderator: moderatorWith({ instructions: "Secret instructions." }),
  });
  const environment = environmentWith({
    answer(request) {
      seen.push([request, request.situation!()]);
      return plainAnswer(request);
    },
  });
  await runDiscussions([design], environment, { concurrency: 1 });
  assert.ok(seen.some(([, { kind }]) => kind === "moderation"));
  for (const [{ messages, origin }, situation] of seen) {
    assert.ok(situation.kind !== "annotation");
    assert.equal(situation.kind, origin.role === "participant" ? "turn" : "moderation");
    assert.deepEqual(Object.keys(situation), ["kind", "comments", "mayBeSilent"]);
    for (const comment of situation.comments) {
      assert.deepEqual(Object.keys(comment), ["comment", "author", "text"]);
      assert.ok(messages.at(-1)!.content.includes(comment.text));
    }
    assert.ok(situation.comments.length <= 2);
    assert.ok(!JSON.stringify(situation).toLowerCase().includes("secret"));
  }
});
