import assert from "node:assert/strict";
import type { DiscussionDesign } from "../events/mod.ts";
import { memoryRun } from "../ports/memory_run.ts";
import type { EventStore, ModelReply, ModelRequest, RunHome, RunWriter } from "../ports/mod.ts";
import { sampleRun } from "../testing/sample_run.ts";
import {
  designWith,
  environmentWith,
  eventsOf,
  modelThat,
  participantsNamed,
  passWith,
  plainAnswer,
  rulesWith,
} from "../testing/mod.ts";
import { forkDiscussion } from "./fork.ts";
import { annotateDiscussions } from "./annotation.ts";
import type { Environment } from "./environment.ts";
import { Discussion } from "./discussion.ts";
import { Limiter } from "./limiter.ts";
import { replay, verifyReplay } from "./replay.ts";
import { reparseDiscussion } from "./reparse.ts";
import { runDiscussions } from "./run.ts";
import { sentRequests } from "./sent_requests.ts";
import { readStream } from "./stream.ts";

const { sha256 } = rulesWith();

/** A word that only the people of these tests write. */
const WORD = "marzipan";

const sent = (text: string): ModelReply => ({ text, finishReason: "sent" });

/** Ann is a person, and Bob is a model. Each has two of the four turns. */
const DESIGN: DiscussionDesign = designWith({
  participants: participantsNamed("Ann", "Bob").map((one) => ({ ...one, model: one.name })),
  models: Object.fromEntries(["Ann", "Bob"].map((name) => [name, designWith().models["test-model"]!])),
  history: 2,
  openings: [{ author: "Bob", text: "Begin." }],
  turns: 6,
});

type Seen = (request: ModelRequest) => void;

function environmentOf({ store }: Pick<RunWriter, "store">, seen: Seen = () => {}): Environment {
  const answer = (say: (request: ModelRequest) => string | ModelReply) => (request: ModelRequest) => {
    seen(request);
    return say(request);
  };
  const person = answer(({ origin: { turn } }) => sent(`${WORD} ${turn}`));
  const program = answer((request) => plainAnswer({ ...request, seed: 1 }));
  return {
    ...environmentWith({ store }),
    models: (name) =>
      name === "Ann"
        ? { model: modelThat(person), limiter: new Limiter(9), asksPeople: true }
        : { model: modelThat(program), limiter: new Limiter(9) },
  };
}

async function opened(): Promise<{ home: RunHome; run: RunWriter }> {
  const home = memoryRun();
  return { home, run: await home.open(sampleRun()) };
}

async function linesIn({ store }: Pick<RunWriter, "store">): Promise<string> {
  const lines: string[] = [];
  for await (const stream of store.streams()) for await (const line of store.read(stream)) lines.push(line);
  return lines.join("\n");
}

Deno.test("the log has the words of a person only encrypted, and every reader of the run sees them decrypted", async () => {
  const { run } = await opened();
  const environment = environmentOf(run);
  await runDiscussions([DESIGN], environment, { concurrency: 1 });
  assert.ok(!(await linesIn(run)).includes(WORD));
  assert.ok(JSON.stringify(await eventsOf(environment, "d1")).includes(`${WORD} 0`));
  const { divergences, promptsVerified } = await verifyReplay(
    readStream(run.store, "d1", sha256),
    environment.rules,
  );
  assert.deepEqual([divergences, promptsVerified], [[], 6]);
});

Deno.test("a running discussion forgets the words of a person who withdraws, and continues without asking this person", async () => {
  const { home, run } = await opened();
  const prompts: string[] = [];
  const asked: string[] = [];
  const environment = environmentOf(run, ({ messages, origin: { speaker } }) => {
    prompts.push(JSON.stringify(messages));
    asked.push(speaker);
  });
  const discussion = await Discussion.open(DESIGN, environment);
  while (discussion.state.phase === "open" && discussion.state.turn < 3) await discussion.advance();
  assert.ok(prompts.at(-1)!.includes(WORD) || prompts.at(-2)!.includes(WORD));
  prompts.length = asked.length = 0;
  await home.withdraw("d1/Ann", 0);
  while (!discussion.ended) await discussion.advance();
  assert.ok(prompts.every((prompt) => !prompt.includes(WORD)), prompts.join("\n"));
  assert.deepEqual(new Set(asked), new Set(["Bob"]));
  const events = await eventsOf(environment, "d1");
  assert.ok(!JSON.stringify(events).includes(WORD));
  const silences = events.filter(({ type }) => type === "TurnPassed").map(({ data }) => data);
  assert.ok(
    silences.every((data) => "reason" in data && data.reason === "declined"),
    JSON.stringify(silences),
  );
  assert.ok(silences.length > 0);
});

