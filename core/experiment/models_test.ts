import assert from "node:assert/strict";
import { costOf } from "./model_keys.ts";
import { experimentDocument } from "./fingerprint.ts";
import { parsed, problemsOf, SMALL } from "./testing.ts";

const withModel = (entry: string) =>
  SMALL.replace("{ adapter: scripted }", `{ adapter: scripted, ${entry} }`);

Deno.test("parseExperiment() reads limits and prices of a model, which do not change the experiment document", async () => {
  const text = withModel(
    "limits: { concurrency: 8, requestsPerMinute: 60, tokensPerMinute: 1e5, requestSeconds: 0.5 }, " +
      "prices: { input: 0.15, output: 0.6, currency: USD }",
  );
  const { conditions } = await parsed(text);
  assert.deepEqual(conditions[0]!.variants[0]!.models.talker, {
    adapter: "scripted",
    sampling: {},
    options: {},
    service: {},
    limits: { concurrency: 8, requestsPerMinute: 60, tokensPerMinute: 100_000, requestSeconds: 0.5 },
    prices: { input: 0.15, output: 0.6, currency: "USD" },
  });
  assert.deepEqual(experimentDocument(await parsed(text)), experimentDocument(await parsed(SMALL)));
});

Deno.test("parseExperiment() refuses invalid limits and prices", async () => {
  const wrong: readonly (readonly [entry: string, ...problems: RegExp[]])[] = [
    ["limits: 8", /limits: expected \{ concurrency, requestsPerMinute, /],
    [
      "limits: { concurrency: 0 }",
      /concurrency: expected adaptive, or a whole number from 1 to 10000, found 0/,
    ],
    ["limits: { concurrency: adaptiv }", /concurrency: expected adaptive, or a whole number/],
    ["limits: { requestsPerMinute: 0 }", /requestsPerMinute: expected a number above 0/],
    ["limits: { tokensPerMinute: .inf }", /tokensPerMinute: expected a number above 0/],
    ["limits: { requestSeconds: -1 }", /requestSeconds: expected a number of seconds above 0/],
    ["limits: { requestPerMinute: 1 }", /unknown key; did you mean "requestsPerMinute"\?/],
    ["prices: { input: 1 }", /prices\.output: is missing: expected a price of a million tokens/],
    ["prices: { input: -1, output: 1 }", /input: expected a price of a million tokens, from 0 to /],
    ["prices: { input: 1, output: 1, currency: $ }", /currency: expected a currency of 1 to 10 letters/],
  ];
  for (const [entry, ...problems] of wrong) {
    const found = await problemsOf(withModel(entry));
    assert.equal(found.length, problems.length, `${entry}: ${found.join("\n")}`);
    for (const [index, problem] of problems.entries()) assert.match(found[index]!, problem);
  }
});

Deno.test("parseExperiment() refuses prices in several currencies, and limits that differ between conditions", async () => {
  const two = SMALL.replace(
    "talker: { adapter: scripted }",
    "talker: { adapter: scripted, prices: { input: 1, output: 1, currency: USD } }\n" +
      "  other: { adapter: scripted, prices: { input: 1, output: 1, currency: EUR } }",
  );
  assert.deepEqual(await problemsOf(two), [
    "exp.yaml:6:39: models.other.prices: prices must be in one currency, found USD or EUR",
  ]);
  // The conditions describe different models under one name.
  const levels = ["scripted, USD", "openai, EUR"].map((label) => {
    const [adapter, currency] = label.split(", ");
    return `{ label: "${label}", value: { adapter: ${adapter}, prices: { input: 1, output: 1, currency: ${currency} } } }`;
  });
  const both = await problemsOf(`${SMALL}design:\n  factors: { models.talker: [${levels.join(", ")}] }\n`);
  assert.match(both.join("\n"), /prices must be in one currency, found USD or EUR/);
  const differing = `${
    withModel("limits: { concurrency: 1 }")
  }design:\n  factors: { models.talker.limits.concurrency: [1, 2] }\n`;
  assert.match(
    (await problemsOf(differing)).join("\n"),
    /the conditions reach the model "talker" in different ways/,
  );
});

Deno.test("costOf() uses prices of a million tokens, and returns 0 without prices", () => {
  // Published prices: 0.15 for a million prompt tokens, 0.60 for a million reply tokens. The cost of
  // 2,000,000 prompt tokens and 500,000 reply tokens is 0.30 + 0.30.
  assert.equal(costOf({ input: 0.15, output: 0.6 }, { promptTokens: 2e6, completionTokens: 5e5 }), 0.6);
  assert.equal(costOf(undefined, { promptTokens: 1e9, completionTokens: 1e9 }), 0);
});
