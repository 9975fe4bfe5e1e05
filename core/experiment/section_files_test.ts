import assert from "node:assert/strict";
import { builtInExtensions } from "./extensions.ts";
import { readDocument } from "./document.ts";
import { parseDeclaration, parseModels } from "./section_files.ts";
import { ExperimentError, formatProblem } from "./problems.ts";

const options = { file: "declared.yaml", extensions: builtInExtensions([]) };

Deno.test("parseDeclaration() reads the declared rules, and adds no defaults", () => {
  assert.deepEqual(parseDeclaration("{}", options), {});
  assert.deepEqual(
    parseDeclaration(
      `
turns: 15
history: all
turnTaking: { strategy: mention, fallback: { strategy: respond, probability: 0.4 } }
schedule: { every: 2 }
`,
      options,
    ),
    {
      turns: 15,
      history: null,
      turnTaking: {
        name: "mention",
        options: { fallback: { name: "respond", options: { probability: 0.4 } } },
      },
      schedule: { name: "every", options: { n: 2 } },
    },
  );
});

Deno.test("parseDeclaration() reports all problems with their places", () => {
  const problemsOf = (text: string) => {
    try {
      parseDeclaration(text, options);
    } catch (error) {
      assert.ok(error instanceof ExperimentError);
      return error.problems.map(formatProblem);
    }
    return [];
  };
  assert.deepEqual(problemsOf("turns: 0\nturnTaking: { strategy: respond }\nturnTakings: random\n"), [
    "declared.yaml:1:8: turns: expected a whole number from 1 to 100000, found 0",
    "declared.yaml:2:1: turnTaking.probability: is missing: expected a number from 0 to 1",
    'declared.yaml:3:1: turnTakings: unknown key; did you mean "turnTaking"?',
  ]);
  assert.deepEqual(problemsOf("- random"), [
    "declared.yaml:1:1: expected a declaration: keys and values, found a list",
  ]);
  assert.deepEqual(problemsOf("schedule: hourly").length, 1);
});

Deno.test("parseModels() reads the models of any file, and reports all problems with their places", () => {
  const read = (text: string) =>
    parseModels(readDocument(text, "m.yaml"), { extensions: builtInExtensions(["scripted"]) });
  const models = read("name: other\nmodels:\n  vectors: { adapter: scripted, temperature: 0 }\n");
  assert.deepEqual(Object.keys(models), ["vectors"]);
  assert.deepEqual([models.vectors!.adapter, models.vectors!.sampling], ["scripted", { temperature: 0 }]);
  for (
    const [text, ...problems] of [
      ["name: other", "1:1: models: is missing: expected names and their models"],
      ["models: {}", "1:9: models: expected at least one model, found keys and values"],
      ["[]", "1:1: expected a file with models: keys and values, found an empty list"],
      [
        "models: { a: { adapter: scriptd }, b: { adapter: scripted, temperature: hot } }",
        '1:25: models.a.adapter: there is no adapter "scriptd": expected scripted, or the path of your own; did you mean "scripted"?',
        '1:73: models.b.temperature: expected a number from 0 to 100, found the text "hot"',
      ],
    ] as const
  ) {
    assert.throws(() => read(text), (error) => {
      assert.ok(error instanceof ExperimentError);
      assert.deepEqual(
        error.problems.map(formatProblem).toSorted(),
        problems.map((one) => `m.yaml:${one}`).toSorted(),
      );
      return true;
    });
  }
});
