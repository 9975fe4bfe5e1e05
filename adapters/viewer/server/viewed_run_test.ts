import assert from "node:assert/strict";
import { memoryRun } from "../../../core/ports/memory_run.ts";
import { RunError } from "../../../core/run_log/mod.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { ViewedRun } from "./viewed_run.ts";

Deno.test("a run that is gone is still known, and a run that takes its place is noticed", async () => {
  const home = memoryRun();
  await home.open(sampleRun());
  const first = await home.read();
  let now: typeof first | null = first;
  const run = new ViewedRun("r", {
    ...home,
    holders: () => Promise.resolve([]),
    read: () =>
      now === null ? Promise.reject(new RunError("not-a-run", "there is none")) : Promise.resolve(now),
  });
  const facts = () => run.facts({ conditions: [], look: null });
  assert.equal(await run.refresh(), "opened");
  assert.deepEqual([facts().isGone, facts().problems], [undefined, first.problems]);

  now = null;
  assert.equal(await run.refresh(), "changed");
  assert.deepEqual([facts().isGone, facts().plan], [true, first.manifest.plan]);

  // In a database, a copy of the run has another number, so the earlier store finds nothing.
  now = { ...first, store: { ...first.store } };
  assert.equal(await run.refresh(), "opened");
  assert.equal(run.reader!.store, now.store);
  assert.deepEqual([facts().isGone, facts().problems], [undefined, first.problems]);

  const { store } = now;
  now = { ...first, store: { ...first.store } };
  assert.equal(await run.refresh(), "same");
  assert.equal(run.reader!.store, store);

  now = { ...first, store: { ...first.store }, manifest: { ...first.manifest, fingerprint: "other" } };
  assert.equal(await run.refresh(), "opened");
  assert.match(facts().problems.join(), /^Another run has taken this run's place at /);
});
