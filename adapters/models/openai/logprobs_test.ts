import assert from "node:assert/strict";
import type { AdapterOptions } from "../../../core/ports/model.ts";
import { NEVER, question, stubModel } from "../testing/stub_models.ts";

type Tops = Readonly<Record<string, number>>;
type Token = readonly [token: string, tops?: Tops];

const entry = ([token, tops = { [token]: 1 }]: Token) => ({
  token,
  logprob: Math.log(tops[token] ?? 0.001),
  bytes: null,
  top_logprobs: Object.entries(tops).map(([token, share]) => ({
    token,
    logprob: Math.log(share),
    bytes: null,
  })),
});

/**
 * Asks for one of these answers. The server replies with these tokens, each with the probabilities of the likeliest
 * tokens at its position.
 */
async function choiceAfter(
  answers: readonly string[],
  tokens: readonly Token[],
  options: AdapterOptions = {},
) {
  const content = tokens.map(([token]) => token).join("");
  const fault = { kind: "choice", message: { content }, logprobs: { content: tokens.map(entry) } } as const;
  await using made = await stubModel({ fault: () => fault }, { topLogprobs: 5, ...options });
  const sampling = { temperature: 0 };
  return (await made.model.generate(question("How toxic?", { answers, sampling }), NEVER)).choice;
}

function assertShares(
  found: Readonly<Record<string, number>> | undefined,
  expected: Readonly<Record<string, number>>,
) {
  assert.deepEqual(Object.keys(found ?? {}).sort(), Object.keys(expected).sort());
  for (const [label, share] of Object.entries(expected)) {
    assert.ok(Math.abs(found![label]! - share) < 1e-12, label);
  }
}

Deno.test("openaiAdapter computes the probabilities of the answers from the answer's first token", async () => {
  const choice = await choiceAfter(["1", "2", "3"], [["2", {
    "2": 0.5,
    " 2": 0.1,
    "1": 0.2,
    "3": 0.05,
    The: 0.1,
  }]]);
  assert.equal(choice!.answer, "2");
  // 1: 0.2; 2: 0.5 + 0.1; 3: 0.05. Together: 0.85.
  assertShares(choice!.probabilities, { "1": 0.2 / 0.85, "2": 0.6 / 0.85, "3": 0.05 / 0.85 });
});

Deno.test("openaiAdapter computes the probabilities of answers with several tokens after white space", async () => {
  const tokens: Token[] = [["\n", { "\n": 1 }], ["not", { not: 0.3, very: 0.1 }], [" at all"], ["\n"]];
  const choice = await choiceAfter(["not at all", "very much"], tokens);
  assertShares(choice!.probabilities, { "not at all": 0.75, "very much": 0.25 });
});

Deno.test("openaiAdapter computes the probabilities of an answer within a JSON object", async () => {
  const options = { structuredOutput: "response_format" };
  const begin: Token[] = [["{", { "{": 1 }], ['"answer'], ['":', { '":': 1 }], [' "', { ' "': 1 }]];
  const plain = await choiceAfter(["low", "high"], [...begin, ["low", { low: 0.2, high: 0.6, " low": 0.1 }], [
    '"}',
  ]], options);
  assert.equal(plain!.answer, "low");
  assertShares(plain!.probabilities, { low: 0.25, high: 0.75 });
  const empty = await choiceAfter(["", 'a "b"'], [...begin, ['"}', { '"}': 0.3, "a": 0.1 }]], options);
  assert.equal(empty!.answer, "");
  assertShares(empty!.probabilities, { "": 0.75, 'a "b"': 0.25 });
  const joined = await choiceAfter(["low", "high"], [["{"], ['"answer":"low', { '"answer":"low': 1 }], [
    '"}',
  ]], options);
  assert.equal(joined, undefined);
});

const UNKNOWN: readonly (readonly [name: string, answers: readonly string[], tokens: readonly Token[]])[] = [
  ["one answer is not among the likeliest tokens", ["1", "2"], [["1", { "1": 0.9, The: 0.1 }]]],
  ["a token begins two answers", ["1", "10", "2"], [["1", { "1": 0.9, "2": 0.1, "10": 0.1 }]]],
  ["an answer is empty", ["", "1"], [["1", { "1": 1 }]]],
];

for (const [name, answers, tokens] of UNKNOWN) {
  Deno.test(`openaiAdapter gives no probabilities when ${name}`, async () => {
    assert.equal(await choiceAfter(answers, tokens), undefined);
  });
}

const TOPS = [{ token: "1", logprob: -1 }, { token: "2", logprob: -1 }];
const ODD: readonly unknown[] = [
  undefined,
  null,
  {},
  { content: "1" },
  { content: [] },
  { content: [null] },
  { content: [{ token: 1 }] },
  { content: [{ token: "1" }] },
  { content: [{ token: "1", top_logprobs: [{ token: "1" }, { token: "2", logprob: -1 }] }] },
  { content: [{ token: "1", top_logprobs: [{ token: "1", logprob: 5 }, { token: "2", logprob: -1 }] }] },
  { content: [{ token: "1", top_logprobs: [{ token: "1", logprob: null }, { token: "2", logprob: -1 }] }] },
  { content: [{ token: "Hm, ", top_logprobs: TOPS }, { token: "1", top_logprobs: TOPS }] },
];

for (const logprobs of ODD) {
  Deno.test(`openaiAdapter gives no probabilities for the logprobs ${JSON.stringify(logprobs)}`, async () => {
    const fault = { kind: "choice", message: { content: "1" }, logprobs } as const;
    await using made = await stubModel({ fault: () => fault }, { topLogprobs: 5 });
    const reply = await made.model.generate(question("How toxic?", { answers: ["1", "2"] }), NEVER);
    assert.deepEqual([reply.text, reply.choice], ["1", undefined]);
  });
}
