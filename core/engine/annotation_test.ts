import assert from "node:assert/strict";
import { shapeProblem } from "../events/discussion_event.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import { memoryEventStore, ModelError } from "../ports/mod.ts";
import { portableSha256 } from "../sha256.ts";
import {
  type Answer,
  designsOf,
  designWith,
  eventsOf,
  failingStore,
  judgingAnswer,
  judgingEnvironment,
  linesOf,
  passWith,
  playPass,
  storeHolding,
  undisturbed,
} from "../testing/mod.ts";
import { verifyStream } from "../events/verify_stream.ts";
import type { AnnotationDesign } from "../events/annotation_design.ts";
import { annotateDiscussions, Annotation, type AnnotationEnvironment, OtherPass } from "./annotation.ts";

const DISCUSSION = undisturbed(designWith({ turns: 3 }));
const rules = { sha256: portableSha256 };

async function logOf({ store }: AnnotationEnvironment, stream = "d1"): Promise<DiscussionEvent[]> {
  const { damage } = await verifyStream(stream, store.read(stream), portableSha256);
  assert.equal(damage, null);
  const events = await eventsOf({ store, rules } as Parameters<typeof eventsOf>[0], stream);
  assert.deepEqual(events.map(shapeProblem).filter((problem) => problem !== null), []);
  return events;
}

async function annotated(
  design: AnnotationDesign,
  environment: AnnotationEnvironment,
): Promise<DiscussionEvent[]> {
  const outcome = await annotateDiscussions(() => ["d1"], design, { environment, concurrency: 1 });
  assert.equal(outcome.cutShort, null);
  return await logOf(environment);
}

for (const requests of ["separate", "together"] as const) {
  Deno.test(`Annotation resumes after any event as if it had never been interrupted: ${requests} requests`, async () => {
    const design = passWith({ requests });
    const { events: pass } = playPass(DISCUSSION, design);
    const events = [...DISCUSSION, ...pass];
    assert.ok(pass.some(({ type }) => type === "AnnotationUnparsed"));
    for (let length = DISCUSSION.length; length <= events.length; length++) {
      let asked = 0;
      const environment = judgingEnvironment({
        store: await storeHolding("d1", events.slice(0, length)),
        answer: (request) => (asked++, judgingAnswer(request)),
      });
      assert.deepEqual(await annotated(design, environment), events);
      assert.equal(asked, events.slice(length).filter(({ data }) => "generation" in data).length);
    }
  });
}

Deno.test("Annotation asks only for the lost answer when it is opened again after its store failed", async () => {
  const design = passWith();
  const { events: pass, asked: questions } = playPass(DISCUSSION, design);
  for (let broken = 0; broken <= questions.length; broken++) {
    let asked = 0;
    const answer: Answer = (request) => (asked++, judgingAnswer(request));
    const memory = await storeHolding("d1", DISCUSSION);
    const store = failingStore(memory, (nth) => nth >= broken ? new Error("the disk is full") : null);
    await assert.rejects(annotated(design, judgingEnvironment({ store, answer })), /the disk is full/);
    const events = await annotated(design, judgingEnvironment({ store: memory, answer }));
    assert.deepEqual(events, [...DISCUSSION, ...pass]);
    assert.equal(asked, questions.length + (broken === 0 ? 0 : 1));
  }
});

const ALL = designsOf(12);
const allStreams = () => ALL.map(({ id }) => id);

async function storeOfAll(): Promise<ReturnType<typeof memoryEventStore>> {
  const store = memoryEventStore();
  for (const design of ALL) await store.append(design.id, 0, linesOf(design.id, undisturbed(design)));
  return store;
}

async function assertAnnotated(environment: AnnotationEnvironment, design = passWith()): Promise<void> {
  for (const { id, ...rest } of ALL) {
    const discussion = undisturbed({ id, ...rest });
    const events = (await logOf(environment, id)).filter(({ type }) => type !== "AnnotationFailed");
    assert.deepEqual(events, [...discussion, ...playPass(discussion, design).events]);
  }
}

