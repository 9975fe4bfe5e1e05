/** How the whole program treats replies of servers: in the log, the summary, `replay`, `status` and `report`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { nativeSha256 } from "../../adapters/system.ts";
import { startOpenAiStub } from "../../adapters/models/testing/openai_stub.ts";
import { folderRun } from "../../adapters/stores/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { readStream } from "../../core/engine/mod.ts";
import { type DiscussionEvent, eventOf } from "../../core/events/mod.ts";
import { runHere } from "../testing/processes.ts";

/** A choice of a completion, as a server sends it. */
type Sent = Readonly<
  { content: unknown; finish_reason: string; reasoning_content?: string; error?: unknown }
>;

const said = (content: unknown): Sent => ({ content, finish_reason: "stop" });
const GOOD = said("I agree: the night bus should stay.");

const THOUGHT_COMMENT = said(
  "<think>\nI am Anna. The others want the night bus; I could agree.\n</think>\n\nI agree: the night bus should stay.",
);
const THOUGHT_PASS = said("<think>\nNothing to add here.\n</think>\n\nPASS");
const EMPTY_LENGTH: Sent = {
  content: "",
  reasoning_content: "First I should consider what the others said about the night bus, and then",
  finish_reason: "length",
};

type Held = Readonly<{ events: readonly DiscussionEvent[]; run: string; stdout: string; asked: number }>;

type Setting = Readonly<{ moderated?: boolean; judge?: Sent; model?: string }>;

/** Runs one discussion of two turns. The server sends these answers in turn, and repeats the last one. */
async function held(
  cwd: string,
  answers: readonly Sent[],
  { moderated = false, judge, model = "" }: Setting = {},
): Promise<Held> {
  let asked = 0;
  await using stub = startOpenAiStub({
    fault: ({ body }) => {
      const isJudge = JSON.stringify(body.messages).includes("How toxic");
      const { finish_reason, error, ...message } = isJudge && judge
        ? judge
        : answers[Math.min(asked++, answers.length - 1)]!;
      const choice = { index: 0, message: { role: "assistant", ...message }, finish_reason };
      return {
        kind: "completion",
        fields: { choices: [error === undefined ? choice : { ...choice, error }] },
      };
    },
  });
  const text = `name: replies
seed: 3
models: { m: { adapter: openai, model: stub-model, baseUrl: "${stub.baseUrl}"${model} } }
participants: { model: m, personas: [{ name: Cleo }] }
discussion: { turns: 2, turnTaking: round-robin }
${
    moderated
      ? "moderators: { mo: { model: m, instructions: Calm., schedule: on-demand } }\nmoderator: mo\n"
      : ""
  }${
    judge === undefined
      ? ""
      : "annotation: { annotators: { model: m, personas: [{ name: Rita }] }, retries: 1, " +
        "scales: { toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is it? } } }\n"
  }`;
  await Deno.writeTextFile(join(cwd, "e.yaml"), text);
  const run = join(cwd, "run");
  const done = await runHere("run", join(cwd, "e.yaml"), "--out", run);
  assert.equal(done.code, 0, done.stderr);
  const verified = await runHere("replay", run, "--verify");
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  return { events: await eventsOf(run), run, stdout: done.stdout, asked };
}

async function eventsOf(run: string): Promise<DiscussionEvent[]> {
  const { store } = await folderRun(run).read();
  const events: DiscussionEvent[] = [];
  for await (const stream of store.streams()) {
    for await (const envelope of readStream(store, stream, nativeSha256)) events.push(eventOf(envelope));
  }
  return events;
}

type Type = DiscussionEvent["type"];

// deno-lint-ignore no-explicit-any -- tests look into events of many types
function only(events: readonly DiscussionEvent[], type: Type): readonly any[] {
  return events.filter((event) => event.type === type).map(({ data }) => data);
}

Deno.test("the log keeps thoughts apart from the comment", () =>
  inFolder(async (cwd) => {
    const { events, run, stdout } = await held(cwd, [THOUGHT_COMMENT]);
    const [first] = only(events, "TurnTaken");
    assert.equal(first!.text, "I agree: the night bus should stay.");
    assert.equal(first!.thoughts, "I am Anna. The others want the night bus; I could agree.");
    assert.equal(first!.raw, THOUGHT_COMMENT.content);
    assert.match(stdout, /m: 2 of 2 replies hold thoughts/);
    const status = await runHere("status", run);
    assert.match(status.stdout, /m: 2 of 2 replies hold thoughts/);
    const replayed = await runHere("replay", run);
    assert.doesNotMatch(replayed.stdout, /think>|I am Anna/);
    assert.equal((await runHere("report", run, "--full")).code, 0);
    const page = await Deno.readTextFile(join(run, "report", "report.md"));
    assert.match(page, /2 of 2 replies hold thoughts/);
    assert.doesNotMatch(page, /I am Anna/);
  }));

