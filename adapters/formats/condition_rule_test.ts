import assert from "node:assert/strict";
import { readConditionRule } from "./condition_rule.ts";
import { FormatError } from "./format_error.ts";

Deno.test("readConditionRule() refuses reserved factor names, and names with a colon", () => {
  for (const name of ["turn", " run ", "model:moderator"]) {
    assert.throws(() => readConditionRule(`x_{${name}}`), (error) => {
      assert.ok(error instanceof FormatError);
      assert.ok(error.message.includes(`a factor cannot be called "${name.trim()}"`), error.message);
      return true;
    });
  }
  assert.deepEqual(readConditionRule("x_{turns}")("x_4")?.factors, { turns: "4" });
});

Deno.test("readConditionRule() makes factors from the meta of a conversation", () => {
  const rule = readConditionRule("meta.topic, meta.is_open");
  assert.deepEqual(rule("folder", { topic: "bridges", is_open: false, more: [] }), {
    condition: "topic=bridges+is_open=false",
    factors: { topic: "bridges", is_open: "false" },
  });
  assert.deepEqual(readConditionRule("meta.year")("folder", { year: 2024 })?.factors, { year: "2024" });
  for (const meta of [{}, { topic: null, is_open: 1 }, { topic: "", is_open: 1 }]) {
    assert.throws(() => rule("folder", meta), {
      message: /its condition is not known: its meta\.topic is missing or empty; its meta has/,
    });
  }
  assert.throws(() => rule("folder", { topic: ["a"], is_open: 1 }), {
    message: /its meta\.topic is not a single value/,
  });
  assert.throws(() => rule("folder"), { message: /only the folder of a ConvoKit corpus has meta/ });
  assert.throws(() => readConditionRule("meta.turn"), { message: /a factor cannot be called "turn"/ });
  assert.deepEqual(readConditionRule("metadata")("x")?.condition, "metadata");
});
