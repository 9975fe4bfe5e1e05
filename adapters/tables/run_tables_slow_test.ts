import assert from "node:assert/strict";
import { join } from "node:path";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { inFolder } from "../testing/in_folder.ts";
import { answerOf, runHolding } from "./testing/run_holding.ts";

const HASH = "0123456789abcdef".repeat(4);

/** The answer of a query on a run with one discussion, `d`. */
async function asked(events: readonly DiscussionEvent[], sql: string): Promise<(string | null)[][]> {
  let answer: (string | null)[][] = [];
  await inFolder(async (folder) => {
    const run = await runHolding(join(folder, "run"), { d: events });
    await Deno.mkdir(join(folder, "db"));
    answer = await answerOf(join(folder, "db"), { first: run }, sql);
  });
  return answer;
}

const whole = [...sampleEvents("d"), ...annotationEvents("p1")];

Deno.test("the table comments has a row for each comment, and its positions count silent slots, too", async () => {
  const sql =
    `SELECT comment_id, position, turn, author, "by", text, raw, model, prompt_hash, seed, prompt_tokens,
    completion_tokens, finish_reason, run FROM comments ORDER BY position`;
  const told = ["tiny", HASH, "7", "12", "3", "stop", "first"];
  assert.deepEqual(await asked(whole, sql), [
    ["d#0", "0", null, "Ada", "author", "Grüße 😀", null, null, null, null, null, null, null, "first"],
    ["d#1", "1", "0", "Bob", "participant", "No.", " No. ", ...told],
    ["d#2", "2", "0", "Mo", "moderator", "Calm.", null, ...told],
    // Two silent slots come before this comment.
    ["d#3", "5", "2", "Bob", "participant", "Fine\n\u{10d800}.", null, ...told],
  ]);
});

Deno.test("the table silences has a row for each silent slot", async () => {
  const sql = `SELECT position, turn, author, "by", reason, raw, model FROM silences ORDER BY position`;
  assert.deepEqual(await asked(whole, sql), [
    ["3", "1", "Ada", "participant", "empty", '""', "tiny"],
    ["4", "1", "Mo", "moderator", "pass-word", "PASS", "tiny"],
  ]);
});

Deno.test("a turn that was cut before any text is in the table cut_turns, not in silences", async () => {
  const cut = whole.map((event) =>
    event.type === "TurnPassed"
      ? { ...event, data: { ...event.data, reason: "cut-before-text", raw: "", thoughts: "Hm" } } as const
      : event
  );
  const slot = (table: string) => `SELECT position, author, reason, thoughts FROM ${table}`;
  assert.deepEqual(await asked(cut, slot("cut_turns")), [["3", "Ada", "cut-before-text", "Hm"]]);
  assert.deepEqual(await asked(cut, slot("silences")), [["4", "Mo", "pass-word", null]]);
  assert.deepEqual(await asked(cut, "SELECT turns, silences, cut_turns FROM discussions"), [["3", "0", "1"]]);
});

Deno.test("the tables discussions and participants give the design and the end of a discussion", async () => {
  const sql =
    `SELECT discussion, experiment, condition, factors->>'$.moderator', replicate, seed, turns_planned, turns,
    comments, silences, participants, moderator, turn_taking, status, end_reason FROM discussions`;
  const discussion = ["d", "sample", "base", "gentle", "1", "42", "3", "3", "2", "1", "2", "Mo", "respond"];
  assert.deepEqual(await asked(whole, sql), [[...discussion, "completed", "turns"]]);
  const unfinished = await asked(whole.slice(0, 3), sql);
  assert.deepEqual(unfinished[0]!.slice(7), ["1", "1", "0", "2", "Mo", "respond", "unfinished", null]);
  assert.deepEqual(
    await asked(whole, "SELECT name, place, model, role, persona FROM participants ORDER BY place"),
    [
      ["Ada", "0", "tiny", null, '{"age":36,"tags":["a",null,true]}'],
      ["Bob", "1", "tiny", "troll", "{}"],
    ],
  );
});

Deno.test("the table annotations has a row for each parsed value, and annotations_unparsed for each unparsed value", async () => {
  const sql =
    `SELECT comment_id, position, pass, annotator, scale, value, value_number, value_text, value_boolean,
    probabilities, attempt FROM annotations WHERE comment IS NOT NULL ORDER BY scale`;
  const about = ["d#1", "1", "p1", "Rita"];
  assert.deepEqual(await asked(whole, sql), [
    [...about, "stance", "against", null, "against", null, '{"for":0.25,"against":0.75}', "1"],
    [...about, "toxicity", "4", "4", null, null, null, "1"],
  ]);
  const unparsed =
    "SELECT comment_id, position, annotator, scale, problem, raw FROM annotations_unparsed ORDER BY scale";
  const said = ["toxicity: no answer", "rather toxic"];
  assert.deepEqual(await asked(whole, unparsed), [
    ["d#3", "5", "Rita", "stance", ...said],
    ["d#3", "5", "Rita", "toxicity", ...said],
  ]);
});

