/** A model for big runs. It writes comments that differ and have a usual length, and it answers at once. */
import type { ModelAdapter } from "../../core/ports/model.ts";
import { openDraw } from "../../core/random/mod.ts";
import { drawnComment } from "../../core/testing/comments.ts";

const COMPLETION_TOKENS = 90;

const talker: ModelAdapter = {
  create: () => ({
    generate({ messages, seed }, signal) {
      signal.throwIfAborted();
      const promptTokens = messages.reduce((sum, { content }) => sum + Math.ceil(content.length / 4), 0);
      return Promise.resolve({
        text: drawnComment(openDraw(String(seed), "talker")),
        finishReason: "stop",
        usage: { promptTokens, completionTokens: COMPLETION_TOKENS },
      });
    },
  }),
};

export default talker;
