/**
 * Measures the diversity of many discussions on one core. The baseline compares the same words by dynamic
 * programming with a table, as textbooks and the Python package `rouge_score` do.
 */
import { drawnDiscussions } from "../../core/testing/comments.ts";
import { measureDiversity } from "./text_measures.ts";

const DISCUSSIONS = drawnDiscussions(1000);

function byTable(comments: readonly string[]): number {
  const texts = comments.map((text) => text.toLowerCase().match(/[a-z0-9]+/g) ?? []);
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
  measureDiversity(DISCUSSIONS[0]!);
});

Deno.bench("1,000 discussions of 30 comments", { n: 3, warmup: 1 }, () => {
  for (const comments of DISCUSSIONS) measureDiversity(comments);
});
