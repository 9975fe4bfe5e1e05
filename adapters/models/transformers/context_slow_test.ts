import assert from "node:assert/strict";
import type { Message, ModelReply, ModelRequest } from "../../../core/ports/model.ts";
import { localModel, NEVER, question } from "./testing/local_models.ts";

/** The tokens of the chat template around a user's message: one for each byte and each special token. */
const TEMPLATE_TOKENS = 1 + 5 + 1 + 1 + 1 + 10;

const COMMENT = "Buses!!!\n\n";

/** A question after a number of comments of ten tokens each. */
function after(comments: number, request = "Go on."): ModelRequest {
  const messages = (leftOut: number): readonly Message[] | null =>
    leftOut > comments ? null : [{ role: "user", content: COMMENT.repeat(comments - leftOut) + request }];
  return question("", { messages: messages(0)!, sampling: { maxTokens: 16 }, shorten: messages });
}

async function replyTo(request: ModelRequest): Promise<ModelReply> {
  await using made = await localModel({}, { size: { context: 200 } });
  return await made.model.generate(request, NEVER);
}

Deno.test("a local model leaves out the oldest comments, and only as many as its context requires", async () => {
  // Of 200 tokens, the reply takes 16, the template 19 and the request 6. The other 159 hold 15 comments.
  assert.equal(200 - 16 - TEMPLATE_TOKENS - 6, 159);
  for (const [comments, leftOut] of [[15, undefined], [16, 1], [17, 2], [40, 25], [1000, 985]] as const) {
    const { commentsLeftOut, usage } = await replyTo(after(comments));
    assert.equal(commentsLeftOut, leftOut);
    assert.equal(usage!.promptTokens, TEMPLATE_TOKENS + 150 + 6);
  }
});

Deno.test("a local model can leave out all comments", async () => {
  const { commentsLeftOut, usage } = await replyTo(after(3, "a".repeat(160)));
  assert.deepEqual([commentsLeftOut, usage!.promptTokens], [3, TEMPLATE_TOKENS + 160]);
});

Deno.test("a local model refuses a prompt that is too long even without its comments, or that has no comments", async () => {
  for (const request of [after(3, "a".repeat(166)), question("a".repeat(400))]) {
    await assert.rejects(replyTo(request), {
      name: "ModelError",
      kind: "bad-request",
      message:
        /^Cannot ask the local model: a prompt of \d+ tokens and a reply of up to \d+ exceed its context of 200, and leaving out earlier comments does not help/,
    });
  }
});

Deno.test("a local model shortens a reply, not the prompt, to fit into its context", async () => {
  const { usage, finishReason } = await replyTo(question("Go on.", { sampling: { maxTokens: 10_000 } }));
  assert.deepEqual([usage!.promptTokens + usage!.completionTokens, finishReason], [200, "length"]);
});