Deno.test("annotateDiscussions() writes the same logs at any concurrency", async () => {
  for (const concurrency of [1, 16]) {
    const answer: Answer = async (request) => {
      for (let step = request.seed % 7; step > 0; step--) await Promise.resolve();
      return judgingAnswer(request);
    };
    const environment = judgingEnvironment({ store: await storeOfAll(), answer });
    const outcome = await annotateDiscussions(allStreams, passWith(), {
      environment,
      concurrency,
    });
    assert.deepEqual(outcome, {
      ended: 12,
      endedBefore: 0,
      setAside: 0,
      skipped: 0,
      stopped: [],
      cutShort: null,
    });
    await assertAnnotated(environment);
  }
});

Deno.test("annotateDiscussions() continues after a discussion fails, and tries it again at the next start", async () => {
  const store = await storeOfAll();
  const answer: Answer = (request) => {
    if (request.origin.discussion === "d3" && request.origin.turn === 2) {
      throw new ModelError("bad-request", "too long");
    }
    return judgingAnswer(request);
  };
  const setAside: unknown[] = [];
  const first = await annotateDiscussions(allStreams, passWith(), {
    environment: judgingEnvironment({ store, answer }),
    concurrency: 4,
    notify: (notice) => void (notice.kind === "set-aside" && setAside.push(notice)),
  });
  assert.deepEqual(first, {
    ended: 11,
    endedBefore: 0,
    setAside: 1,
    skipped: 0,
    stopped: [],
    cutShort: null,
  });
  assert.deepEqual(setAside, [{ kind: "set-aside", discussion: "d3", reason: "too long" }]);
  let asked = 0;
  const environment = judgingEnvironment({ store, answer: (request) => (asked++, judgingAnswer(request)) });
  const second = await annotateDiscussions(allStreams, passWith(), { environment, concurrency: 4 });
  assert.deepEqual(second, {
    ended: 12,
    endedBefore: 11,
    setAside: 0,
    skipped: 0,
    stopped: [],
    cutShort: null,
  });
  assert.ok(asked > 0);
  await assertAnnotated(environment);
  const third = await annotateDiscussions(allStreams, passWith(), { environment, concurrency: 4 });
  assert.equal(third.endedBefore, 12);
});

Deno.test("annotateDiscussions() does not change unfinished, aborted or damaged discussions", async () => {
  const store = memoryEventStore();
  const half = DISCUSSION.slice(0, 3);
  const aborted: DiscussionEvent = {
    type: "DiscussionAborted",
    data: { turns: 1, comments: 2, reason: "x" },
  };
  await store.append("d1", 0, linesOf("d1", half));
  await store.append("d2", 0, linesOf("d2", [...half, aborted]));
  await store.append("d3", 0, ["no event"]);
  const before = await Promise.all(["d1", "d2", "d3"].map((id) => Array.fromAsync(store.read(id))));
  const environment = judgingEnvironment({ store });
  const outcome = await annotateDiscussions(() => ["d1", "d2", "d3", "d4"], passWith(), {
    environment,
    concurrency: 2,
  });
  assert.deepEqual(outcome, {
    ended: 0,
    endedBefore: 0,
    setAside: 1,
    skipped: 3,
    stopped: [],
    cutShort: null,
  });
  assert.deepEqual(
    await Promise.all(["d1", "d2", "d3"].map((id) => Array.fromAsync(store.read(id)))),
    before,
  );
});

Deno.test("annotateDiscussions() refuses a different pass of the same name, and writes nothing", async () => {
  const [rita, sam] = passWith().annotators;
  const changes: readonly (readonly [said: string, change: Partial<AnnotationDesign>])[] = [
    ["history", { history: 3 }],
    ["seed", { seed: "8" }],
    ["retries", { retries: 2 }],
    ["targets", { targets: { of: "participants" } }],
    ["requests", { requests: "together" }],
    ["annotators", { annotators: [rita!] }],
    ["annotators", { annotators: [{ ...rita!, persona: { age: 51 } }, sam!] }],
    ["scales", { codebook: { ...passWith().codebook, version: "2" } }],
    ["the pass whose replies are read again", { reparsedFrom: "p0" }],
  ];
  for (const [said, change] of changes) {
    // Only the last discussion has the pass. No other discussion may begin a different pass of the same name.
    const store = await storeOfAll();
    const last = ALL.at(-1)!.id;
    await annotateDiscussions(() => [last], passWith(), {
      environment: judgingEnvironment({ store }),
      concurrency: 1,
    });
    const environment = judgingEnvironment({ store, answer: () => assert.fail("asked") });
    const again = annotateDiscussions(allStreams, passWith(change), {
      environment,
      concurrency: 2,
    });
    await assert.rejects(
      again,
      (error) => error instanceof OtherPass && error.message.includes(`, in: ${said}. `),
    );
    const [first] = ALL;
    assert.deepEqual(await logOf(environment, first!.id), undisturbed(first!), JSON.stringify(change));
  }
});

