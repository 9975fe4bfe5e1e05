/** The test cases about people that every implementation of the port of runs must pass. */
import assert from "node:assert/strict";
import { peopleOf } from "../run_log/mod.ts";
import { sampleRun } from "../testing/sample_run.ts";
import type { PersonKeys } from "./person_keys.ts";
import type { RunHome, RunReader } from "./run.ts";

const NOW_MS = Date.UTC(2026, 5, 1);

/** Names that could be paths, and names with differences that some file systems ignore. */
const PERSONS = ["d1/Ann", "d1/ann", "../../Ann", "Ännchen \u{1F600}", "x".repeat(400), "a\0b"];

type Place = Readonly<{ home: RunHome; again: () => RunHome }>;

function keysOf({ store }: Pick<RunReader, "store">): PersonKeys {
  assert.ok(store.keys !== undefined);
  return store.keys;
}

/** The cases, by name. */
export const PEOPLE_CASES: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  async "the run makes one key for each person, and keeps it"({ home, again }) {
    const run = await home.open(sampleRun());
    const made = await Promise.all(PERSONS.map((person) => keysOf(run).make(person)));
    assert.equal(new Set(made.map(String)).size, PERSONS.length);
    await run.close();
    const keys = keysOf(await again().read());
    for (const [index, person] of PERSONS.entries()) {
      assert.deepEqual(await keys.look(person), made[index]);
      assert.deepEqual(await keys.make(person), made[index]);
    }
    assert.deepEqual(new Set((await keys.persons()).keys()), new Set(PERSONS));
    assert.equal(await keys.look("d2/Ann"), null);
  },
  async "withdraw() deletes the key for ever while a writer has the run, and records the withdrawal once"(
    { home, again },
  ) {
    const run = await home.open(sampleRun());
    const keys = keysOf(run);
    for (const person of PERSONS) await keys.make(person);
    for (const person of [PERSONS[0]!, PERSONS[0]!, "no words"]) await again().withdraw(person, NOW_MS);
    for (const person of [PERSONS[0]!, "no words"]) {
      assert.deepEqual([await keys.look(person), await keys.make(person)], ["withdrawn", "withdrawn"]);
      assert.ok(keys.hasWithdrawn(person));
    }
    assert.ok(await keys.look(PERSONS[1]!) instanceof Uint8Array);
    await run.close();
    const { log } = await again().read();
    assert.ok(log.kind === "kept");
    const at = new Date(NOW_MS).toISOString();
    assert.deepEqual([...peopleOf(log.log).withdrew], [[PERSONS[0], at], ["no words", at]]);
  },
};
