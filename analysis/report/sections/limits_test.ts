/** Tests that plots and tables say what they leave out. */
import assert from "node:assert/strict";
import { shownGroups } from "./outcome_figures.ts";
import { below, limited, tableOf, texts } from "../tables.ts";

Deno.test("shownGroups() says how many groups a plot leaves out", () => {
  const groups = [..."abcdefghij"].map((name) => ({ name, members: [] }));
  const shown = (count: number) =>
    shownGroups({ by: "arm", groups: groups.slice(0, count), reference: null });
  assert.deepEqual([shown(8).groups.length, shown(8).left], [8, ""]);
  assert.deepEqual([shown(10).groups.length, shown(10).left], [
    8,
    " The first 8 groups are shown; 2 more are in the tables.",
  ]);
});

Deno.test("limited() says how many rows a table leaves out, or that further rows were not kept", () => {
  const table = (rows: number) =>
    tableOf({ id: "t", title: "T", note: "Said." }, [...Array(rows).keys()], [texts("a", "A", String)]);
  assert.deepEqual(limited(table(100), true), table(100));
  const cut = limited(table(102), true);
  assert.deepEqual([cut.rows.length, cut.note], [100, "Said. The first 100 of 102 rows."]);
  assert.equal(limited(table(102), false).note, "Said. The first 100 of more than 102 rows.");
  assert.equal(limited(table(3), false).note, "Said. There are more rows; they were not kept.");
});

Deno.test("below() shows twenty of the texts that cells cut, and counts the others", () => {
  const texts = Array.from({ length: 22 }, (_, n) => ({ title: `t${n}`, text: "x".repeat(121) }));
  const blocks = below([{ title: "short", text: "x".repeat(120) }, ...texts]);
  assert.equal(blocks.length, 21);
  assert.deepEqual(blocks[0], { kind: "source", ...texts[0] });
  assert.deepEqual(blocks.at(-1), { kind: "paragraph", text: "Not shown: 2 more long texts." });
});
