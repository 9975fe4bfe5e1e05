/** Tests of replies with several named values, in the forms that models write. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Scale } from "./scales/mod.ts";
import { readReply } from "./read_reply.ts";

const question = "What is it?";
const TOXICITY: Scale = { name: "Toxicity", question, type: "ordinal", min: 1, max: 5 };
const QUALITY: Scale = { name: "ArgumentQuality", question, type: "ordinal", min: 1, max: 5 };
const BALANCE: Scale = { name: "Balance", question, type: "ordinal", min: -3, max: 3 };
const WHY: Scale = { name: "why", question, type: "text", maxLength: 40 };

const reading = (text: string, scales: readonly Scale[] = [TOXICITY, QUALITY]) =>
  readReply(scales, { text, finishReason: "stop" });

const FORMS: readonly string[] = [
  "Toxicity=1\nArgumentQuality=2",
  "Toxicity: 1, ArgumentQuality: 2",
  "Toxicity:1,ArgumentQuality:2",
  "Toxicity=1; ArgumentQuality=2",
  "Toxicity=1 | ArgumentQuality=2",
  "Toxicity: 1 / ArgumentQuality: 2",
  "Toxicity=1 ArgumentQuality=2",
  "Toxicity 1, ArgumentQuality 2",
  "Toxicity：1，ArgumentQuality：2",
  "Ratings: Toxicity=1, ArgumentQuality=2",
  "(Toxicity: 1, ArgumentQuality: 2)",
  "[Toxicity: 1, ArgumentQuality: 2]",
  "argument-quality: 2, toxicity: 1",
  "TOXICITY: 1\nARGUMENT_QUALITY: 2",
  "Toxicity: 1.\nArgument Quality: 2.",
  "Toxicity: 1 (low)\nArgumentQuality: 2 (weak)",
  "Toxicity (1-5): 1\nArgumentQuality (1-5): 2",
  "Toxicity score: 1\nArgument quality rating: 2",
  "The toxicity is 1 and the argument quality is 2.",
  "Toxicity is 1. Argument quality is 2.",
  "- Toxicity: 1\n- ArgumentQuality: 2",
  "* **Toxicity**: 1\n* **Argument Quality**: 2",
  "**Toxicity:** 1\n**ArgumentQuality:** 2",
  "Toxicity = **1**, ArgumentQuality = **2**",
  "`Toxicity`: 1\n`ArgumentQuality`: 2",
  "1. Toxicity – 1\n2. Argument quality – 2",
  "1. Toxicity - 1\n2. ArgumentQuality - 2",
  "Toxicity -> 1\nArgumentQuality → 2",
  "Toxicity:\n1\nArgumentQuality:\n2",
  "## Toxicity\n1\n\n## Argument Quality\n2",
  "Toxicity\t1\nArgumentQuality\t2",
  "| Scale | Score |\n|---|---|\n| Toxicity | 1 |\n| **Argument Quality** | 2 |",
  "| Toxicity | Argument Quality |\n|:--|--:|\n| 1 | 2 |",
  "Toxicity,ArgumentQuality\n1,2",
  "<Toxicity>1</Toxicity><ArgumentQuality>2</ArgumentQuality>",
  "<toxicity>1</toxicity>\n<argument_quality>2</argument_quality>",
  '{"Toxicity": 1, "ArgumentQuality": 2}',
  '```json\n{"toxicity": 1, "argument_quality": "2"}\n```',
  'I think:\n{"Toxicity": 1,\n "Argument Quality": 2}\nbecause it is rude.',
  '{"ratings": {"Toxicity": 1, "ArgumentQuality": 2}}',
  '{"Toxicity": {"score": 1, "reason": "3 insults"}, "ArgumentQuality": {"score": 2}}',
  '[{"name": "Toxicity", "score": 1}, {"name": "argument quality", "score": 2}]',
  '[{"Toxicity": 1}, {"ArgumentQuality": 2}]',
  '{"Toxicity": 1}\n{"ArgumentQuality": 2}',
  "{'Toxicity': 1, 'ArgumentQuality': 2}",
  "{Toxicity: 1, ArgumentQuality: 2,}",
  "Toxicity: 1, Confidence: 5, ArgumentQuality: 2",
  "Toxicity: 1\nConfidence: 5\nArgumentQuality: 2",
];

Deno.test("readReply() reads two named values from every form that models write", () => {
  for (const form of FORMS) {
    assert.deepEqual(reading(form), { values: { Toxicity: 1, ArgumentQuality: 2 } }, form);
  }
});

const UNPARSED: readonly (readonly [reply: string, problem: string])[] = [
  ["1\n2", "Toxicity: no answer"],
  ["1, 2", "Toxicity: no answer"],
  ["Toxicity: 1", "ArgumentQuality: no answer"],
  ["Toxicity: 1\nToxicity: 2\nArgumentQuality: 2", "Toxicity: several answers"],
  ['{"Toxicity":1,"Toxicity":1,"ArgumentQuality":2}', "Toxicity: several answers"],
  ['{"a":{"Toxicity":1},"b":{"Toxicity":2,"ArgumentQuality":2}}', "Toxicity: several answers"],
  ['{"Toxicity":1,"ArgumentQuality":2}\nToxicity: 3', "Toxicity: several answers"],
  ["| Toxicity | ArgumentQuality |\n|---|---|\n| 1 | 2 |\n| 2 | 3 |", "Toxicity: several answers"],
  ["Toxicity: not 1\nArgumentQuality: 2", "Toxicity: the reply leaves open what it means by 1"],
  ["Toxicity: >1, ArgumentQuality: 2", "Toxicity: the reply leaves open what it means by 1"],
  ["Toxicity: at least 1\nArgumentQuality: 2", "Toxicity: the reply leaves open what it means by 1"],
  ["Toxicity: 1-2, ArgumentQuality: 2", "Toxicity: the reply holds several answers: 1, 2"],
  ['{"Toxicity":1,"ArgumentQuality":2', "Toxicity: no answer"],
  ["Low toxicity: 1, ArgumentQuality: 2", "Toxicity: no answer"],
  ["NonToxicity: 1, ArgumentQuality: 2", "Toxicity: no answer"],
  ["Toxicity:\nArgumentQuality: 2", "Toxicity: the reply is empty"],
  ["Toxicity and ArgumentQuality: 2", "Toxicity: no answer"],
  ["Toxicity/ArgumentQuality: 2", "Toxicity: no answer"],
  ["Toxicity: 1, ArgumentQuality: unknown", "ArgumentQuality: the reply holds no answer"],
];

Deno.test("readReply() does not read a value that is repeated, denied, cut off or not named", () => {
  for (const [reply, problem] of UNPARSED) assert.deepEqual(reading(reply), { problem }, reply);
});

Deno.test("readReply() does not guess where a text ends, or what a dash before a number means", () => {
  const read = (text: string) => reading(text, [BALANCE, WHY]);
  assert.deepEqual(read("Balance: -2, why: rude"), { values: { Balance: -2, why: "rude" } });
  assert.deepEqual(read("Balance: 1\nwhy:\nIt is rude."), { values: { Balance: 1, why: "It is rude." } });
  assert.deepEqual(read("why: rude, Balance: 2"), { problem: "why: several answers" });
  assert.deepEqual(read("Balance - 2\nwhy: x"), { problem: "Balance: several answers" });
});

Deno.test("readReply() finds a single scale by its name only if the reply is a list of named values", () => {
  const one = (text: string, scale = TOXICITY) => reading(text, [scale]);
  for (
    const reply of [
      "Toxicity=1\nArgumentQuality=2",
      '{"Toxicity":1,"Confidence":5}',
      "Toxicity: 1, Certainty: 4",
    ]
  ) {
    assert.deepEqual(one(reply), { values: { Toxicity: 1 } }, reply);
    assert.ok("problem" in one(reply, { ...TOXICITY, grammar: "exact" }), reply);
  }
  for (
    const reply of [
      "Toxicity: 3 insults are in it\nRating: 5",
      "It makes 3 points.\nToxicity: 4",
      "Toxicity: not 1\nArgumentQuality: 2",
    ]
  ) assert.ok("problem" in one(reply), reply);
});

Deno.test("readReply() separates names that differ only in spaces and underscores", () => {
  const scales = [{ ...TOXICITY, name: "a b" }, { ...TOXICITY, name: "a_b" }];
  assert.deepEqual(reading("a b: 1\na_b: 2", scales), { values: { "a b": 1, "a_b": 2 } });
});

Deno.test("readReply() reads a cut reply only if it is a whole object", () => {
  const cut = (text: string, scales: readonly Scale[]) => readReply(scales, { text, finishReason: "length" });
  const problem = "the reply was cut at the limit of tokens";
  const both = [TOXICITY, QUALITY];
  for (
    const [text, scales] of [
      ["The comment deserves a 5 only if", [TOXICITY]],
      ["4", [TOXICITY]],
      ["4.", [TOXICITY]],
      ["4", [{ ...TOXICITY, grammar: "exact" }]],
      ["It is", [WHY]],
      ['{"why": "It is', [WHY]],
      ['{"why": "x"}', [WHY]],
      ["Toxicity: 1\nArgumentQuality: 2", both],
      ['{"Toxicity":1,"ArgumentQuality":2', both],
      ['{"Toxicity":1,"ArgumentQuality":2}\nBut', both],
      ["", both],
    ] as const
  ) assert.deepEqual(cut(text, scales as readonly Scale[]), { problem }, text);
  for (
    const text of ['{"Toxicity":1,"ArgumentQuality":2}', '```json\n{"Toxicity":1,"ArgumentQuality":2}\n']
  ) {
    assert.deepEqual(cut(text, both), { values: { Toxicity: 1, ArgumentQuality: 2 } });
  }
  assert.deepEqual(cut('{"Toxicity":1}', both), { problem: "ArgumentQuality: no answer" });
});

Deno.test("readReply() reads two values in any order, case and form", () => {
  const value = fc.integer({ min: 1, max: 5 });
  const names = fc.constantFrom(
    "ArgumentQuality",
    "argument_quality",
    "Argument Quality",
    "ARGUMENT-QUALITY",
  );
  const forms = fc.constantFrom(
    (pairs: readonly (readonly [string, number])[]) => pairs.map(([name, n]) => `${name}: ${n}`).join("\n"),
    (pairs: readonly (readonly [string, number])[]) => pairs.map(([name, n]) => `${name}=${n}`).join(", "),
    (pairs: readonly (readonly [string, number])[]) =>
      pairs.map(([name, n]) => `- **${name}**: ${n}/`).join("\n"),
    (pairs: readonly (readonly [string, number])[]) => JSON.stringify(Object.fromEntries(pairs)),
    (pairs: readonly (readonly [string, number])[]) =>
      pairs.map(([name, n]) => `<${name}>${n}</${name}>`).join(""),
  );
  fc.assert(
    fc.property(value, value, names, forms, fc.boolean(), (toxicity, quality, name, form, isTurned) => {
      const pairs = [["toxicity", toxicity], [name, quality]] as const;
      assert.deepEqual(reading(form(isTurned ? pairs.toReversed() : pairs)), {
        values: { Toxicity: toxicity, ArgumentQuality: quality },
      });
    }),
  );
});
