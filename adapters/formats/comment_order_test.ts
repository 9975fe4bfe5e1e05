import assert from "node:assert/strict";
import { CommentTable } from "./comment_table.ts";
import { readDateReading } from "./dates.ts";

const SOURCE = { format: "jsonl", file: "f.jsonl", sha256: "0".repeat(64) };

type Record = Readonly<{ [column: string]: unknown }>;

/** The texts of a table's discussions in their order, and the notes. */
function read(records: readonly Record[], order?: string) {
  const mapped = order === undefined ? {} : { order };
  const table = new CommentTable({ mapped, whole: false, dates: readDateReading() });
  const rows = records.map((record, index) =>
    table.read({ line: index + 1, record: { discussion: "c", author: "Ann", ...record } })
  );
  table.end();
  const ids = new Set(rows.map(({ discussion }) => discussion!));
  const texts = [...ids].map((id) => {
    const comments = rows.filter(({ discussion }) => discussion === id).map(({ comment }) => comment);
    return table.discussion(id, comments, SOURCE).slots.map(({ text }) => text).join(" ");
  });
  return { texts, notes: table.notes };
}

const EARLY = "2024-01-02T09:00:00Z";
const LATE = "2024-01-02T10:00:00Z";

for (
  const [what, records, message] of [
    ["an empty column beside a column of times", [
      { text: "two", timestamp: null, created_at: LATE },
      { text: "one", timestamp: "", created_at: EARLY },
    ], /its "timestamp" is empty, and "created_at" holds times .* --map order=created_at/],
    [
      "times in an unknown column",
      [{ text: "two", posted: LATE }, { text: "one", posted: EARLY }],
      /"posted"/,
    ],
    ["seconds in an unknown column", [{ text: "two", ts: "1600000060.0002" }, {
      text: "one",
      ts: "1600000000.0001",
    }], /"ts" holds times/],
    ["dates of an unknown form", [{ text: "two", sent: "04/01/2024 10:00" }, {
      text: "one",
      sent: "Jan 3, 2024",
    }], /"sent"/],
    ["times of one discussion in another column", [
      { discussion: "d", text: "other", timestamp: EARLY, created_at: "" },
      { text: "two", timestamp: "", created_at: LATE },
      { text: "one", timestamp: "", created_at: EARLY },
    ], /its "timestamp" is empty, and "created_at" .* discussion "c" is left out/],
    ["days and times in two columns", [
      { text: "two", date: "2024-01-02", time: "10:00" },
      { text: "one", date: "2024-01-02", time: "9:00 am" },
    ], /its "date" gives only the day, and "time" holds times/],
  ] as const
) {
  Deno.test(`CommentTable refuses ${what}, unless the user chooses the order`, () => {
    assert.throws(() => read(records), { message });
    const { order } = { order: "", ...("date" in records[0] ? { order: "date" } : {}) };
    assert.equal(read(records, order).texts.at(-1), "two one");
  });
}

Deno.test("CommentTable keeps the order of the file if no column has only times", () => {
  const records = [{ text: "one", score: 1600000000, edited: "no" }, { text: "two", score: 5, edited: LATE }];
  assert.deepEqual(read(records), { texts: ["one two"], notes: [] });
});

Deno.test("CommentTable refuses numbers that give another order than the file, unless the user chooses the order", () => {
  const records = [{ text: "two", Turn: "10" }, { text: "one", Turn: "9" }];
  assert.throws(() => read(records), {
    message:
      /its "Turn" gives another order than the file \(10, then 9\).* --map order=Turn, .*--map order=;/,
  });
  assert.deepEqual(read(records, "Turn").texts, ["one two"]);
  assert.deepEqual(read(records, "").texts, ["two one"]);
  const rising = [{ text: "one", index: 0 }, { text: "two", index: 0 }, { text: "three", index: 1 }];
  assert.deepEqual(read(rising), { texts: ["one two three"], notes: [] });
});

Deno.test("CommentTable quotes an object in the order column as JSON", () => {
  const records = [{ text: "one", timestamp: { $date: EARLY } }];
  assert.throws(() => read(records), { message: /holds "\{\\?"\$date/ });
});

Deno.test("CommentTable counts comments with the same order as the comment before them", () => {
  const records = [["c", 2], ["b", 1], ["d", 2], ["e", "2.0"]].map(([text, order]) => ({ text, order }));
  const { texts, notes } = read(records);
  assert.deepEqual(texts, ["b c d e"]);
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /^2 comments have the same "order"/);
});

Deno.test("CommentTable notes that discussions have times in different units", () => {
  const { texts, notes } = read([
    { discussion: "c", text: "two", timestamp: 1_600_000_060 },
    { discussion: "c", text: "one", timestamp: 1_600_000_000 },
    { discussion: "d", text: "three", timestamp: 1_600_000_000_000 },
  ]);
  assert.deepEqual(texts, ["one two", "three"]);
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /"1600000060" \(seconds\) and "1600000000000" \(milliseconds\)/);
});
