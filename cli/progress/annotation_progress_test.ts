import assert from "node:assert/strict";
import { annotationAfter, designWith, passWith, playPass, undisturbed } from "../../core/testing/mod.ts";
import { memorySink } from "../terminal/text_sink.ts";
import { AnnotationTallyKeeper, displayAnnotation } from "./annotation_progress.ts";
import type { PassProgress } from "../../core/annotation/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";

const DISCUSSION = undisturbed(designWith());
const [started, ...events] = playPass(DISCUSSION, passWith()).events;
const progress = annotationAfter([...DISCUSSION, started!]).passes.get("p1")!;

function reported(style: "live" | "plain" | "json" | "quiet", columns = 80) {
  const io = { stdout: memorySink(), stderr: memorySink({ isTerminal: style === "live", columns }) };
  const report = displayAnnotation(style, io, { planned: 2 });
  report.notify({ kind: "opened", discussion: "a", progress });
  report.notify({ kind: "recorded", discussion: "a", events });
  report.notify({ kind: "ended", discussion: "a" });
  report.notify({ kind: "set-aside", discussion: "b", reason: "\x1b[2Jno" });
  report.say("hello");
  const { tally, setAside } = report.end();
  assert.deepEqual(setAside, [{ discussion: "b", reason: "\x1b[2Jno" }]);
  return { ...io, tally };
}

Deno.test("displayAnnotation() prints nothing if the annotation never began", () => {
  for (const style of ["live", "plain", "json", "quiet"] as const) {
    const io = { stdout: memorySink(), stderr: memorySink({ isTerminal: true }) };
    displayAnnotation(style, io, { planned: 3 }).end();
    assert.equal(io.stdout.text + io.stderr.text, "", style);
  }
});

Deno.test("displayAnnotation() writes JSON lines to the standard output, and text to the standard error", () => {
  const { stdout, stderr, tally } = reported("json");
  const lines = stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ type }) => type), [
    "annotation-progress",
    "set-aside",
    "annotation-progress",
  ]);
  const { discussions, judgements } = lines.at(-1)!;
  assert.deepEqual({ discussions, judgements }, {
    discussions: tally.discussions,
    judgements: tally.judgements,
  });
  assert.equal(stderr.text, "hello\n");
});

Deno.test("displayAnnotation() writes plain lines to a file, and escapes control characters", () => {
  const { stdout, stderr, tally } = reported("plain");
  assert.equal(stdout.text, "");
  const lines = stderr.text.trimEnd().split("\n");
  assert.match(lines[0]!, /^annotated 0\/2, annotations 0/);
  assert.equal(lines[1], "failed b: \\u{1b}[2Jno");
  assert.match(
    lines.at(-1)!,
    new RegExp(
      `^annotated 1/2, annotations ${
        tally.judgements.asked - tally.judgements.unanswered
      }.*, failed discussions 1$`,
    ),
  );
});

Deno.test("displayAnnotation() draws lines that fit the terminal, with a bar if the terminal is wide enough", () => {
  for (const columns of [20, 40, 80, 200]) {
    const { stderr } = reported("live", columns);
    // deno-lint-ignore no-control-regex -- removes invisible sequences
    const shown = stderr.text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "").split(/[\r\n]+/);
    const drawn = shown.filter((line) => /^(?:annotated|annotations)/.test(line));
    assert.ok(drawn.length >= 2);
    for (const line of drawn) assert.ok([...line].length < columns || columns < 40, `${columns}: ${line}`);
    assert.equal(/[█━▇■]/.test(drawn.join("")), columns >= 80, drawn.join("\n"));
  }
});

Deno.test("displayAnnotation() in quiet style prints only failures and messages", () => {
  const { stdout, stderr } = reported("quiet");
  assert.deepEqual([stdout.text, stderr.text], ["", "failed b: \\u{1b}[2Jno\nhello\n"]);
});

const USAGE = { usage: { promptTokens: 100, completionTokens: 7 } };
/** Four questions about one comment, by two annotators on two scales. The last question fails after one retry. */
const DESIGN = passWith({ targets: { of: "all", perDiscussion: 1 } });
const REPLIES = ["3", "?", "yes", "4", "?", "?"];
let nth = 0;
const [begun, ...answers] = playPass(
  DISCUSSION,
  DESIGN,
  () => ({ text: REPLIES[nth++]!, finishReason: "stop", ...USAGE }),
).events;

