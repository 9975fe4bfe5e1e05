/** The texts of 1,000 discussions of 30 comments on one core, and on two with the workers' start. */
import { measureTexts } from "../../core/analysis/mod.ts";
import { openDraw } from "../../core/random/mod.ts";
import { inOrder } from "./in_order.ts";
import { TextPool } from "./text_pool.ts";

const DISCUSSIONS = 1000;
const COMMENTS = 30;
const WORDS = 64;

/** Comments whose words are as unevenly frequent as a language's: the n-th is drawn in proportion to 1 / n. */
function discussion(nth: number): readonly string[] {
  const draw = openDraw("bench", "discussion", nth);
  const word = () => `w${Math.floor(Math.exp(draw.uniform() * Math.log(2000)))}`;
  return Array.from({ length: COMMENTS }, () => Array.from({ length: WORDS }, word).join(" "));
}

const texts = Array.from({ length: DISCUSSIONS }, (_, nth) => discussion(nth));

Deno.bench("measureTexts() in this thread", { baseline: true, n: 5, warmup: 1 }, () => {
  for (const comments of texts) measureTexts(comments);
});

for (const workers of [1, 2]) {
  Deno.bench(`TextPool, ${workers} workers`, { n: 5, warmup: 1 }, async () => {
    using pool = new TextPool({ workers });
    for await (const _ of inOrder(texts, pool.measure));
  });
}