Deno.test("after a withdrawal, a resumed discussion continues exactly as one that was not interrupted", async () => {
  const { home, run } = await opened();
  const environment = environmentOf(run);
  const first = await Discussion.open(DESIGN, environment);
  while (first.state.turn < 3) await first.advance();
  await home.withdraw("d1/Ann", 0);
  const resumed = await Discussion.open(DESIGN, environment);
  assert.ok(resumed.isResumed);
  while (!resumed.ended) await resumed.advance();
  const { state, events } = await replay(readStream(run.store, "d1", sha256));
  assert.deepEqual([state, events], [resumed.state, resumed.length]);
});

Deno.test("words that arrive while the person withdraws are never stored", async () => {
  const { home, run } = await opened();
  const leaving = environmentOf(run, ({ origin: { speaker } }) => {
    if (speaker === "Ann") void home.withdraw("d1/Ann", 0);
  });
  await runDiscussions([DESIGN], leaving, { concurrency: 1 });
  const events = await eventsOf(leaving, "d1");
  assert.ok(!JSON.stringify(events).includes(WORD));
  assert.ok(!(await linesIn(run)).includes('"sealed"'));
});

Deno.test("after a withdrawal, a replay counts the prompts that had the withheld words, and verifies all others", async () => {
  const { home, run } = await opened();
  const environment = environmentOf(run);
  await runDiscussions([DESIGN], environment, { concurrency: 1 });
  await home.withdraw("d1/Ann", 0);
  const log = () => readStream(run.store, "d1", sha256);
  const { divergences, promptsVerified, promptsWithheld } = await verifyReplay(log(), environment.rules);
  assert.deepEqual(divergences, []);
  assert.equal(promptsVerified + promptsWithheld, 6);
  assert.ok(promptsWithheld > 0 && promptsVerified > 0);
  const requests = await Array.fromAsync(sentRequests(log(), { sha256, schedules: new Map() }));
  assert.equal(requests.filter(({ prompt }) => "unknown" in prompt).length, promptsWithheld);
  assert.ok(!JSON.stringify(requests).includes(WORD));
});

Deno.test("if a person withdraws from a discussion and its branch, the words are gone from the branch, too", async () => {
  const { home, run } = await opened();
  const environment = environmentOf(run);
  await runDiscussions([DESIGN], environment, { concurrency: 1 });
  const branch = await forkDiscussion("d1", { id: "d2", seq: 4 }, environment);
  while (!branch.ended) await branch.advance();
  assert.ok(!(await linesIn(run)).includes(WORD));
  const said = async () => JSON.stringify(await eventsOf(environment, "d2"));
  assert.ok((await said()).includes(`${WORD} 0`));
  await home.withdraw("d1/Ann", 0);
  await home.withdraw("d2/Ann", 0);
  assert.ok(!(await said()).includes(WORD));
});

Deno.test("annotators are not asked about withheld comments, and a rater who withdrew is not asked again", async () => {
  const { home, run } = await opened();
  const environment = environmentOf(run);
  await runDiscussions([DESIGN], environment, { concurrency: 1 });
  await home.withdraw("d1/Ann", 0);
  const asked: string[] = [];
  const { annotate } = rated(run, environment, ({ messages, origin: { speaker } }) => {
    asked.push(`${speaker}: ${JSON.stringify(messages)}`);
    if (speaker === "Rita") void home.withdraw("Rita", 0);
  });
  assert.equal((await annotate()).ended, 1);
  assert.ok(asked.every((prompt) => !prompt.includes(WORD)), asked.join("\n"));
  assert.equal(asked.filter((prompt) => prompt.startsWith("Rita")).length, 1);
  const { divergences } = await verifyReplay(readStream(run.store, "d1", sha256), environment.rules);
  assert.deepEqual(divergences, []);
});

/** Two annotators rate the discussion: Rita, who is a person, and a program. `seen` receives each request. */
function rated(run: RunWriter, environment: Environment, seen: Seen = () => {}) {
  const pass = passWith();
  const spec = Object.values(pass.models)[0]!;
  const design = {
    ...pass,
    models: { Rita: spec, judge: spec },
    annotators: ["Rita", "judge"].map((name) => ({ ...pass.annotators[0]!, name, model: name })),
  };
  const models = (name: string) => ({
    model: modelThat((request) => {
      seen(request);
      return name === "Rita" ? sent("4") : "3";
    }),
    limiter: new Limiter(9),
    asksPeople: name === "Rita",
  });
  const annotating = { ...environment, store: run.store, sha256, models };
  const annotate = () =>
    annotateDiscussions(() => ["d1"], design, { concurrency: 1, environment: annotating });
  return { design, annotating, annotate };
}

