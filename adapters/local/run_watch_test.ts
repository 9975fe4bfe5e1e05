import assert from "node:assert/strict";
import { RunWatch, type WatchOptions } from "./run_watch.ts";

/** What is warned of when a model named m replies twice without saying how many tokens it used. */
function warnedOf(bounds: WatchOptions["bounds"]): string[] {
  const warned: string[] = [];
  const watch = new RunWatch({ bounds, warn: (message) => warned.push(message) });
  const { paid } = watch.modelsWith(() => {});
  for (let replies = 0; replies < 2; replies++) paid?.("m", null);
  return warned;
}

Deno.test("RunWatch warns once of a model whose tokens a bound cannot count, and only where one is to", () => {
  for (const bounds of [{ costMax: 1 }, { tokensMax: 1 }]) {
    const [warning, ...more] = warnedOf(bounds);
    assert.match(warning!, /^the model "m" does not say how many tokens it uses/);
    assert.deepEqual(more, []);
  }
  assert.deepEqual([warnedOf({ failuresMax: 1 }), warnedOf(undefined)], [[], []]);
});
