import assert from "node:assert/strict";
import { experimentJsonSchema } from "./schema.ts";
import { valueAt } from "./schema_findings.ts";

const schema = experimentJsonSchema();
const at = (...path: string[]) =>
  valueAt(schema, path.flatMap((key) => ["properties", key])) as Record<string, unknown>;

Deno.test("experimentJsonSchema() lists the required keys of a file", () => {
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.deepEqual(schema.required, ["name", "seed", "models", "participants", "discussion"]);
  assert.deepEqual(at("participants").required, ["model", "personas"]);
  assert.deepEqual(at("discussion").required, ["turns"]);
  assert.equal(schema.additionalProperties, false);
});

Deno.test("experimentJsonSchema() describes every key", () => {
  for (const section of ["participants", "discussion", "design", "annotation", "analysis"]) {
    for (const [key, value] of Object.entries(at(section).properties as object)) {
      assert.equal(typeof value.description, "string", `${section}.${key} has no description`);
    }
  }
});

Deno.test("experimentJsonSchema() lists the names of strategies and schedules, and their options", () => {
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

Deno.test("experimentJsonSchema() lists figures of discussions as outcomes, and accepts any scale", () => {
  const { anyOf } = at("analysis", "outcomes").items as Record<string, unknown>;
  const [figures, scales] = anyOf as Record<string, unknown>[];
  assert.ok((figures!.enum as string[]).includes("silence-rate"));
  assert.deepEqual(scales, { type: "string" });
  const section = at("analysis");
  assert.deepEqual([section.required, section.additionalProperties], [undefined, false]);
  assert.deepEqual(at("analysis", "correction").enum, ["holm", "benjamini-hochberg", "none"]);
  const { exclusiveMinimum, exclusiveMaximum } = at("analysis", "level");
  assert.deepEqual([exclusiveMinimum, exclusiveMaximum], [0.5, 1]);
});

Deno.test("experimentJsonSchema() describes annotators, targets and the scales of each type", () => {
  const section = at("annotation");
  assert.deepEqual(section.required, ["annotators", "scales"]);
  assert.equal(section.additionalProperties, false);
  const [group, groups] = at("annotation", "annotators").anyOf as Record<string, unknown>[];
  assert.deepEqual(group!.required, ["model"]);
  assert.deepEqual(groups!.items, group);
  const [file, list] = valueAt(group, ["properties", "personas", "anyOf"]) as Record<string, unknown>[];
  assert.deepEqual([file!.type, list!.type], ["string", "array"]);
  const [short, long] = at("annotation", "targets").anyOf as Record<string, unknown>[];
  assert.deepEqual(short!.enum, ["all", "participants", "moderators"]);
  assert.deepEqual(Object.keys(long!.properties as object), ["of", "perDiscussion"]);
  const scales = valueAt(at("annotation", "scales"), ["additionalProperties", "anyOf"]) as Record<
    string,
    unknown
  >[];
  const required = Object.fromEntries(
    scales.map((scale) => [valueAt(scale, ["properties", "type", "const"]), scale.required]),
  );
  assert.deepEqual(required, {
    ordinal: ["type", "question", "min", "max"],
    interval: ["type", "question", "min", "max"],
    nominal: ["type", "question", "labels"],
    boolean: ["type", "question"],
    text: ["type", "question"],
  });
});
