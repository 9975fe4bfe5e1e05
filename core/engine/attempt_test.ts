import assert from "node:assert/strict";
import type { ModelReply, ModelRequest } from "../ports/mod.ts";
import { modelThat } from "../testing/mod.ts";
import { asModelError, attempt } from "./attempt.ts";

const text = "Yes.";
const finishReason = "stop";

/** Makes one attempt at a model that returns this reply. */
function answering(reply: unknown, changes: Partial<ModelRequest> = {}): Promise<ModelReply> {
  const request: ModelRequest = {
    messages: [{ role: "user", content: "Well?" }],
    sampling: {},
    seed: 1,
    origin: { discussion: "d1", turn: 3, speaker: "Ann", role: "participant" },
    ...changes,
  };
  const model = modelThat(() => reply as ModelReply);
  return attempt(model, request, { signal: new AbortController().signal, watchdog: undefined });
}

Deno.test("attempt() accepts a reply with a choice only if the choice lists exactly the allowed answers", async () => {
  const reply = { text: "a", finishReason, choice: { answer: "a", probabilities: { a: 0.5, b: 0.5 } } };
  assert.deepEqual(await answering(reply, { answers: ["a", "b"] }), reply);
  await assert.rejects(
    answering(reply, { answers: ["a", "b", "c"] }),
    /its choice does not have one probability for each allowed answer$/,
  );
});

Deno.test("attempt() throws an error for an invalid reply, and asModelError() turns it into the error of a broken model", async () => {
  const noReplies: readonly unknown[] = [
    undefined,
    null,
    {},
    { finishReason },
    { text: 7, finishReason },
    { text },
    { text, finishReason: "eos" },
    { text, finishReason, usage: { promptTokens: NaN, completionTokens: 1 } },
    { text, finishReason, usage: { promptTokens: 1 } },
    { text, finishReason, usage: null },
    { text, finishReason, servedBy: 7 },
    { text, finishReason, choice: { answer: text, probabilities: { [text]: 1 } } },
    { text, finishReason, choices: {} },
  ];
  for (const reply of noReplies) {
    const error = await answering(reply).then(() => null, asModelError);
    assert.equal(error?.kind, "broken-model", JSON.stringify(reply));
    assert.match(error.message, /^The model adapter failed: its answer is not a reply: /);
  }
});
