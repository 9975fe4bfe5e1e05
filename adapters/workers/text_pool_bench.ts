/** The texts of 1,000 discussions of 30 comments on one core, and on two with the workers' start. */
import { measureTexts } from "../../analysis/mod.ts";
import { drawnDiscussions } from "../../core/testing/comments.ts";
import { TextPool } from "./text_pool.ts";

const texts = drawnDiscussions(1000);

Deno.bench("measureTexts() in this thread", { baseline: true, n: 5, warmup: 1 }, () => {
  for (const comments of texts) measureTexts(comments);
});

for (const workers of [1, 2]) {
  Deno.bench(`TextPool, ${workers} workers`, { n: 5, warmup: 1 }, async () => {
    using pool = new TextPool({ workers });
    await Promise.all(texts.map(pool.measure));
  });
}
