import assert from "node:assert/strict";
import { builtInExtensions, type Extensions } from "./extensions.ts";
import { readSchedule, readTurnTaking } from "./rules.ts";

const extensions = builtInExtensions([]);

const told = (rule: ReturnType<typeof readSchedule>) =>
  rule.findings.map(({ path, message, suggestion }) =>
    `${path.join(".")}: ${message}${suggestion === undefined ? "" : ` [${suggestion}]`}`
  );

Deno.test("readTurnTaking() reads every form of a strategy", () => {
  const spec = (value: unknown) => {
    const read = readTurnTaking(value, extensions);
    assert.deepEqual(read.findings, []);
    return read.spec;
  };
  const random = { name: "random", options: {} };
  assert.deepEqual(spec(undefined), random);
  assert.deepEqual(spec("weighted"), { name: "weighted", options: {} });
  assert.deepEqual(spec({ strategy: "round-robin", randomFirst: true }), {
    name: "round-robin",
    options: { randomFirst: true },
  });
  assert.deepEqual(spec("mention"), { name: "mention", options: { fallback: random } });
  assert.deepEqual(spec({ strategy: "mention", fallback: { strategy: "respond", probability: 0.4 } }), {
    name: "mention",
    options: { fallback: { name: "respond", options: { probability: 0.4 } } },
  });
});

Deno.test("readTurnTaking() reports problems with their paths", () => {
  const wrong = (value: unknown) => told(readTurnTaking(value, extensions));
  assert.deepEqual(wrong("respnd"), [
    ': there is no turn-taking strategy "respnd": expected round-robin, random, respond, weighted or mention, ' +
    "or the path of your own [respond]",
  ]);
  assert.deepEqual(wrong("respond"), ["probability: is missing: expected a number from 0 to 1"]);
  assert.deepEqual(wrong({ strategy: "respond", probability: 40 }), [
    "probability: expected a number from 0 to 1, found 40",
  ]);
  assert.deepEqual(wrong({ strategy: "round-robin", randomfirst: true }), [
    "randomfirst: unknown key [randomFirst]",
  ]);
  assert.deepEqual(wrong({ strategy: "mention", fallback: "mention" }), [
    "fallback: mention cannot be its own fallback",
  ]);
  assert.deepEqual(wrong({ probability: 0.4 }), [
    ': the key "strategy" is missing: expected the name of a turn-taking strategy, or { strategy: name, … }',
  ]);
});

Deno.test("readSchedule() reads every form of a schedule", () => {
  const spec = (value: unknown) => {
    const read = readSchedule(value, extensions);
    assert.deepEqual(read.findings, []);
    return read.spec;
  };
  assert.deepEqual(spec("on-demand"), { name: "on-demand", options: {} });
  assert.deepEqual(spec({ every: 3 }), { name: "every", options: { n: 3 } });
  assert.deepEqual(spec({ schedule: "every", n: 3 }), { name: "every", options: { n: 3 } });
  assert.deepEqual(spec({ threshold: { signal: "words", above: 0, words: ["idiot"] } }), {
    name: "threshold",
    options: { signal: "words", above: 0, words: ["idiot"] },
  });
});

Deno.test("readSchedule() reports problems at the key that the file contains", () => {
  const wrong = (value: unknown) => told(readSchedule(value, extensions));
  assert.deepEqual(wrong({ every: 0 }), ["every: expected a whole number of at least 1, found 0"]);
  assert.deepEqual(wrong({ threshold: { signal: "lenght" } }), [
    "threshold.signal: expected one of length, capitals, exclamations, words, repetition, " +
    'found the text "lenght" [length]',
    "threshold.above: is missing: expected a number",
  ]);
  assert.match(wrong(undefined)[0]!, /^: is missing: expected the name of a schedule/);
});

Deno.test("readTurnTaking() lets a strategy of a researcher check its options", () => {
  const own = {
    name: "./mine.ts",
    select: () => 0,
    check: ({ bias }: { bias?: unknown }) => bias === 1 ? [] : ["bias must be 1"],
  };
  const broken = {
    ...own,
    check: () => {
      throw new Error("oops");
    },
  };
  const with_: Extensions = {
    ...extensions,
    strategies: new Map([["./mine.ts", own], ["./broken.ts", broken]]),
    unloadable: new Map([["./gone.ts", "there is no such file"]]),
  };
  const read = readTurnTaking({ strategy: "./mine.ts", bias: 1 }, with_);
  assert.deepEqual(read, { spec: { name: "./mine.ts", options: { bias: 1 } }, findings: [] });
  assert.deepEqual(told(readTurnTaking("./mine.ts", with_)), [": bias must be 1"]);
  assert.match(
    told(readTurnTaking("./broken.ts", with_))[0]!,
    /the rule failed while it checked its options: oops/,
  );
  assert.deepEqual(told(readTurnTaking({ strategy: "./gone.ts" }, with_)), [
    'strategy: cannot load "./gone.ts": there is no such file',
  ]);
});
