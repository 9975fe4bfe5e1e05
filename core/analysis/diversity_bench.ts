/**
 * Diversity of many discussions on one core. The baseline compares the same words with the textbook's table, which is
 * what the Python package `rouge_score` does.
 */
import { openDraw } from "../random/mod.ts";
import { diversity } from "./diversity.ts";
import { rougeWords } from "./rouge.ts";

const COMMENTS = 30;
const WORDS = 64;

/** Comments whose words are as unevenly frequent as a language's: the n-th is drawn in proportion to 1 / n. */
function discussion(nth: number): readonly string[] {
  const draw = openDraw("bench", "discussion", nth);
  const word = () => `w${Math.floor(Math.exp(draw.uniform() * Math.log(2000)))}`;
  return Array.from({ length: COMMENTS }, () => Array.from({ length: WORDS }, word).join(" "));
}

const DISCUSSIONS = Array.from({ length: 1000 }, (_, nth) => discussion(nth));

function byTable(comments: readonly string[]): number {
  const texts = comments.map(rougeWords);
  let sum = 0;
  for (const [at, one] of texts.entries()) {
    for (const other of texts.slice(at + 1)) {
      let above = new Uint16Array(other.length + 1);
      for (const word of one) {
        const row = new Uint16Array(other.length + 1);
        for (let to = 0; to < other.length; to++) {
          row[to + 1] = other[to] === word ? above[to]! + 1 : Math.max(above[to + 1]!, row[to]!);
        }
        above = row;
      }
      sum += 2 * above.at(-1)! / (one.length + other.length);
    }
  }
  return 1 - sum / (texts.length * (texts.length - 1) / 2);
}

Deno.bench("one discussion by the textbook's table", { group: "one", baseline: true }, () => {
  byTable(DISCUSSIONS[0]!);
});

Deno.bench("one discussion of 30 comments", { group: "one" }, () => {
  diversity(DISCUSSIONS[0]!);
});

Deno.bench("1,000 discussions of 30 comments", { n: 3, warmup: 1 }, () => {
  for (const comments of DISCUSSIONS) diversity(comments);
});
