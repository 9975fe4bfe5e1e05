import assert from "node:assert/strict";
import { systemClock } from "../../system.ts";
import { needsRealModel, realModel } from "../testing/real_model.ts";
import { NEVER, question } from "../testing/stub_models.ts";
import { llamaAdapter } from "./adapter.ts";
// testing/llama_cpp_replies.py wrote them.
import replies from "./testing/llama_cpp_replies.json" with { type: "json" };

async function openRealModel(options: Readonly<Record<string, number>> = {}) {
  const spec = { adapter: "llama", sampling: {}, options: { model: realModel(), ...options } };
  return await llamaAdapter.create(spec, { env: () => undefined, clock: systemClock });
}

Deno.test({
  ...needsRealModel(
    "llamaAdapter writes the same greedy replies as llama-cpp-python, and counts the same numbers of tokens",
  ),
  async fn() {
    assert.ok(replies.length >= 4);
    const model = await openRealModel();
    try {
      const written = await Promise.all(replies.map(async ({ messages, tokens, isOver }) => {
        const sampling = { temperature: 0, maxTokens: isOver ? tokens + 1 : tokens };
        const asked = question("", { messages: messages as { role: "user"; content: string }[], sampling });
        const { text, usage, finishReason } = await model.generate(asked, NEVER);
        return { text, promptTokens: usage!.promptTokens, isOver: finishReason === "stop" };
      }));
      const expected = replies.map(({ text, promptTokens, isOver }) => ({ text, promptTokens, isOver }));
      assert.deepEqual(written, expected);
    } finally {
      await model.close!();
    }
  },
});
