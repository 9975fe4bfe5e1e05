import assert from "node:assert/strict";
import { table } from "./table.ts";
import { memorySink } from "./text_sink.ts";

const COLUMNS = [{ title: "condition" }, { title: "turns", align: "right" }] as const;

Deno.test("table() aligns text to the left and figures to the right", () => {
  assert.equal(
    table(memorySink(), COLUMNS, [["none", "7"], ["gentle 你好", "1,234"]]),
    "condition    turns\n" +
      "none             7\n" +
      "gentle 你好  1,234\n",
  );
});

Deno.test("table() shortens text, not figures, in a narrow terminal", () => {
  assert.equal(
    table(memorySink({ isTerminal: true, columns: 17 }), COLUMNS, [["moderator=gentle", "1,234"]]),
    "condition  turns\n" +
      "moderato…  1,234\n",
  );
});

Deno.test("table() shortens no text outside a terminal", () => {
  const [, row] = table(memorySink({ columns: 10 }), COLUMNS, [["moderator=gentle", "1,234"]]).split("\n");
  assert.equal(row, "moderator=gentle  1,234");
});

Deno.test("table() puts each cell on its own line if the figures do not fit beside each other", () => {
  const columns = ["condition", "discussions", "turns"].map((title, index) =>
    ({ title, align: index === 0 ? "left" : "right" }) as const
  );
  assert.equal(
    table(memorySink({ isTerminal: true, columns: 24 }), columns, [["gentle", "50", "1,234"]]),
    "gentle\n" +
      "  discussions  50\n" +
      "  turns        1,234\n",
  );
});
