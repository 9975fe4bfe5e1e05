import assert from "node:assert/strict";
import { annotationAfter, designWith, passWith, playPass, undisturbed } from "../../core/testing/mod.ts";
import { memorySink } from "../terminal/text_sink.ts";
import { displayAnnotation } from "./annotation_progress.ts";

const DISCUSSION = undisturbed(designWith());
const [started, ...events] = playPass(DISCUSSION, passWith()).events;
const progress = annotationAfter([...DISCUSSION, started!]).passes.get("p1")!;

function reported(style: "live" | "plain" | "json" | "quiet", columns = 80) {
  const io = { stdout: memorySink(), stderr: memorySink({ isTerminal: style === "live", columns }) };
  const report = displayAnnotation(style, io, 2);
  report.notify({ kind: "opened", discussion: "a", progress });
  report.notify({ kind: "recorded", discussion: "a", events });
  report.notify({ kind: "ended", discussion: "a" });
  report.notify({ kind: "set-aside", discussion: "b", reason: "\x1b[2Jno" });
  report.say("hello");
  const { tally, setAside } = report.end();
  assert.deepEqual(setAside, [{ discussion: "b", reason: "\x1b[2Jno" }]);
  return { ...io, tally };
}

Deno.test("displayAnnotation() shows nothing of an annotation that never began", () => {
  for (const style of ["live", "plain", "json", "quiet"] as const) {
    const io = { stdout: memorySink(), stderr: memorySink({ isTerminal: true }) };
    displayAnnotation(style, io, 3).end();
    assert.equal(io.stdout.text + io.stderr.text, "", style);
  }
});

Deno.test("displayAnnotation() writes lines of JSON to the standard output, and words elsewhere", () => {
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

Deno.test("displayAnnotation() writes plain lines to files, and neutralises text from models", () => {
  const { stdout, stderr, tally } = reported("plain");
  assert.equal(stdout.text, "");
  const lines = stderr.text.trimEnd().split("\n");
  assert.match(lines[0]!, /^annotated 0\/2, judgements 0/);
  assert.equal(lines[1], "failed b: \\u{1b}[2Jno");
  assert.match(
    lines.at(-1)!,
    new RegExp(
      `^annotated 1/2, judgements ${
        tally.judgements.asked - tally.judgements.unanswered
      }.*, failed discussions 1$`,
    ),
  );
});

Deno.test("displayAnnotation() draws lines that fit the terminal, with a bar where there is room", () => {
  for (const columns of [20, 40, 80, 200]) {
    const { stderr } = reported("live", columns);
    // deno-lint-ignore no-control-regex -- what a terminal does not show takes no room
    const shown = stderr.text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "").split(/[\r\n]+/);
    const drawn = shown.filter((line) => /^(?:annotated|judgements)/.test(line));
    assert.ok(drawn.length >= 2);
    for (const line of drawn) assert.ok([...line].length < columns || columns < 40, `${columns}: ${line}`);
    assert.equal(/[█━▇■]/.test(drawn.join("")), columns >= 80, drawn.join("\n"));
  }
});

Deno.test("displayAnnotation() is quiet but for what goes wrong", () => {
  const { stdout, stderr } = reported("quiet");
  assert.deepEqual([stdout.text, stderr.text], ["", "failed b: \\u{1b}[2Jno\nhello\n"]);
});
