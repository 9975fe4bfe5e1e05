import assert from "node:assert/strict";
import { knownSettings, yamlWord } from "./known_settings.ts";

Deno.test("knownSettings() gives the levels of factors as values for --set", () => {
  const text = `
name: test
seed: 1
discussion: { turns: 4, history: 3 }
participants: { instructions: Write. }
design:
  factors:
    discussion.history: { label: memory, levels: [1, 3] }
    tone:
      - { label: plain, set: { participants.instructions: Write. } }
      - { label: rude, set: { participants.instructions: Be rude., discussion.turns: 6 } }
`;
  assert.deepEqual(knownSettings(text), [
    {
      name: "memory",
      values: [
        { label: "1", settings: [{ path: "discussion.history", value: "1" }] },
        { label: "3", settings: [{ path: "discussion.history", value: "3" }] },
      ],
    },
    {
      name: "tone",
      values: [
        {
          label: "plain",
          settings: [
            { path: "participants.instructions", value: '"Write."' },
            { path: "discussion.turns", value: "4" },
          ],
        },
        {
          label: "rude",
          settings: [
            { path: "participants.instructions", value: '"Be rude."' },
            { path: "discussion.turns", value: "6" },
          ],
        },
      ],
    },
  ]);
});

Deno.test("knownSettings() offers the moderators of a file that does not vary them, and nothing for a broken file", () => {
  const text = "name: test\nmoderators: { gentle: {}, strict: {} }\nmoderator: none\n";
  assert.deepEqual(knownSettings(text), [{
    name: "moderator",
    values: ["none", "gentle", "strict"].map((name) => ({
      label: name,
      settings: [{ path: "moderator", value: name }],
    })),
  }]);
  assert.deepEqual(knownSettings("a: [1, 2"), []);
  assert.deepEqual(knownSettings(""), []);
});

Deno.test("yamlWord() quotes what YAML would read as something else", () => {
  const values = ["gentle", "no", "1", "two words", 3, true, null, { a: 1 }];
  assert.deepEqual(values.map(yamlWord), [
    "gentle",
    '"no"',
    '"1"',
    '"two words"',
    "3",
    "true",
    "null",
    '{"a":1}',
  ]);
});
