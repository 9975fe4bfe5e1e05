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
  written: 0,
  withheld: 0,
  silences: 0,
  absences: 0,
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

Deno.test("dataCard() says which comments people wrote, and does not call silence a choice if a person did not answer", () => {
  const card = dataCard({ ...FACTS, generated: 1, written: 1, withheld: 1, silences: 4, absences: 2 });
  assert.match(card, /^ {2}- partly-synthetic$/m);
  assert.match(card, /Language models wrote 1 of the comments, and people wrote 1\. The others are openings/);
  assert.match(card, /The text of 1 comment of people is left out/);
  assert.match(
    card,
    /and 4 turns in which a speaker was asked and chose to say\nnothing\. In 2 further turns, a person/,
  );
  assert.match(dataCard({ ...FACTS, generated: 0, written: 3 }), /^People wrote all comments\. What/m);
});
