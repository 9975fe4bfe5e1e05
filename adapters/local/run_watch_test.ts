import assert from "node:assert/strict";
import { RunWatch, type WatchOptions } from "./run_watch.ts";

/** The warnings after a model named m replies twice without reporting tokens. */
function warnedOf(limits: WatchOptions["limits"]): string[] {
  const warned: string[] = [];
  const watch = new RunWatch({ limits, warn: (message) => warned.push(message) });
  const { paid } = watch.modelsWith(() => {});
  for (let replies = 0; replies < 2; replies++) paid?.("m", null);
  return warned;
}

Deno.test("RunWatch warns once about a model without token counts, if the run has a limit on cost or tokens", () => {
  for (const limits of [{ costMax: 1 }, { tokensMax: 1 }]) {
    const [warning, ...more] = warnedOf(limits);
    assert.match(warning!, /^the model "m" does not report its tokens/);
    assert.deepEqual(more, []);
  }
  assert.deepEqual([warnedOf({ failuresMax: 1 }), warnedOf(undefined)], [[], []]);
});
