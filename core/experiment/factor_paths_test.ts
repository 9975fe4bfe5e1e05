import assert from "node:assert/strict";
import { resolvePath, withValueAt } from "./factor_paths.ts";

const file = {
  models: { "qwen2.5": { adapter: "openai", baseUrl: "http://localhost" }, qwen2: { adapter: "scripted" } },
  participants: { personas: [{ name: "Anna" }], roles: [{ name: "troll" }, { name: "v1.0" }] },
  discussion: { turnTaking: { strategy: "respond", probability: 0.4 } },
  moderators: { gentle: { model: "qwen2" } },
};

const steps = (path: string) => {
  const resolved = resolvePath(path, file);
  return "steps" in resolved ? resolved.steps : resolved.finding.message;
};

Deno.test("resolvePath() finds keys that the file has, and keys that it leaves out", () => {
  assert.deepEqual(steps("moderator"), ["moderator"]);
  assert.deepEqual(steps("participants.count"), ["participants", "count"]);
  assert.deepEqual(steps("discussion.turnTaking.probability"), ["discussion", "turnTaking", "probability"]);
  assert.deepEqual(steps("moderators.gentle.instructions"), ["moderators", "gentle", "instructions"]);
});

Deno.test("resolvePath() finds names with dots in them", () => {
  assert.deepEqual(steps("models.qwen2.5.temperature"), ["models", "qwen2.5", "temperature"]);
  assert.deepEqual(steps("models.qwen2.temperature"), ["models", "qwen2", "temperature"]);
});

Deno.test("resolvePath() finds entries of lists by index and by name", () => {
  assert.deepEqual(steps("participants.roles.0.probability"), ["participants", "roles", 0, "probability"]);
  assert.deepEqual(steps("participants.roles.troll.probability"), [
    "participants",
    "roles",
    0,
    "probability",
  ]);
  assert.deepEqual(steps("participants.roles.v1.0.count"), ["participants", "roles", 1, "count"]);
  assert.deepEqual(steps("participants.personas.Anna.age"), ["participants", "personas", 0, "age"]);
});

Deno.test("resolvePath() refuses paths that cannot vary, and paths that do not exist", () => {
  assert.match(String(steps("seed")), /cannot vary/);
  assert.match(String(steps("design.replications")), /cannot vary/);
  assert.match(String(steps("")), /missing/);
  assert.match(String(steps("participants.roles.2.count")), /is not the path of a value/);
  assert.match(String(steps("participants.context.x")), /which has no keys/);
});

Deno.test("resolvePath() suggests the nearest valid path", () => {
  const suggested = (path: string) => {
    const resolved = resolvePath(path, file);
    return "finding" in resolved ? resolved.finding.suggestion : undefined;
  };
  assert.equal(suggested("participants.coun"), "participants.count");
  assert.equal(suggested("count"), "participants.count");
  assert.equal(suggested("moderators.gentl.model"), "moderators.gentle.model");
  assert.equal(suggested("discusion.turns"), "discussion.turns");
});

Deno.test("withValueAt() changes one value, and copies only the objects on its path", () => {
  const changed = withValueAt(file, ["participants", "roles", 0, "probability"], 0.5) as typeof file;
  assert.deepEqual(changed.participants.roles, [{ name: "troll", probability: 0.5 }, { name: "v1.0" }]);
  assert.equal(changed.models, file.models);
  assert.equal(changed.participants.personas, file.participants.personas);
  assert.deepEqual(file.participants.roles[0], { name: "troll" });
  assert.deepEqual(withValueAt({}, ["a", "b"], 1), { a: { b: 1 } });
});