function progressAfter(...pass: readonly DiscussionEvent[]): PassProgress {
  return annotationAfter([...DISCUSSION, begun!, ...pass]).passes.get("p1")!;
}

const NOTHING = { planned: 3, ended: 0, endedBefore: 0, open: 0, skipped: 0, setAside: 0, left: 0 };

Deno.test("AnnotationTallyKeeper counts questions, unparsed replies and tokens", () => {
  const keeper = new AnnotationTallyKeeper(3);
  keeper.count({ kind: "opened", discussion: "a", progress: progressAfter() });
  assert.deepEqual(keeper.tally.discussions, { ...NOTHING, open: 1 });
  keeper.count({ kind: "recorded", discussion: "a", events: [begun!, ...answers.slice(0, 2)] });
  assert.deepEqual(keeper.tally.judgements, { known: 4, settled: 1, asked: 1, unanswered: 0, unread: 1 });
  keeper.count({ kind: "recorded", discussion: "a", events: answers.slice(2) });
  keeper.count({ kind: "ended", discussion: "a" });
  const { discussions, judgements, replies, tokens, failures } = keeper.tally;
  assert.deepEqual(discussions, { ...NOTHING, ended: 1 });
  assert.deepEqual(judgements, { known: 4, settled: 4, asked: 4, unanswered: 1, unread: 3 });
  assert.deepEqual([tokens, failures], [{ prompt: 600, completion: 42 }, 0]);
  assert.equal([...replies.values()].reduce((sum, one) => sum + one.replies, 0), REPLIES.length);
});

Deno.test("AnnotationTallyKeeper counts earlier annotations apart from annotations of this process", () => {
  const keeper = new AnnotationTallyKeeper(3);
  keeper.count({ kind: "opened", discussion: "a", progress: progressAfter(...answers) });
  // The last question has one unparsed reply. After the next unparsed reply, it has failed.
  keeper.count({ kind: "opened", discussion: "b", progress: progressAfter(...answers.slice(0, 5)) });
  keeper.count({ kind: "recorded", discussion: "b", events: answers.slice(5) });
  assert.deepEqual(keeper.tally.judgements, { known: 8, settled: 8, asked: 1, unanswered: 1, unread: 1 });
  assert.deepEqual(keeper.tally.discussions, { ...NOTHING, ended: 1, endedBefore: 1, open: 1 });
});

Deno.test("AnnotationTallyKeeper counts skipped discussions, failed requests and failed discussions", () => {
  const keeper = new AnnotationTallyKeeper(3);
  keeper.count({ kind: "skipped", discussion: "a" });
  keeper.count({ kind: "set-aside", discussion: "b", reason: "damaged" });
  keeper.count({ kind: "opened", discussion: "c", progress: progressAfter() });
  const failed: DiscussionEvent = {
    type: "AnnotationFailed",
    data: { pass: "p1", comment: 0, annotator: "Rita", model: "m", kind: "time-out", retryable: true },
  };
  keeper.count({ kind: "recorded", discussion: "c", events: [failed] });
  keeper.count({ kind: "set-aside", discussion: "c", reason: "too slow" });
  assert.deepEqual(keeper.tally.discussions, { ...NOTHING, skipped: 1, setAside: 2, left: 0 });
  assert.equal(keeper.tally.failures, 1);
});

Deno.test("displayAnnotation() shows how far the raters are, in every style", () => {
  const raters = [{ rater: "Rita", standing: "agreed", rated: 12, of: 40, isFinished: false } as const];
  for (const style of ["live", "plain", "json"] as const) {
    const io = { stdout: memorySink(), stderr: memorySink({ isTerminal: style === "live", columns: 80 }) };
    const shown = displayAnnotation(style, io, { planned: 2, raters: () => raters });
    shown.notify({ kind: "opened", discussion: "a", progress });
    shown.end();
    if (style === "json") {
      const [line] = io.stdout.text.split("\n");
      assert.deepEqual(JSON.parse(line!).raters, raters);
    } else assert.match(io.stderr.text, /raters +Rita 12\/40/);
  }
});