Deno.test("`thoughts: keep` leaves thoughts in the comment", () =>
  inFolder(async (cwd) => {
    const { events } = await held(cwd, [THOUGHT_COMMENT], { model: ", thoughts: keep" });
    assert.equal(only(events, "TurnTaken")[0]!.text, THOUGHT_COMMENT.content);
  }));

Deno.test("a pass word after thoughts makes a silent turn, for participants and moderators", () =>
  inFolder(async (cwd) => {
    const { events } = await held(cwd, [THOUGHT_PASS], { moderated: true });
    assert.deepEqual(only(events, "TurnPassed").map(({ reason }) => reason), ["pass-word", "pass-word"]);
    assert.deepEqual(only(events, "ModeratorAbstained").map(({ reason }) => reason), [
      "pass-word",
      "pass-word",
    ]);
    assert.equal(only(events, "TurnPassed")[0]!.thoughts, "Nothing to add here.");
  }));

Deno.test("a reply in parts is a comment, and the speaker's own name is removed from a reply", async () => {
  for (
    const [sent, text] of [
      [
        said([{ type: "text", text: "I agree: the night bus should stay." }]),
        "I agree: the night bus should stay.",
      ],
      [said("**Cleo:** I agree: the night bus should stay."), "I agree: the night bus should stay."],
    ] as const
  ) {
    await inFolder(async (cwd) => {
      const { events } = await held(cwd, [sent]);
      assert.deepEqual(only(events, "TurnTaken").map((turn) => turn.text), [text, text]);
    });
  }
  await inFolder(async (cwd) => {
    const { events } = await held(cwd, [said("**Cleo:** PASS")]);
    const [passed] = only(events, "TurnPassed");
    assert.deepEqual([passed!.reason, passed!.removed], ["pass-word", ["**Cleo:**"]]);
  });
});

Deno.test("the run asks again when the server fails during a reply", async () => {
  for (
    const [reason, error] of [["error", undefined], ["error", { code: 502, message: "upstream died" }], [
      "abort",
      undefined,
    ]] as const
  ) {
    await inFolder(async (cwd) => {
      const broken = { content: "The night bu", finish_reason: reason, ...(error && { error }) };
      const { events, asked } = await held(cwd, [broken, GOOD]);
      assert.deepEqual(only(events, "TurnTaken").map(({ text }) => text), [GOOD.content, GOOD.content]);
      assert.equal(asked, 3);
    });
  }
});

Deno.test("a reply that was cut before any text counts as cut, not as a chosen silence", () =>
  inFolder(async (cwd) => {
    const { events, run, stdout } = await held(cwd, [EMPTY_LENGTH], { moderated: true });
    const [passed] = only(events, "TurnPassed");
    assert.deepEqual([passed!.reason, passed!.raw], ["cut-before-text", ""]);
    assert.equal(passed!.thoughts, EMPTY_LENGTH.reasoning_content);
    assert.equal(only(events, "ModeratorAbstained")[0]!.reason, "cut-before-text");
    assert.match(stdout, /2 run \(4 cut before any text\)/);
    const warning =
      /4 of 4 replies were cut, 4 of them before any text, 4 of them while the model was still thinking/;
    assert.match(stdout, warning);
    const { conditions } = JSON.parse((await runHere("status", run, "--json")).stdout);
    assert.deepEqual([conditions.base.silent, conditions.base.cutBeforeText], [0, 2]);
    const counts = await runHere("query", run, "select silences, cut_turns from discussions", "--csv");
    assert.equal(counts.stdout, "silences,cut_turns\n0,2\n");
    assert.match((await runHere("replay", run)).stdout, /the limit of tokens cut the reply before any text/);
    assert.equal((await runHere("report", run, "--full")).code, 0);
    const page = await Deno.readTextFile(join(run, "report", "report.md"));
    assert.match(page, warning);
    assert.match(page, /4 replies were cut while the model was still thinking/);
    assert.doesNotMatch(page, /Silence 1\.000/);
  }));

Deno.test("annotation reads a value from the reply, never from thoughts or a cut reply", async () => {
  const judgements: readonly (readonly [judge: Sent, toxicity: number | null])[] = [
    [said("<think>Could be 2. But I prefer 4.</think>\n\n4"), 4],
    [
      {
        content: "<think>\nOkay, the comment makes 3 points about the buses. Let me consider",
        finish_reason: "length",
      },
      null,
    ],
    [{ content: "The comment deserves a 5 only if", finish_reason: "MAX_TOKENS" }, null],
  ];
  for (const [judge, toxicity] of judgements) {
    await inFolder(async (cwd) => {
      const { events, stdout } = await held(cwd, [GOOD], { judge });
      const read = only(events, "CommentAnnotated").map(({ values }) => values.toxicity);
      assert.deepEqual(read, toxicity === null ? [] : [toxicity, toxicity]);
      assert.equal(only(events, "AnnotationUnparsed").length, toxicity === null ? 4 : 0);
      const warning = "m: 4 of 4 replies were cut at the limit of tokens; raise maxTokens";
      assert.equal(stdout.includes(warning), toxicity === null, stdout);
    });
  }
});