Deno.test("the table annotations has separate columns for booleans, numbers and texts; a text such as 12 stays a text", async () => {
  const annotated = (
    comment: number,
    values: Record<string, string | number | boolean>,
  ): DiscussionEvent => ({
    type: "CommentAnnotated",
    data: { pass: "p", comment, annotator: "file", values },
  });
  const started = annotationEvents("p")[0]!;
  const events = [...sampleEvents("d"), started, annotated(0, { a: false, b: -0.5, c: "12", d: "" })];
  const sql =
    "SELECT scale, value, value_number, value_text, value_boolean, model FROM annotations ORDER BY scale";
  assert.deepEqual(await asked(events, sql), [
    ["a", "false", null, null, "false", null],
    ["b", "-0.5", "-0.5", null, null, null],
    ["c", "12", null, "12", null, null],
    ["d", "", null, "", null, null],
  ]);
});

Deno.test("the table generations has a row for each request, also for a failed request", async () => {
  const sql =
    `SELECT event, speaker, role, turn, pass, model, finish_reason, failure, retryable FROM generations
    ORDER BY seq`;
  const ok = ["tiny", "stop", null, null];
  const failed = ["tiny", null, "time-out", "true"];
  assert.deepEqual(await asked(whole, sql), [
    ["TurnTaken", "Bob", "participant", "0", null, ...ok],
    ["ModeratorIntervened", "Mo", "moderator", "0", null, ...ok],
    ["GenerationFailed", "Ada", "participant", "1", null, ...failed],
    ["TurnPassed", "Ada", "participant", "1", null, ...ok],
    ["ModeratorAbstained", "Mo", "moderator", "1", null, ...ok],
    ["TurnTaken", "Bob", "participant", "2", null, ...ok],
    ["CommentAnnotated", "Rita", "annotator", null, "p1", ...ok],
    ["AnnotationUnparsed", "Rita", "annotator", null, "p1", ...ok],
    ["AnnotationFailed", "Rita", "annotator", null, "p1", ...failed],
  ]);
});

Deno.test("the table generations counts a reply once, even if it was parsed again", async () => {
  const again = annotationEvents("p2").filter(({ type }) => type !== "AnnotationFailed")
    .map((event): DiscussionEvent =>
      event.type === "AnnotationPassStarted"
        ? { ...event, data: { ...event.data, reparsedFrom: "p1" } }
        : event
    );
  const sql = "SELECT pass, count(*) FROM generations GROUP BY pass ORDER BY pass NULLS FIRST";
  assert.deepEqual(await asked([...whole, ...again], sql), [[null, "6"], ["p1", "3"]]);
});

Deno.test("the table events has the events of the logs", async () => {
  const sql = "SELECT seq, type, data->>'$.participant', recorded_at FROM events WHERE type = 'TurnPassed'";
  assert.deepEqual(await asked(whole, sql), [["5", "TurnPassed", "Ada", "2026-01-01 00:00:00"]]);
});

Deno.test("comments of imported discussions have the models of their speakers", async () => {
  const events = sampleEvents("d").map((event): DiscussionEvent => {
    if (event.type !== "TurnTaken" && event.type !== "ModeratorIntervened") return event;
    const { generation: _, ...data } = event.data;
    return { type: event.type, data } as DiscussionEvent;
  });
  const sql = "SELECT model, prompt_hash FROM comments ORDER BY position";
  assert.deepEqual(await asked(events, sql), [[null, null], ["tiny", null], ["tiny", null], ["tiny", null]]);
});

Deno.test("annotations of silent slots have the positions of the slots", async () => {
  const annotated = {
    type: "SilenceAnnotated",
    data: { pass: "p1", position: 3, annotator: "file", values: { toxicity: 0.1 } },
  };
  const events = [
    ...whole.filter(({ type }) => type !== "TurnTaken"),
    annotated as unknown as DiscussionEvent,
  ];
  const sql =
    "SELECT comment_id, comment, position, annotator, value_number FROM annotations WHERE annotator = 'file'";
  assert.deepEqual(await asked(events, sql), [[null, null, "3", "file", "0.1"]]);
});
