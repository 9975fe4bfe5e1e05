import assert from "node:assert/strict";
import { WorkerPool } from "./mod.ts";

const MODULE = new URL("./testing/ending_worker.ts", import.meta.url);

for (const how of ["close", "exit"]) {
  Deno.test(`WorkerPool.ask() fails for all callers, now and later, when a worker ends itself by ${how}()`, async () => {
    using pool = new WorkerPool<string, string>({ module: MODULE, task: "test" }, { workers: 2 });
    assert.equal(await pool.ask("answer"), "answer");
    const failure = /^Error: Cannot test: a worker ended itself$/;
    for (const asked of ["wait", how, "wait"].map(pool.ask)) await assert.rejects(asked, failure);
    await assert.rejects(pool.ask("answer"), failure);
  });
}

Deno.test("WorkerPool.ask() fails and ends the worker if the first message cannot be sent", async () => {
  const { Worker } = globalThis;
  let running = 0;
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      running++;
    }
    override terminate(): void {
      super.terminate();
      running--;
    }
  };
  try {
    const work = { module: MODULE, task: "test", first: () => "a function" };
    using pool = new WorkerPool<string, string, () => string>(work, { workers: 2 });
    const failure = /^Error: Cannot test: DataCloneError: /;
    for (const asked of ["answer", "answer"].map(pool.ask)) await assert.rejects(asked, failure);
    assert.equal(running, 0);
  } finally {
    globalThis.Worker = Worker;
  }
});
