import assert from "node:assert/strict";
import { commonLength, PromptStates } from "./prompt_states.ts";

/** Keeps prompts. Each letter of a prompt is one token, and the state of a prompt has one byte for each token. */
function statesOf(bytesMax: number, ...prompts: readonly string[]): PromptStates {
  const states = new PromptStates(bytesMax);
  for (const prompt of prompts) keep(states, prompt);
  return states;
}

function keep(states: PromptStates, prompt: string): void {
  states.keep(tokensOf(prompt), () => new TextEncoder().encode(prompt));
}

/** The kept prompt that has most in common with this one, and how much; `null` if that is at most `least`. */
function found(states: PromptStates, prompt: string, least = 0): [string, number] | null {
  const beginning = states.find((tokens) => commonLength(tokens, tokensOf(prompt)), least);
  return beginning && [new TextDecoder().decode(beginning.state), beginning.tokens];
}

function tokensOf(prompt: string): number[] {
  return [...new TextEncoder().encode(prompt)];
}

Deno.test("commonLength() counts the equal tokens before the first difference", () => {
  assert.deepEqual(
    [["abc", "abd"], ["abc", "abc"], ["ab", "abc"], ["xbc", "abc"], ["", "a"]].map(([a, b]) =>
      commonLength(tokensOf(a!), tokensOf(b!))
    ),
    [2, 3, 2, 0, 0],
  );
});

Deno.test("PromptStates.find() returns the prompt that saves the most tokens, if it saves more than `least`", () => {
  const states = statesOf(100, "abx", "abcdy", "abcz");
  assert.deepEqual(found(states, "abcdef"), ["abcdy", 4]);
  assert.deepEqual(found(states, "abcdef", 3), ["abcdy", 4]);
  assert.equal(found(states, "abcdef", 4), null);
  assert.equal(found(states, "q"), null);
});

Deno.test("PromptStates.keep() replaces kept beginnings of a prompt, and ignores a prompt if a kept prompt begins with it", () => {
  const states = statesOf(8, "xy", "ab", "abcd");
  // Without "ab", there is room for two more bytes.
  keep(states, "pq");
  assert.deepEqual(["abcd", "xy", "pq"].map((prompt) => found(states, prompt)?.[0]), ["abcd", "xy", "pq"]);
  const saved: string[] = [];
  states.keep(tokensOf("abc"), () => {
    saved.push("abc");
    return new Uint8Array(3);
  });
  assert.deepEqual([saved, found(states, "abc")], [[], ["abcd", 3]]);
});

Deno.test("PromptStates.keep() drops the least recently used prompts to stay within its limit", () => {
  const states = statesOf(9, "aaa", "bbb", "ccc");
  assert.deepEqual(found(states, "aa"), ["aaa", 2]);
  keep(states, "dddd");
  assert.deepEqual(["a", "b", "c", "d"].map((prompt) => found(states, prompt)?.[0] ?? null), [
    "aaa",
    null,
    null,
    "dddd",
  ]);
});

Deno.test("PromptStates.keep() keeps its prompts if a new one is larger than the limit", () => {
  const states = statesOf(5, "abc", "uvwxyz");
  assert.deepEqual([found(states, "abc"), found(states, "uvwxyz")], [["abc", 3], null]);
});

Deno.test("PromptStates.keep() saves no state if its limit is 0", () => {
  const states = new PromptStates(0);
  states.keep([1], () => assert.fail("saved"));
  assert.equal(states.find(() => 1, 0), null);
});
