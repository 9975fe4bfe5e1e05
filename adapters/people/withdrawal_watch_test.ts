import assert from "node:assert/strict";
import { memoryPersonKeys } from "../../core/ports/mod.ts";
import { virtualClock } from "../../core/testing/mod.ts";
import { WithdrawalWatch } from "./withdrawal_watch.ts";

Deno.test("WithdrawalWatch reports each withdrawal once", async () => {
  const keys = memoryPersonKeys();
  const told: string[] = [];
  const watch = new WithdrawalWatch({
    people: ["Rita", "Sam"].map((person) => ({ kind: "rater", person, pass: "p" })),
    hasWithdrawn: keys.hasWithdrawn,
    clock: virtualClock(),
    onWithdrawal: ({ person }) => told.push(person),
  });
  watch.check();
  await keys.withdraw("Sam");
  watch.check();
  watch.check();
  assert.deepEqual(told, ["Sam"]);
  watch.close();
});
