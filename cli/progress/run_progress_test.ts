import assert from "node:assert/strict";
import { memorySink } from "../terminal/text_sink.ts";
import { FAILED_NAMED_MAX } from "./display.ts";
import { displayRun, liveView, plainView, type Tally, TallyKeeper } from "./run_progress.ts";
import { displayWidth } from "../terminal/text.ts";
import { evolve, initialState, type OpenState } from "../../core/discussion/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { designWith } from "../../core/testing/mod.ts";

const TOTALS = { discussions: 10, turns: 100 };

Deno.test("displayRun() prints nothing if the run never began", () => {
  for (const style of ["live", "plain", "json", "quiet"] as const) {
    const io = { stdout: memorySink(), stderr: memorySink({ isTerminal: true }) };
    displayRun(style, io, TOTALS).end();
    assert.equal(io.stdout.text + io.stderr.text, "", style);
  }
});

Deno.test("displayRun() names the first discussions that fail, and escapes control characters", () => {
  const io = { stdout: memorySink(), stderr: memorySink() };
  const report = displayRun("quiet", io, TOTALS);
  for (let n = 1; n <= FAILED_NAMED_MAX + 3; n++) {
    report.notify({ kind: "set-aside", discussion: `d${n}`, reason: "\x1b[2J" });
  }
  const { tally, setAside } = report.end();
  assert.equal(tally.discussions.setAside, FAILED_NAMED_MAX + 3);
  assert.equal(setAside.length, FAILED_NAMED_MAX);
  assert.equal(io.stderr.text.split("\n").length - 1, FAILED_NAMED_MAX);
  assert.match(io.stderr.text, /^failed d1: \\u\{1b\}\[2J\n/);
  assert.equal(io.stdout.text, "");
});

Deno.test("displayRun() writes JSON lines to the standard output, and text to the standard error", () => {
  const io = { stdout: memorySink(), stderr: memorySink() };
  const report = displayRun("json", io, TOTALS);
  report.say("hello");
  report.notify({ kind: "set-aside", discussion: "d1", reason: "no" });
  report.end();
  const lines = io.stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ type }) => type), ["progress", "set-aside", "progress"]);
  assert.equal(io.stderr.text, "hello\n");
});

const TALLY: Tally = {
  discussions: { planned: 5000, ended: 1234, endedBefore: 0, resumed: 0, open: 64, setAside: 2, left: 0 },
  turns: { planned: 70_000, ended: 17_500, endedBefore: 0, givenUp: 28 },
  silent: 12,
  cutBeforeText: 0,
  replies: new Map(),
  interventions: 3,
  tokens: { prompt: 12_345_678, completion: 1_234_567 },
  failures: 3,
};
// (70,000 − 17,500 − 28) turns at 312 a second take 168.2 s.
const MOMENT = { tally: TALLY, turnsPerSecond: 312, tokensPerSecond: 240_000 };

Deno.test("liveView() shows bars, figures, pace and remaining time on 80 columns", () => {
  assert.deepEqual(liveView(memorySink({ isTerminal: true, columns: 80 }), MOMENT), [
    // Of 79 columns, the label takes 12, the figures 13 + 1 + 5, the pace 24 and a space 1. The bar gets 23.
    "discussions █████░░░░░░░░░░░░░░░░░░ 1,234/5,000    24 %  64 open",
    "turns       █████░░░░░░░░░░░░░░░░░░ 17,500/70,000  25 %  2 min 48 s left  312/s",
    "tokens      12.3 M in, 1.23 M out  240 k/s",
    "failures    3   failed discussions 2   silent 12",
  ]);
});

Deno.test("liveView() fits into terminals of any width", () => {
  for (let columns = 1; columns <= 200; columns++) {
    for (const line of liveView(memorySink({ isTerminal: true, columns }), MOMENT)) {
      assert.ok(displayWidth(line) <= Math.max(1, columns - 1), `${columns}: ${line}`);
    }
  }
});

Deno.test("plainView() shows the progress in one line", () => {
  assert.equal(
    plainView(MOMENT),
    "discussions 1,234/5,000, turns 17,500/70,000 (25 %), 312/s, 2 min 48 s left, " +
      "tokens 12.3 M in 1.23 M out, failures 3, failed discussions 2",
  );
});

