import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadExperiment } from "../../adapters/local/mod.ts";
import { countPeople, peopleLine } from "./people.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("countPeople() counts the seats of people in the example, and finds none without people", async () => {
  const people = countPeople(await loadExperiment(join(PROJECT, "examples/people/experiment.yaml")));
  assert.deepEqual(people, { seats: 1, discussions: 1, annotators: 0 });
  assert.equal(
    peopleLine(people),
    "people needed: 1 seat in 1 discussion; how long they take is not known\n",
  );
  assert.equal(countPeople(await loadExperiment(join(PROJECT, "fixtures/quickstart/scripted.yaml"))), null);
  assert.equal(peopleLine(null), "");
});
