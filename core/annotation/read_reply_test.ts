import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../testing/any_text.ts";
import type { Scale, ScaleValue } from "./scales/mod.ts";
import { readReply } from "./read_reply.ts";

const question = "What is it?";
const TOX: Scale = { name: "tox", question, type: "ordinal", min: 1, max: 5 };
const TOXICITY: Scale = { name: "toxicity of it", question, type: "interval", min: 0, max: 1 };
const STANCE: Scale = { name: "Stance", question, type: "nominal", labels: ["for", "against"] };
const INSULT: Scale = { name: "insult", question, type: "boolean" };
const WHY: Scale = { name: "why", question, type: "text", maxLength: 40 };
const SCALES = [TOX, TOXICITY, STANCE, INSULT, WHY];

const VALUES = { tox: 4, "toxicity of it": 0.25, Stance: "against", insult: true, why: "It says: no!" };
const JSON_REPLY = JSON.stringify(VALUES);
const LINES = Object.entries(VALUES).map(([name, value]) => `${name}: ${value === true ? "yes" : value}`);

function reading(text: string, scales: readonly Scale[] = SCALES) {
  return readReply(scales, { text, finishReason: "stop" });
}

const FORMS: readonly (readonly [what: string, reply: string])[] = [
  ["JSON", JSON_REPLY],
  ["JSON over several lines", JSON.stringify(VALUES, null, 2)],
  ["JSON in a code block", `\`\`\`json\n${JSON_REPLY}\n\`\`\``],
  ["JSON in a code block without a language", `\n\`\`\`\n${JSON_REPLY}\n\`\`\`\n`],
  ["JSON among words", `Here you are:\n\n\`\`\`json\n${JSON_REPLY}\n\`\`\`\nI hope that it helps.`],
  ["JSON with words as values", JSON_REPLY.replace("true", '"Yes."').replace(":4", ':"4"')],
  ["JSON with members that were not asked for", `{"id": 7, "id": 8, "x": {"tox": 1}, ${JSON_REPLY.slice(1)}`],
  ["JSON with names in another case", JSON_REPLY.replace("Stance", "STANCE")],
  ["lines", LINES.join("\n")],
  ["lines with bullets", LINES.map((line) => `- ${line}`).join("\r\n")],
  ["numbered lines", LINES.map((line, index) => `${index + 1}. ${line}`).join("\n")],
  ["emphasised names", LINES.map((line) => `* **${line.replace(":", "**:")}`).join("\n")],
  ["emphasised names with their colons", LINES.map((line) => `**${line.replace(":", ":**")}`).join("\n")],
  ["lines with =", LINES.map((line) => line.replace(":", " =")).join("\n")],
  ["lines between other words", `My judgement:\n${LINES.join("\n\n")}\nThat is all.`],
];

for (const [what, reply] of FORMS) {
  Deno.test(`readReply() reads several answers from ${what}`, () => {
    assert.deepEqual(reading(reply), { values: VALUES });
  });
}

const PROBLEMS: readonly (readonly [what: string, reply: string, problem: string])[] = [
  ["an empty reply", "", "tox: no answer"],
  ["an object without a member", JSON_REPLY.replace('"insult"', '"insults"'), "insult: no answer"],
  ["an object with a repeated member", `{"tox":4,${JSON_REPLY.slice(1)}`, "tox: several answers"],
  [
    "an object with a repeated member, once in escapes",
    `{"t\\u006fx":1,${JSON_REPLY.slice(1)}`,
    "tox: several answers",
  ],
  ["an object with a member that is null", JSON_REPLY.replace("4", "null"), "tox: no answer"],
  ["an object with a member that is a list", JSON_REPLY.replace("4", "[4]"), "tox: no answer"],
  [
    "an object with two values in one member",
    JSON_REPLY.replace("4", '"3 or 4"'),
    "tox: the reply holds several answers: 3, 4",
  ],
  ["two objects", `${JSON_REPLY}\n${JSON_REPLY}`, "tox: several answers"],
  ["an object and a line that contradicts it", `tox: 3\n${JSON_REPLY}`, "tox: several answers"],
  ["a repeated line", `tox: 3\n${LINES.join("\n")}`, "tox: several answers"],
  ["a line without a value", LINES.join("\n").replace("tox: 4", "tox:"), "tox: the reply is empty"],
  ["JSON that was cut off", JSON_REPLY.slice(0, -10), "tox: no answer"],
];

