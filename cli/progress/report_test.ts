import assert from "node:assert/strict";
import { memorySink } from "../terminal/text_sink.ts";
import { SET_ASIDE_NAMED_MAX } from "./display.ts";
import { reportProgress } from "./report.ts";

const TOTALS = { discussions: 10, turns: 100 };

Deno.test("reportProgress() shows nothing of a run that never began", () => {
  for (const style of ["live", "plain", "json", "quiet"] as const) {
    const io = { stdout: memorySink(), stderr: memorySink({ isTerminal: true }) };
    reportProgress(style, io, TOTALS).end();
    assert.equal(io.stdout.text + io.stderr.text, "", style);
  }
});

Deno.test("reportProgress() names the first discussions that are set aside, and makes their words harmless", () => {
  const io = { stdout: memorySink(), stderr: memorySink() };
  const report = reportProgress("quiet", io, TOTALS);
  for (let n = 1; n <= SET_ASIDE_NAMED_MAX + 3; n++) {
    report.notify({ kind: "set-aside", discussion: `d${n}`, reason: "\x1b[2J" });
  }
  const { tally, setAside } = report.end();
  assert.equal(tally.discussions.setAside, SET_ASIDE_NAMED_MAX + 3);
  assert.equal(setAside.length, SET_ASIDE_NAMED_MAX);
  assert.equal(io.stderr.text.split("\n").length - 1, SET_ASIDE_NAMED_MAX);
  assert.match(io.stderr.text, /^set aside d1: \\u\{1b\}\[2J\n/);
  assert.equal(io.stdout.text, "");
});

Deno.test("reportProgress() keeps JSON and words apart", () => {
  const io = { stdout: memorySink(), stderr: memorySink() };
  const report = reportProgress("json", io, TOTALS);
  report.say("hello");
  report.notify({ kind: "set-aside", discussion: "d1", reason: "no" });
  report.end();
  const lines = io.stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ type }) => type), ["progress", "set-aside", "progress"]);
  assert.equal(io.stderr.text, "hello\n");
});
