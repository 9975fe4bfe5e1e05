import assert from "node:assert/strict";
import { readConditionRule } from "./condition_rule.ts";
import { FormatError } from "./format_error.ts";

Deno.test("readConditionRule() refuses factors that an analysis could not tell from something else", () => {
  for (const name of ["turn", " run ", "model:moderator"]) {
    assert.throws(() => readConditionRule(`x_{${name}}`), (error) => {
      assert.ok(error instanceof FormatError);
      assert.ok(error.message.includes(`no factor can be called "${name.trim()}"`), error.message);
      return true;
    });
  }
  assert.deepEqual(readConditionRule("x_{turns}")("x_4")?.factors, { turns: "4" });
});
