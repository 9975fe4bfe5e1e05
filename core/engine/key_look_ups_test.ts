import assert from "node:assert/strict";
import { sealed } from "../people/mod.ts";
import { memoryRun } from "../ports/memory_run.ts";
import type { PersonKey, RunHome, RunWriter } from "../ports/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { designWith, linesOf, turnTaken } from "../testing/mod.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { readStream } from "./stream.ts";

const PERSON = "d1/Ann";

/**
 * A run with a stream of three comments of a person, and the list of the people whose keys are looked up from
 * now on.
 */
async function opened(
  look: (original: () => Promise<PersonKey>, nth: number) => Promise<PersonKey> = (original) => original(),
): Promise<Readonly<{ home: RunHome; run: RunWriter; looks: readonly string[] }>> {
  const home = memoryRun();
  const run = await home.open(sampleRun());
  const keys = run.store.keys!;
  const key = await keys.make(PERSON);
  const turns = [0, 1, 2].map((turn) => {
    const event = turnTaken({ turn, comment: turn, participant: "Ann", text: `marzipan ${turn}` });
    return sealed(event, { stream: "d1", seq: turn + 1, person: PERSON, key });
  });
  await run.store.append(
    "d1",
    0,
    linesOf("d1", [{ type: "DiscussionOpened", data: designWith() }, ...turns]),
  );
  const looks: string[] = [];
  const original = keys.look;
  Object.assign(keys, { look: (person: string) => look(() => original(person), looks.push(person)) });
  return { home, run, looks };
}

const hasWords = (data: unknown) => JSON.stringify(data).includes("marzipan");

Deno.test("one reading of a stream looks up each key only once, so that a withdrawal counts for all of its events or for none", async () => {
  const { home, run, looks } = await opened();
  const said: boolean[] = [];
  for await (const { data, person } of readStream(run.store, "d1", portableSha256)) {
    if (person === undefined) continue;
    said.push(hasWords(data));
    await home.withdraw(PERSON, 0);
  }
  assert.deepEqual([looks, said], [[PERSON], [true, true, true]]);
  for await (const { data } of readStream(run.store, "d1", portableSha256)) assert.ok(!hasWords(data));
});

Deno.test("one reading of a stream shows no words of a person whose key is added during the reading", async () => {
  const { run, looks } = await opened((original, nth) => nth === 1 ? Promise.resolve(null) : original());
  for await (const { data } of readStream(run.store, "d1", portableSha256)) assert.ok(!hasWords(data));
  assert.deepEqual(looks, [PERSON]);
});
