import assert from "node:assert/strict";
import { planDiscussions } from "../../core/experiment/mod.ts";
import { parsed, SMALL } from "../../core/experiment/testing.ts";
import { COMMENT_TOKENS, estimateTokens } from "./tokens.ts";

Deno.test("estimateTokens() adds what prompts say to the comments that they show", async () => {
  const text = (history: number) => SMALL.replace("turns: 4", `turns: 4\n  history: ${history}`);
  const tokens = async (history: number) =>
    estimateTokens(planDiscussions(await parsed(text(history)))).get("talker")!;
  const alone = await tokens(0);
  const withComments = await tokens(2);
  // The four prompts show 0, 1, 2 and 2 comments.
  assert.equal(withComments.prompt - alone.prompt, 5 * COMMENT_TOKENS);
  assert.equal(alone.reply, 4 * COMMENT_TOKENS);
});

Deno.test("estimateTokens() takes no reply to be longer than the model's maxTokens", async () => {
  const text = SMALL.replace("adapter: scripted", "adapter: scripted, maxTokens: 10");
  assert.equal(estimateTokens(planDiscussions(await parsed(text))).get("talker")!.reply, 40);
});

Deno.test("estimateTokens() scales its sample up to the plan", async () => {
  const text = `${SMALL}design: { replications: 1000 }\n`;
  assert.equal(
    estimateTokens(planDiscussions(await parsed(text))).get("talker")!.reply,
    4000 * COMMENT_TOKENS,
  );
});
