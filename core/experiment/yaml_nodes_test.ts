import assert from "node:assert/strict";
import { readDocument } from "./document.ts";

const MERGES: readonly (readonly [form: string, text: string, value: unknown])[] = [
  ["an alias", "m: &m { a: 1, b: 2 }\nn: { <<: *m, b: 3 }", { a: 1, b: 3 }],
  ["an alias after its own keys", "m: &m { a: 1, b: 2 }\nn: { b: 3, <<: *m }", { b: 3, a: 1 }],
  ["an alias in block style", "m: &m\n  a: 1\nn:\n  <<: *m\n  b: 2", { a: 1, b: 2 }],
  [
    "a list of aliases, and prefers the first alias",
    "m: &m { a: 1 }\no: &o { a: 2, b: 2 }\nn: { <<: [*m, *o] }",
    {
      a: 1,
      b: 2,
    },
  ],
  ["an inline mapping", "n: { <<: { a: 1 }, b: 2 }", { a: 1, b: 2 }],
  ["inline mappings in a list", "n: { <<: [{ a: 1 }, { a: 2, b: 2 }] }", { a: 1, b: 2 }],
  [
    "a mapping that merges another mapping",
    "m: &m { a: 1, b: 1 }\no: &o { <<: *m, b: 2 }\nn: { <<: *o, c: 3 }",
    {
      a: 1,
      b: 2,
      c: 3,
    },
  ],
  ["mappings inside lists and mappings", "m: &m { a: 1 }\nn: { list: [{ <<: *m, b: { <<: *m } }] }", {
    list: [{ a: 1, b: { a: 1 } }],
  }],
  ["an alias of a list", "m: &m [{ a: 1 }, { b: 2 }]\nn: { <<: *m }", { a: 1, b: 2 }],
  ["nothing for a quoted key", 'n: { "<<": { a: 1 } }', { "<<": { a: 1 } }],
  ["a mapping that contains an anchor", "n: { <<: { a: &x 1 }, b: *x }", { a: 1, b: 1 }],
];

for (const [form, text, value] of MERGES) {
  Deno.test(`readDocument() merges ${form}`, () => {
    const document = readDocument(text, "f");
    assert.deepEqual(document.problems, []);
    assert.deepEqual((document.value as { n: unknown }).n, value);
  });
}

Deno.test("readDocument() knows the places of merged keys", () => {
  const { placeOf } = readDocument("m: &m\n  a: 1\n  b: 1\nn:\n  <<: *m\n  b: 2\n", "f");
  assert.deepEqual(placeOf(["n", "a"]), { line: 2, column: 6 });
  assert.deepEqual(placeOf(["n", "b"]), { line: 6, column: 6 });
});

/** Nine lines that expand to nine to the power of nine merges of `a0`. */
const bomb = Array.from(
  { length: 9 },
  (_, at) => `a${at + 1}: &a${at + 1} { <<: [${Array(9).fill(`*a${at}`).join()}] }\n`,
).join("");

const REFUSED: readonly (readonly [text: string, place: string, message: RegExp])[] = [
  [
    "n: { <<: 3 }",
    "1:10",
    /<< merges mappings: expected a mapping, an alias of a mapping \(\*name\), or a list/,
  ],
  ["n: { <<: }", "1:10", /<< merges mappings/],
  ["n: { <<: [{ a: 1 }, 2] }", "1:10", /<< merges mappings/],
  ["m: &m [1]\nn: { <<: *m }", "2:10", /<< merges mappings/],
  ["n: { <<: *m }", "1:10", /no anchor/],
  ["n: &n { <<: *n }", "1:13", /merges a mapping into itself/],
  ["n: &n { a: 1, b: { <<: [{ c: 1 }, *n] } }", "1:24", /merges a mapping into itself/],
  [`a0: &a0 { x: 1 }\n${bomb}`, "1:1", /more than 1000 times/],
  ["%YAML 1.1\n---\nn: NO", "1:1", /YAML 1\.1.* expected YAML 1\.2/],
  ["n: !!timestamp 2024-01-01", "1:4", /tag/],
  ["n: !!set { a, b }", "1:4", /tag/],
  ["n: !!binary aGVsbG8=", "1:4", /tag/],
  ["? [a, b]\n: 1", "1:3", /a key has to be a text/],
  ["a:\n\tb: 2", "2:1", /tab/],
];

