import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadExperiment, readExperiment } from "../../adapters/local/mod.ts";
import { countPeople, peopleLine, peopleWarnings } from "./people_plan.ts";

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

const WITHOUT_CONSENT = `
name: silent
seed: 1
models: { person: { adapter: human } }
participants: { model: person, personas: [{ name: Ann }, { name: Bob }] }
discussion: { turns: 2 }
`;

Deno.test("peopleWarnings() warns if people are not asked for consent, and only then", async () => {
  const warningsOf = (loaded: Awaited<ReturnType<typeof loadExperiment>>) =>
    peopleWarnings(loaded, countPeople(loaded));
  const silent = await readExperiment({ path: "silent.yaml", text: WITHOUT_CONSENT, folder: PROJECT });
  assert.deepEqual(warningsOf(silent), [
    "a model is a person, and the file has no people.consent: people are not asked whether they agree to take part",
  ]);
  for (const path of ["examples/people/experiment.yaml", "fixtures/quickstart/scripted.yaml"]) {
    assert.deepEqual(warningsOf(await loadExperiment(join(PROJECT, path))), []);
  }
});