for (const [what, reply, problem] of PROBLEMS) {
  Deno.test(`readReply() finds no values in ${what}`, () => {
    assert.deepEqual(reading(reply), { problem });
  });
}

Deno.test("readReply() does not read a longer name as a shorter one", () => {
  assert.deepEqual(reading("tox: 2\ntoxicity of it: 0.5", [TOX, TOXICITY]), {
    values: { tox: 2, "toxicity of it": 0.5 },
  });
  assert.deepEqual(reading("toxicity of it: 0.5", [TOX, TOXICITY]), { problem: "tox: no answer" });
});

Deno.test("readReply() finds no values in a refused reply", () => {
  for (const scales of [[TOX], SCALES]) {
    assert.deepEqual(readReply(scales, { text: "4", finishReason: "refused" }), {
      problem: "the model refused to answer",
    });
  }
});

Deno.test("readReply() reads scales with names such as __proto__ and toString", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const scales: readonly Scale[] = [{ ...TOX, name }, INSULT];
    assert.deepEqual(reading("insult: no", scales), { problem: `${name}: no answer` });
    assert.deepEqual(reading("{}", scales), { problem: `${name}: no answer` });
    for (const reply of [`{"${name}": 2, "insult": false}`, `${name}: 2\ninsult: no`]) {
      const read = reading(reply, scales);
      assert.ok("values" in read, reply);
      assert.deepEqual(Object.entries(read.values), [[name, 2], ["insult", false]]);
    }
    assert.deepEqual(Object.entries((reading("2", [scales[0]!]) as { values: object }).values), [[name, 2]]);
  }
});

const values: fc.Arbitrary<Readonly<Record<string, ScaleValue>>> = fc.record({
  tox: fc.integer({ min: 1, max: 5 }),
  "toxicity of it": fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value || 0),
  Stance: fc.constantFrom("for", "against"),
  insult: fc.boolean(),
  why: fc.string({ minLength: 1, maxLength: 30 }).map((text) => text.trim()).filter((text) => text !== ""),
});

Deno.test("readReply() reads valid values from JSON, also after other words", () => {
  fc.assert(fc.property(values, fc.nat(4), (given, indent) => {
    const json = JSON.stringify(given, null, indent);
    assert.deepEqual(reading(json), { values: { ...given } });
    assert.deepEqual(reading(`Well:\n${json}`), { values: { ...given } });
  }));
});

Deno.test("readReply() never throws", () => {
  const piece = fc.oneof(
    anyText({ maxLength: 10 }),
    fc.constantFrom(
      "{",
      "}",
      "[",
      '"tox"',
      ":",
      "4",
      ",",
      "\n",
      "```json",
      '"\\u00',
      "\\",
      '"__proto__":',
      "Stance: for",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const read = reading(pieces.join(""));
      assert.ok("values" in read || read.problem !== "");
    }),
    { numRuns: 500 },
  );
});

/** Long replies. If a regular expression needs quadratic or cubic time, it takes hours on them. */
const HOSTILE: readonly string[] = [
  `\`\`\`${"\n".repeat(500_000)}x`,
  "\n".repeat(900_000),
  "tox: 1\n".repeat(100_000),
  `{"a":${"[".repeat(200_000)}`,
  `{"why":"${"x".repeat(900_000)}"}`,
  `{"why":"${'\\"'.repeat(400_000)}"}`,
  `{${'"tox":1,'.repeat(100_000)}"tox":1}`,
  `{"x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
  `tox${" ".repeat(900_000)}x`,
  "x".repeat(20_000_000),
];

Deno.test("readReply() reads hostile replies quickly", () => {
  for (const reply of HOSTILE) assert.ok("problem" in reading(reply));
});