Deno.test("plainView() leaves out figures that are still unknown", () => {
  const tally = {
    ...TALLY,
    discussions: { ...TALLY.discussions, setAside: 0, left: 0 },
    tokens: { prompt: 0, completion: 0 },
  };
  assert.equal(
    plainView({ tally, turnsPerSecond: null, tokensPerSecond: null }),
    "discussions 1,234/5,000, turns 17,500/70,000 (25 %), tokens 0 in 0 out, failures 3",
  );
});

const GENERATION = {
  model: "m",
  promptHash: "0".repeat(64),
  seed: 1,
  finishReason: "stop",
  usage: { promptTokens: 100, completionTokens: 7 },
} as const;

/** The state of a discussion of ten turns before turn number `turn`. */
function stateAt(id: string, turn: number, phase: "open" | "ended" = "open"): OpenState {
  const design = { ...designWith({ turns: 10 }), id };
  const opened = evolve(initialState, { type: "DiscussionOpened", data: design }) as OpenState;
  return { ...opened, turn, phase };
}

function taken(turn: number): DiscussionEvent {
  return {
    type: "TurnTaken",
    data: { turn, comment: turn, participant: "Anna", text: "x", generation: GENERATION },
  };
}

Deno.test("TallyKeeper counts turns, silence, interventions, tokens and failures of this run", () => {
  const keeper = new TallyKeeper({ discussions: 2, turns: 20 });
  keeper.count({ kind: "opened", state: stateAt("a", 0), resumed: false });
  const silent = { turn: 1, participant: "Ben", reason: "empty", raw: "", generation: GENERATION } as const;
  const spoken = { turn: 1, comment: 1, moderator: "M", text: "x", generation: GENERATION } as const;
  const failed = {
    turn: 2,
    speaker: "Ben",
    role: "participant",
    model: "m",
    kind: "time-out",
    retryable: true,
  } as const;
  keeper.count({
    kind: "recorded",
    discussion: "a",
    events: [
      taken(0),
      { type: "TurnPassed", data: silent },
      { type: "ModeratorIntervened", data: spoken },
      { type: "GenerationFailed", data: failed },
    ],
  });
  const { turns, silent: silence, interventions, tokens, failures, discussions } = keeper.tally;
  assert.deepEqual(turns, { planned: 20, ended: 2, endedBefore: 0, givenUp: 0 });
  assert.deepEqual([silence, interventions, failures, discussions.open], [1, 1, 1, 1]);
  assert.deepEqual(tokens, { prompt: 300, completion: 21 });
});

Deno.test("TallyKeeper counts earlier discussions and turns apart from new ones", () => {
  const keeper = new TallyKeeper({ discussions: 3, turns: 30 });
  keeper.count({ kind: "opened", state: stateAt("a", 10, "ended"), resumed: true });
  keeper.count({ kind: "opened", state: stateAt("b", 4), resumed: true });
  keeper.count({ kind: "recorded", discussion: "b", events: [taken(4)] });
  const { turns, discussions } = keeper.tally;
  assert.deepEqual(turns, { planned: 30, ended: 15, endedBefore: 14, givenUp: 0 });
  assert.deepEqual(discussions, {
    planned: 3,
    ended: 1,
    endedBefore: 1,
    resumed: 1,
    open: 1,
    setAside: 0,
    left: 0,
  });
});

Deno.test("TallyKeeper no longer plans turns after an early end, and counts turns of failed discussions apart", () => {
  const keeper = new TallyKeeper({ discussions: 4, turns: 40 });
  // Discussion a ended early before, with 7 turns left. Discussion b ends early now, with 8 left. Discussion c fails,
  // with 10 left.
  keeper.count({ kind: "opened", state: stateAt("a", 3, "ended"), resumed: true });
  keeper.count({ kind: "opened", state: stateAt("b", 1), resumed: true });
  keeper.count({ kind: "recorded", discussion: "b", events: [taken(1)] });
  keeper.count({ kind: "ended", discussion: "b" });
  keeper.count({ kind: "opened", state: stateAt("c", 0), resumed: false });
  keeper.count({ kind: "set-aside", discussion: "c", reason: "no" });
  assert.deepEqual(keeper.tally.turns, { planned: 40 - 7 - 8, ended: 5, endedBefore: 4, givenUp: 10 });
  assert.deepEqual(keeper.tally.discussions.open, 0);
});
