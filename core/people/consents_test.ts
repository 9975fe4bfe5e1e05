import assert from "node:assert/strict";
import { memoryRun } from "../ports/memory_run.ts";
import { fixedClock } from "../ports/mod.ts";
import { peopleOf } from "../run_log/mod.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { consentsOf } from "./mod.ts";

const TEXT = { file: "consent.md", text: "I agree.", sha256: "a".repeat(64) };
const clock = fixedClock();

async function opened() {
  return await memoryRun().open(sampleRun());
}

function consentsIn(run: Awaited<ReturnType<typeof opened>>, text = TEXT) {
  return consentsOf(run, { consent: text }, clock);
}

function peopleIn(run: Awaited<ReturnType<typeof opened>>) {
  assert.ok(run.log.kind === "kept");
  return peopleOf(run.log.log);
}

Deno.test("recordConsent() records the person, the hash of the text and the time, with one record for each text", async () => {
  const run = await opened();
  const consents = consentsIn(run);
  assert.deepEqual(consents.consentNeeded("d/Ana"), TEXT);
  await consents.recordConsent("d/Ana");
  await consents.recordConsent("d/Ana");
  assert.equal(consents.consentNeeded("d/Ana"), null);
  const at = new Date(clock.now()).toISOString();
  assert.deepEqual([...peopleIn(run).agreed], [["d/Ana", [{ sha256: TEXT.sha256, at }]]]);
  const changed = consentsIn(run, { ...TEXT, sha256: "b".repeat(64) });
  assert.equal(changed.standing("d/Ana"), "not-asked");
  await changed.recordConsent("d/Ana");
  assert.equal(peopleIn(run).agreed.get("d/Ana")!.length, 2);
});

Deno.test("a person who refuses has the standing declined until the person agrees, and nothing is recorded", async () => {
  const run = await opened();
  const consents = consentsIn(run);
  consents.decline("d/Ana");
  assert.equal(consents.standing("d/Ana"), "declined");
  assert.equal(peopleIn(run).agreed.size, 0);
  assert.equal(consentsIn(run).standing("d/Ana"), "not-asked");
  await consents.recordConsent("d/Ana");
  assert.equal(consents.standing("d/Ana"), "agreed");
});

Deno.test("a person who withdrew cannot agree again", async () => {
  const home = memoryRun();
  const run = await home.open(sampleRun());
  const consents = consentsIn(run);
  await consents.recordConsent("d/Ana");
  await home.withdraw("d/Ana", clock.now());
  assert.equal(consents.standing("d/Ana"), "withdrew");
  await assert.rejects(consents.recordConsent("d/Ana"), /Cannot record the consent of "d\/Ana": .* withdrew/);
});

Deno.test("a withdrawal counts from the moment when the key is gone, even before the log records it", async () => {
  const run = await opened();
  const consents = consentsIn(run);
  await consents.recordConsent("d/Ana");
  await run.store.keys!.withdraw("d/Ana");
  assert.equal(peopleIn(run).withdrew.size, 0);
  assert.equal(consents.standing("d/Ana"), "withdrew");
});

Deno.test("a run without a text asks no one to agree", async () => {
  const consents = consentsOf(await opened(), { consent: null }, clock);
  assert.equal(consents.consentNeeded("d/Ana"), null);
  assert.equal(consents.standing("d/Ana"), "agreed");
});
