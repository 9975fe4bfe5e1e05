import assert from "node:assert/strict";
import { RunWatch, type WatchOptions } from "./run_watch.ts";

/** What is warned of when a model named m replies twice without saying how many tokens it used. */
function warnedOf(limits: WatchOptions["limits"]): string[] {
  const warned: string[] = [];
  const watch = new RunWatch({ limits, warn: (message) => warned.push(message) });
  const { paid } = watch.modelsWith(() => {});
  for (let replies = 0; replies < 2; replies++) paid?.("m", null);
  return warned;
}

Deno.test("RunWatch warns once about a model whose tokens a limit cannot count, and only if there is such a limit", () => {
  for (const limits of [{ costMax: 1 }, { tokensMax: 1 }]) {
    const [warning, ...more] = warnedOf(limits);
    assert.match(warning!, /^the model "m" does not say how many tokens it uses/);
    assert.deepEqual(more, []);
  }
  assert.deepEqual([warnedOf({ failuresMax: 1 }), warnedOf(undefined)], [[], []]);
});