for (const [text, place, message] of REFUSED) {
  Deno.test(`readDocument() refuses ${JSON.stringify(text.slice(0, 40))} of ${text.length} characters`, () => {
    const { problems: [problem] } = readDocument(text, "f");
    assert.match(problem?.message ?? "", message);
    assert.equal(`${problem?.line}:${problem?.column}`, place);
  });
}

/** Plain scalars that YAML parsers read as other values. In personas, each must stay as written. */
const ODD = [
  ..."02139 0o17 0x1F 1_000 1e3 1.10 1.0 -0 +1 .5 5. 12:30 yes no on off NO y n True TRUE FALSE Null NULL"
    .split(" "),
  ..."2024-01-01 2024-01-01T10:00:00Z 9007199254740993 -1212092628029698049 1e400 .inf .NaN 0.10".split(" "),
  ..."0123456789 00 0.12345678901234567890 1E5 007.5 08 0b1 1,5 10%".split(" "),
];

Deno.test("readDocument() keeps the attributes of personas as written", () => {
  for (const word of ODD) {
    const { value } = readDocument(
      `participants:\n  personas:\n    - { name: Ann }\n    - zip: ${word}`,
      "f",
    );
    assert.deepEqual(value, { participants: { personas: [{ name: "Ann" }, { zip: word }] } });
  }
});

Deno.test("readDocument() keeps scalars as written in files of personas, in moderators' personas, in factors, and behind aliases", () => {
  assert.deepEqual(readDocument("- { zip: 02139, version: 1.10 }", "f", { isWordForWord: true }).value, [
    { zip: "02139", version: "1.10" },
  ]);
  const text = `
m: &m { version: 1.10 }
moderators: { mo: { persona: { <<: *m, zip: 1.0 } } }
design: { factors: { participants.personas.0.zip: [1.10, 2.20], discussion.temperature: [0.50] } }
`;
  assert.deepEqual(readDocument(text, "f").value, {
    m: { version: "1.10" },
    moderators: { mo: { persona: { version: "1.10", zip: "1.0" } } },
    design: {
      factors: { "participants.personas.0.zip": ["1.10", "2.20"], "discussion.temperature": [0.5] },
    },
  });
});

Deno.test("in personas, readDocument() reads numbers, booleans and null as values if they print as they are written", () => {
  const text = "persona: [1, -1, 1.5, 1e-7, 1e+21, true, false, null, ~, 'x', \"02139\", !!int 02139]";
  assert.deepEqual(readDocument(text, "f").value, {
    persona: [1, -1, 1.5, 1e-7, 1e21, true, false, null, null, "x", "02139", 2139],
  });
});

Deno.test("readDocument() reads a setting as a number if its spelling has only one meaning", () => {
  assert.deepEqual(readDocument("a: [0.70, 1.0, 1e3, .5, +1, -0]", "f").value, {
    a: [0.7, 1, 1000, 0.5, 1, -0],
  });
  assert.deepEqual(readDocument("a: [010, 0x1F, 0o17, 9007199254740993, 1e400]", "f").value, {
    a: ["010", "0x1F", "0o17", "9007199254740993", "1e400"],
  });
});

Deno.test("readDocument() keeps keys as written", () => {
  assert.deepEqual(readDocument("{ 02139: a, 1.10: b, NO: c, null: d, ~: e, True: f }", "f").value, {
    "02139": "a",
    "1.10": "b",
    NO: "c",
    null: "d",
    "~": "e",
    True: "f",
  });
});
