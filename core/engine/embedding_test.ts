import assert from "node:assert/strict";
import type { TextVector, VectorKeeper } from "../embedding/mod.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import { memoryRun } from "../ports/memory_run.ts";
import { type Embedded, type EventStore, memoryEventStore, type Model, ModelError } from "../ports/mod.ts";
import { portableSha256 } from "../sha256.ts";
import {
  designWith,
  environmentWith,
  linesOf,
  modelThat,
  participantsNamed,
  plainAnswer,
  undisturbed,
} from "../testing/mod.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { type EmbeddingNotice, embedDiscussions } from "./embedding.ts";
import { Limiter } from "./limiter.ts";
import { runDiscussions } from "./run.ts";

const EVENTS = undisturbed(designWith({ turns: 3 }));

const textsIn = (events: readonly DiscussionEvent[]) =>
  events.flatMap((event) => event.type === "TurnTaken" ? [event.data.text] : []);

/** Vectors in memory. */
function keeper() {
  const kept = new Map<string, Float32Array>();
  const vectors: VectorKeeper = {
    has: (sha256) => kept.has(sha256),
    keep: (added: readonly TextVector[]) => {
      for (const { sha256, vector } of added) kept.set(sha256, vector);
      return Promise.resolve();
    },
  };
  return { kept, vectors };
}

/** Counts the characters of texts, and fails first if there are failures. */
function countingModel(asked: string[][], failures: ModelError[] = []): Model {
  return {
    ...modelThat(plainAnswer),
    embed: (texts): Promise<Embedded> => {
      asked.push([...texts]);
      const failure = failures.shift();
      if (failure !== undefined) return Promise.reject(failure);
      return Promise.resolve({ vectors: texts.map(({ length }) => Float32Array.of(3 * length, 4 * length)) });
    },
  };
}

async function storeWith(streams: Readonly<Record<string, readonly DiscussionEvent[]>>): Promise<EventStore> {
  const store = memoryEventStore();
  for (const [stream, events] of Object.entries(streams)) {
    await store.append(stream, 0, linesOf(stream, events));
  }
  return store;
}

async function embedded(
  store: EventStore,
  { model, vectors, concurrency = 1 }: Readonly<
    { model: Model; vectors: VectorKeeper; concurrency?: number }
  >,
) {
  const notices: EmbeddingNotice[] = [];
  const { clock, retry } = environmentWith({ store });
  const outcome = await embedDiscussions(store.streams(), {
    environment: {
      store,
      clock,
      retry,
      sha256: portableSha256,
      model: { model, limiter: new Limiter(9) },
      name: "counter",
      vectors,
    },
    concurrency,
    notify: (notice) => notices.push(notice),
  });
  return { outcome, notices };
}

Deno.test("embedDiscussions() keeps a vector of length 1 for each comment of the speakers, and asks once", async () => {
  const store = await storeWith({ d1: EVENTS });
  const asked: string[][] = [];
  const { kept, vectors } = keeper();
  const { outcome } = await embedded(store, { model: countingModel(asked), vectors });
  assert.deepEqual([outcome.ended, outcome.endedBefore, outcome.cutShort], [1, 0, null]);
  // The opening comment gets no vector.
  assert.deepEqual(asked, [textsIn(EVENTS)]);
  assert.deepEqual([...kept.keys()], textsIn(EVENTS).map(portableSha256));
  for (const vector of kept.values()) assert.deepEqual(vector, Float32Array.of(0.6, 0.8));
  const again = await embedded(store, { model: countingModel(asked), vectors });
  assert.equal(again.outcome.endedBefore, 1);
  assert.equal(asked.length, 1);
});

Deno.test("embedDiscussions() asks for equal comments once, and skips unfinished discussions", async () => {
  const store = await storeWith({ d1: EVENTS, d2: EVENTS, d3: EVENTS.slice(0, -1) });
  const asked: string[][] = [];
  const { outcome, notices } = await embedded(store, {
    model: countingModel(asked),
    vectors: keeper().vectors,
  });
  assert.equal(asked.length, 1);
  assert.deepEqual([outcome.ended, outcome.endedBefore, outcome.skipped], [2, 1, 1]);
  const opened = notices.filter(({ kind }) => kind === "opened");
  assert.deepEqual(opened, [
    { kind: "opened", discussion: "d1", texts: 3, kept: 0, ofPeople: 0 },
    { kind: "opened", discussion: "d2", texts: 3, kept: 3, ofPeople: 0 },
  ]);
});

Deno.test("embedDiscussions() sends no comments that a branch copied from its past", async () => {
  const [, ...events] = EVENTS;
  const copied = events.findIndex(({ type }) => type === "TurnTaken") + 1;
  const forkedFrom = { stream: "d0", seq: copied, events: copied, run: "pilot", hash: "0".repeat(64) };
  const opened = { type: "DiscussionOpened", data: designWith({ turns: 3, forkedFrom }) } as const;
  const asked: string[][] = [];
  await embedded(await storeWith({ d1: [opened, ...events] }), {
    model: countingModel(asked),
    vectors: keeper().vectors,
  });
  assert.deepEqual(asked, [textsIn(EVENTS).slice(1)]);
});

