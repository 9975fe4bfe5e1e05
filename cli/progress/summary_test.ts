import assert from "node:assert/strict";
import { exitCodeOf } from "./summary.ts";

Deno.test("exitCodeOf() distinguishes complete, partly failed, stopped, failed and limited runs", () => {
  const whole = { ended: 3, endedBefore: 0, setAside: 0, stopped: [], cutShort: null };
  assert.equal(exitCodeOf(whole), 0);
  assert.equal(exitCodeOf({ ...whole, setAside: 1 }), 1);
  assert.equal(exitCodeOf({ ...whole, stopped: [{ message: "no key", left: 5 }] }), 3);
  assert.equal(exitCodeOf({ ...whole, setAside: 1, cutShort: { by: "caller" } }), 130);
  assert.equal(
    exitCodeOf({ ...whole, setAside: 1, cutShort: { by: "failure", message: "no key" } }),
    3,
  );
  const cutShort = { by: "budget", limit: "cost", message: "spent" } as const;
  assert.equal(exitCodeOf({ ...whole, setAside: 1, cutShort }), 4);
});
