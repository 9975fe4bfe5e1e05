import assert from "node:assert/strict";
import type { Growth, Look, Repair } from "../../core/run_log/mod.ts";
import { looksAt, type RunLooks } from "./mod.ts";

function look(finished: number, outcomes: readonly string[] | null = null): Look {
  return { command: "report", outcomes, finished, planned: 100, at: `2026-01-01T00:00:${finished}.000Z` };
}

function growth(from: number, to: number, looksBefore: number): Growth {
  return { at: "2026-01-02T00:00:00.000Z", from, to, looksBefore };
}

function runWith(looks: readonly Look[], growths: readonly Growth[] = [], ended = 100): RunLooks {
  const planned = growths.at(-1)?.to ?? 100;
  return { run: "pilot", history: { looks, growths, repairs: [] }, ended, planned };
}

function repairedAfter(looksBefore: number, looks: readonly Look[]): RunLooks {
  const repairs: readonly Repair[] = [{ at: "2026-01-03T00:00:00.000Z", discussions: ["a"], looksBefore }];
  return { run: "pilot", history: { looks, growths: [], repairs }, ended: 100, planned: 100 };
}

const FIXED = { level: 0.95 };
const PLANNED = { level: 0.95, looks: [50, 100] };

const isSampleChanged = (outcome: string, run: RunLooks, analysis: Parameters<typeof looksAt>[2] = FIXED) =>
  looksAt(outcome, [run], analysis).seenBeforeChange.length > 0;

Deno.test("looksAt() finds growth only if a look came before it", () => {
  const seen = runWith([look(50), look(60)], [growth(60, 100, 2)]);
  assert.deepEqual(looksAt("toxicity", [seen], FIXED), {
    seenBeforeChange: [{ run: "pilot", look: look(60), growth: growth(60, 100, 2) }],
    sequence: null,
  });
  assert.equal(isSampleChanged("toxicity", runWith([look(50), look(100)])), false);
  assert.equal(isSampleChanged("toxicity", runWith([look(100)], [growth(50, 100, 0)])), false);
});

Deno.test("looksAt() counts looks at the outcome, and at other passes and labels of its scale", () => {
  const after = (...outcomes: readonly string[]) => runWith([look(50, outcomes)], [growth(50, 100, 1)]);
  assert.equal(isSampleChanged("toxicity", after("words", "stance=for")), false);
  assert.equal(isSampleChanged("toxicity", after("words", "toxicity")), true);
  assert.equal(isSampleChanged("toxicity", after("second/toxicity")), true);
  assert.equal(isSampleChanged("stance=against", after("stance=for")), true);
  // "words" is a figure of whole discussions. The scale "words" has its pass in its name.
  assert.equal(isSampleChanged("words", after("mood/words")), false);
});

Deno.test("looksAt() allows growth up to the last declared look, and no growth beyond it", () => {
  assert.equal(isSampleChanged("toxicity", runWith([look(50)], [growth(50, 100, 1)]), PLANNED), false);
  const beyond = looksAt("toxicity", [runWith([look(50)], [growth(50, 120, 1)], 120)], PLANNED);
  assert.deepEqual([beyond.seenBeforeChange.length, beyond.sequence], [1, null]);
});

Deno.test("looksAt() finds a repair after a look at the outcome, even if the look was declared", () => {
  const seen = repairedAfter(1, [look(50, ["toxicity"]), look(100, ["toxicity"])]);
  for (const analysis of [FIXED, PLANNED]) {
    assert.deepEqual(looksAt("toxicity", [seen], analysis), {
      seenBeforeChange: [{ run: "pilot", look: look(50, ["toxicity"]), repair: seen.history.repairs[0] }],
      sequence: null,
    });
    assert.deepEqual(looksAt("words", [seen], analysis).seenBeforeChange, []);
  }
  assert.equal(isSampleChanged("toxicity", repairedAfter(0, [look(50)])), false);
});

Deno.test("looksAt() takes looks from the log, and counts looks at the same number of discussions once", () => {
  const run = runWith([look(48), look(48), look(63, ["words"]), look(100)]);
  const { sequence } = looksAt("toxicity", [run], PLANNED);
  assert.deepEqual(sequence!.ended, [48, 100]);
  assert.deepEqual(sequence!.fractions, [0.48, 1]);
  assert.deepEqual(looksAt("words", [run], PLANNED).sequence!.ended, [48, 63, 100]);
  // The published boundaries of two equally spaced looks are 2.963 and 1.969 standard deviations.
  const half = looksAt("toxicity", [runWith([look(50)])], PLANNED).sequence!;
  assert.equal(half.nominal.toFixed(4), "0.0490");
  assert.equal(looksAt("toxicity", [runWith([], [], 50)], PLANNED).sequence!.nominal.toFixed(5), "0.00305");
});

Deno.test("looksAt() uses the larger plan if it grew before any look", () => {
  const run = runWith([look(75)], [growth(100, 150, 0)], 150);
  const { seenBeforeChange, sequence } = looksAt("toxicity", [run], PLANNED);
  assert.deepEqual([seenBeforeChange, sequence!.maximum, sequence!.fractions], [[], 150, [0.5, 1]]);
});

Deno.test("looksAt() has no sequence for several runs, for a run without ended discussions, or without planned looks", () => {
  const run = runWith([look(50)]);
  assert.equal(looksAt("toxicity", [run, run], PLANNED).sequence, null);
  assert.equal(looksAt("toxicity", [{ ...run, ended: 0 }], PLANNED).sequence, null);
  assert.equal(looksAt("toxicity", [run], FIXED).sequence, null);
  assert.deepEqual(looksAt("toxicity", [], PLANNED), { seenBeforeChange: [], sequence: null });
});
