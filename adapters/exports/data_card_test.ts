import assert from "node:assert/strict";
import { type CardFacts, dataCard } from "./data_card.ts";

const FACTS: CardFacts = {
  experiment: "tiny",
  experimentHash: null,
  version: "1.0.0",
  tables: [],
  discussions: { total: 1, unfinished: 0 },
  comments: 3,
  generated: 3,
  silences: 0,
  conditions: [],
  models: [],
};

Deno.test("dataCard() says that models wrote all comments only if no comment is an opening or imported", () => {
  assert.match(dataCard(FACTS), /Language models wrote all comments\./);
  assert.match(dataCard({ ...FACTS, generated: 2 }), /Language models wrote 2 of the comments\. The others/);
});

Deno.test("dataCard() calls a data set synthetic only if it has generated comments", () => {
  assert.match(dataCard(FACTS), /- synthetic$/m);
  assert.ok(!dataCard({ ...FACTS, generated: 0 }).includes("synthetic"));
});