Deno.test("Annotation keeps two interleaved passes apart in one log", async () => {
  const environment = judgingEnvironment({ store: await storeHolding("d1", DISCUSSION) });
  const designs = [passWith({ pass: "a" }), passWith({ pass: "b", requests: "together", history: null })];
  // Opens each pass again for each answer, like two commands that are stopped in turn.
  for (let round = 0; round < 200; round++) {
    for (const design of designs) {
      const annotation = (await Annotation.open("d1", design, environment))!;
      if (!annotation.ended) await annotation.advance();
    }
  }
  const events = await logOf(environment);
  for (const design of designs) {
    const own = events.filter(({ data }) => "pass" in data && data.pass === design.pass);
    assert.deepEqual(own, playPass(DISCUSSION, design).events);
  }
  const passes = events.flatMap(({ data }) => "pass" in data ? [data.pass] : []);
  assert.ok(passes.lastIndexOf("a") > passes.indexOf("b") && passes.lastIndexOf("b") > passes.indexOf("a"));
});

Deno.test("Annotation can leave out earlier comments, but never the annotated one, and records how many it left out", async () => {
  const prompts: string[] = [];
  const answer: Answer = ({ messages, shorten, origin }) => {
    let commentsLeftOut = 0;
    while (shorten!(commentsLeftOut + 1) !== null) commentsLeftOut++;
    const sent = commentsLeftOut === 0 ? messages : shorten!(commentsLeftOut)!;
    prompts.push(JSON.stringify(sent));
    assert.equal(commentsLeftOut, Math.min(2, origin.turn));
    const text = sent.at(-1)!.content.endsWith("no.") ? "no" : "3";
    return { text, finishReason: "stop", commentsLeftOut };
  };
  const environment = judgingEnvironment({ store: await storeHolding("d1", DISCUSSION), answer });
  const events = (await annotated(passWith(), environment)).slice(DISCUSSION.length + 1, -1);
  const generations = events.map(({ data }) => "generation" in data ? data.generation! : assert.fail());
  assert.deepEqual(generations.map(({ promptHash }) => promptHash), prompts.map(portableSha256));
  assert.deepEqual(
    generations.map(({ commentsLeftOut }) => commentsLeftOut),
    [undefined, 1, 2, 2].flatMap((leftOut) => [leftOut, leftOut, leftOut, leftOut]),
  );
  const comments = DISCUSSION.flatMap(({ data }) =>
    "text" in data ? [JSON.stringify(data.text).slice(1, -1)] : []
  );
  prompts.forEach((prompt, nth) => {
    const judgedComment = Math.floor(nth / 4);
    assert.deepEqual(comments.filter((text) => prompt.includes(`: ${text}\\n`)), [comments[judgedComment]]);
  });
});

Deno.test("Annotation sends no request when it is stopped, and records nothing when it is aborted", async () => {
  const environment = judgingEnvironment({
    store: await storeHolding("d1", DISCUSSION),
    answer: (request, signal) => signal.aborted ? Promise.reject(signal.reason) : judgingAnswer(request),
  });
  const never = new AbortController().signal;
  const annotation = (await Annotation.open("d1", passWith(), environment))!;
  await annotation.advance(never, AbortSignal.abort());
  await assert.rejects(annotation.advance(AbortSignal.abort(new Error("enough")), never), /enough/);
  assert.deepEqual((await logOf(environment)).slice(DISCUSSION.length).map(({ type }) => type), [
    "AnnotationPassStarted",
  ]);
  while (!annotation.ended) await annotation.advance();
  const { events } = playPass(DISCUSSION, passWith());
  assert.deepEqual(await logOf(environment), [...DISCUSSION, ...events]);
});
