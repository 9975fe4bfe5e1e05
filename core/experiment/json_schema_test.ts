import assert from "node:assert/strict";
import { experimentJsonSchema } from "./json_schema.ts";
import { valueAt } from "./schema_findings.ts";

const schema = experimentJsonSchema();
const at = (...path: string[]) =>
  valueAt(schema, path.flatMap((key) => ["properties", key])) as Record<string, unknown>;

Deno.test("experimentJsonSchema() names the keys of a file, and which of them must be there", () => {
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.deepEqual(schema.required, ["name", "seed", "models", "participants", "discussion"]);
  assert.deepEqual(at("participants").required, ["model", "personas"]);
  assert.deepEqual(at("discussion").required, ["turns"]);
  assert.equal(schema.additionalProperties, false);
});

Deno.test("experimentJsonSchema() describes every key", () => {
  for (const section of ["participants", "discussion", "design"]) {
    for (const [key, value] of Object.entries(at(section).properties as object)) {
      assert.equal(typeof value.description, "string", `${section}.${key} has no description`);
    }
  }
});

Deno.test("experimentJsonSchema() completes the names of strategies and schedules, and their options", () => {
  const forms = at("discussion", "turnTaking").anyOf as Record<string, unknown>[];
  assert.deepEqual(forms[0]!.enum, ["round-robin", "random", "respond", "weighted", "mention"]);
  const respond = forms.find((form) => valueAt(form, ["properties", "strategy", "const"]) === "respond");
  assert.deepEqual(respond!.required, ["strategy", "probability"]);
  const moderator = at("moderators").additionalProperties as Record<string, unknown>;
  assert.deepEqual(moderator.required, ["model", "schedule"]);
  const schedules = valueAt(moderator, ["properties", "schedule", "anyOf"]) as Record<string, unknown>[];
  assert.deepEqual(schedules[0]!.enum, ["every-turn", "every", "on-demand", "threshold"]);
  assert.ok(schedules.some((form) => valueAt(form, ["properties", "every", "minimum"]) === 1));
});