Deno.test("a person's ratings stay encrypted when they are read again, and are gone after a withdrawal", async () => {
  const { home, run } = await opened();
  const environment = environmentOf(run);
  await runDiscussions([DESIGN], environment, { concurrency: 1 });
  const { design, annotating, annotate } = rated(run, environment);
  assert.equal((await annotate()).ended, 1);
  const again = (as: string) =>
    reparseDiscussion("d1", { pass: design.pass, codebook: design.codebook, as, record: true }, annotating);
  const valuesOf = async (as: string) =>
    (await eventsOf(environment, "d1")).flatMap(({ data }) =>
      "pass" in data && data.pass === as && "annotator" in data && data.annotator === "Rita" &&
        "values" in data
        ? Object.values(data.values)
        : []
    );
  const before = await valuesOf(design.pass);
  const second = (await again("second"))!;
  assert.deepEqual(second.changes, []);
  assert.deepEqual(await valuesOf("second"), before);
  assert.ok(before.length > 0);
  const ofRita = (await linesIn(run)).split("\n").filter((line) => line.includes('"annotator":"Rita"'));
  assert.ok(ofRita.every((line) => line.includes('"sealed"')), ofRita.join("\n"));

  await home.withdraw("Rita", 0);
  assert.deepEqual(await valuesOf("second"), []);
  const third = (await again("third"))!;
  assert.equal(third.replies.length, second.replies.length);
  assert.deepEqual(await valuesOf("third"), []);
  const { divergences } = await verifyReplay(readStream(run.store, "d1", sha256), environment.rules);
  assert.deepEqual(divergences, []);
});

Deno.test("without the key of a person, the engine asks and records nothing that needs the person's words", async () => {
  const { run } = await opened();
  const environment = environmentOf(run);
  const begun = await Discussion.open(DESIGN, environment);
  while (begun.state.turn < 3) await begun.advance();
  const store: EventStore = {
    append: (...line) => run.store.append(...line),
    read: (...from) => run.store.read(...from),
    follow: (...from) => run.store.follow(...from),
    streams: () => run.store.streams(),
    sizes: (streams) => run.store.sizes(streams),
    release: (stream) => run.store.release(stream),
  };
  const elsewhere: Environment = { ...environment, store };
  await assert.rejects(
    Discussion.open(DESIGN, elsewhere),
    /Cannot continue the discussion "d1": .*the key of the words of "d1\/Ann".*Copy the folder "people\/keys"/,
  );
  while (!begun.ended) await begun.advance();
  assert.ok((await Discussion.open(DESIGN, elsewhere)).ended);

  const { design, annotating, annotate } = rated(run, environment);
  const before = await linesIn(run);
  const lacking = { ...annotating, store };
  await assert.rejects(
    annotateDiscussions(() => ["d1"], design, { concurrency: 1, environment: lacking }),
    /Cannot annotate the discussion "d1"/,
  );
  assert.equal(await linesIn(run), before);
  await annotate();
  await assert.rejects(
    reparseDiscussion("d1", { pass: design.pass, codebook: design.codebook, as: "x", record: true }, lacking),
    /Cannot read the pass "p1" of the discussion "d1" again: .*"Rita"/,
  );
});

Deno.test("after the author of a comment withdraws during a pass, no annotator sees the comment or is asked about it", async () => {
  const { home, run } = await opened();
  const environment = environmentOf(run);
  await runDiscussions([DESIGN], environment, { concurrency: 1 });
  const prompts: string[] = [];
  const { annotate } = rated(run, environment, ({ messages }) => {
    prompts.push(JSON.stringify(messages));
    if (prompts.length === 1) void home.withdraw("d1/Ann", 0);
  });
  assert.equal((await annotate()).ended, 1);
  assert.ok(prompts.slice(1).every((prompt) => !prompt.includes(WORD)), prompts.join("\n"));
  const events = await eventsOf(environment, "d1");
  const ofAnn = new Set(
    events.flatMap(({ type, data }) =>
      type === "TurnTaken" && data.participant === "Ann" ? [data.comment] : []
    ),
  );
  const about = events.flatMap((event) =>
    (event.type === "CommentAnnotated" || event.type === "AnnotationUnparsed") &&
      ofAnn.has(event.data.comment)
      ? [event.data.generation?.finishReason]
      : []
  );
  assert.ok(about.length > 0);
  assert.deepEqual(new Set(about), new Set(["declined"]));
});
