import assert from "node:assert/strict";
import { systemClock } from "./system.ts";

Deno.test("systemClock.sleep() can wait longer than one timer, until its signal aborts", async () => {
  const giving = new AbortController();
  const reason = new Error("enough");
  const waiting = systemClock.sleep(2 ** 32, giving.signal);
  await systemClock.sleep(5);
  giving.abort(reason);
  await assert.rejects(waiting, reason);
  await assert.rejects(systemClock.sleep(2 ** 32, giving.signal), reason);
});