Deno.test("embedDiscussions() sends long discussions in several requests", async () => {
  const events = undisturbed(designWith({ turns: 40 }));
  const asked: string[][] = [];
  const { kept, vectors } = keeper();
  await embedded(await storeWith({ d1: events }), { model: countingModel(asked), vectors });
  // Some answers are equal.
  const different = new Set(textsIn(events)).size;
  assert.ok(different > 32);
  assert.deepEqual(asked.map(({ length }) => length), [32, different - 32]);
  assert.equal(kept.size, different);
});

Deno.test("embedDiscussions() tries failed requests again, and leaves a discussion if that does not help", async () => {
  const asked: string[][] = [];
  const busy = new ModelError("rate-limited", "Too many requests");
  const first = await embedded(await storeWith({ d1: EVENTS }), {
    model: countingModel(asked, [busy]),
    vectors: keeper().vectors,
  });
  assert.deepEqual([asked.length, first.outcome.ended], [2, 1]);

  // All three texts together, two of them, and each alone.
  const refused = Array.from({ length: 5 }, () => new ModelError("bad-request", "No"));
  const { kept, vectors } = keeper();
  const { outcome } = await embedded(await storeWith({ d1: EVENTS, d2: EVENTS }), {
    model: countingModel([], refused),
    vectors,
  });
  assert.deepEqual([outcome.ended, outcome.setAside, outcome.cutShort], [1, 1, null]);
  assert.equal(kept.size, 3);
});

Deno.test("embedDiscussions() leaves out only the text that a server refuses, and reports its discussion", async () => {
  const events = undisturbed(designWith({ turns: 40 }));
  const different = [...new Set(textsIn(events))];
  for (const at of [0, 20, different.length - 1]) {
    const tooLong = different[at]!;
    const asked: string[][] = [];
    const answering = countingModel(asked);
    const model: Model = {
      ...answering,
      embed: async (texts, signal) => {
        const answer = await answering.embed!(texts, signal);
        if (texts.includes(tooLong)) throw new ModelError("bad-request", "A text is too long");
        return answer;
      },
    };
    const store = await storeWith({ d1: events });
    const { kept, vectors } = keeper();
    const { outcome, notices } = await embedded(store, { model, vectors });
    assert.deepEqual([outcome.ended, outcome.setAside], [0, 1]);
    assert.deepEqual(
      new Set(kept.keys()),
      new Set(different.filter((text) => text !== tooLong).map(portableSha256)),
    );
    const reasons = notices.flatMap((notice) => notice.kind === "set-aside" ? [notice.reason] : []);
    assert.deepEqual(reasons, ["A text is too long"]);

    // The next start asks only for this text.
    asked.length = 0;
    const again = await embedded(store, { model, vectors });
    assert.deepEqual(asked, [[tooLong]]);
    assert.equal(again.outcome.setAside, 1);
  }
});

Deno.test("embedDiscussions() keeps nothing of an answer with wrong vectors", async () => {
  for (const vectors of [[], [Float32Array.of(1), Float32Array.of(1, 2), Float32Array.of(1)], undefined]) {
    const { kept, vectors: keeping } = keeper();
    const model = { ...modelThat(plainAnswer), embed: () => Promise.resolve({ vectors } as Embedded) };
    const { outcome } = await embedded(await storeWith({ d1: EVENTS }), { model, vectors: keeping });
    assert.equal(outcome.cutShort?.by, "failure");
    assert.equal(kept.size, 0);
  }
});

Deno.test("embedDiscussions() sends no words of people that logs have encrypted", async () => {
  const run = await memoryRun().open(sampleRun());
  const design = designWith({
    participants: participantsNamed("Ann", "Bob").map((one) => ({ ...one, model: one.name })),
    models: Object.fromEntries(["Ann", "Bob"].map((name) => [name, designWith().models["test-model"]!])),
    turns: 4,
  });
  await runDiscussions([design], {
    ...environmentWith({ store: run.store }),
    models: (name) =>
      name === "Ann"
        ? {
          model: modelThat(({ origin: { turn } }) => ({ text: `marzipan ${turn}`, finishReason: "sent" })),
          limiter: new Limiter(9),
          asksPeople: true,
        }
        : { model: modelThat((request) => plainAnswer({ ...request, seed: 1 })), limiter: new Limiter(9) },
  }, { concurrency: 1 });
  const asked: string[][] = [];
  const { notices } = await embedded(run.store, { model: countingModel(asked), vectors: keeper().vectors });
  assert.ok(asked.flat().length > 0);
  assert.ok(asked.flat().every((text) => !text.includes("marzipan")));
  const [opened] = notices.filter(({ kind }) => kind === "opened") as Extract<
    EmbeddingNotice,
    { ofPeople: number }
  >[];
  assert.equal(opened!.ofPeople, 2);
});
