import assert from "node:assert/strict";
import { CommentTable, type TableReading } from "./comment_table.ts";
import { readDateReading } from "./dates.ts";
import { FormatError } from "./format_error.ts";
import type { Row } from "./table_rows.ts";

const COLUMNS = { discussion: "d", author: "a", text: "t", order: "o", role: "r" };
const SOURCE = { format: "csv", file: "f.csv", sha256: "0".repeat(64) };

/** The only discussion of a table. */
function tableOf(records: readonly Row["record"][], reading: Partial<TableReading> = {}) {
  const table = new CommentTable({ mapped: {}, whole: true, dates: readDateReading(), ...reading });
  const read = records.map((record, index) => table.read({ line: index + 2, record }));
  table.end();
  return table.discussion(read[0]!.discussion!, read.map(({ comment }) => comment), SOURCE);
}

function discussionOf(...cells: readonly (readonly [a: string, t: unknown, o: unknown, r?: string])[]) {
  const records = cells.map(([a, t, o, r], index) => ({ d: "x", a, t, o, r, extra: index }));
  return tableOf(records, { mapped: COLUMNS });
}

Deno.test("CommentTable puts comments in order, and keeps the other cells of their rows", () => {
  const { slots, origin, participants, moderator } = discussionOf(
    ["ann", "third", "30"],
    ["Mo", "before all", 5, "Moderator"],
    ["ben", "first", 10, "expert"],
    ["Mo", "second", "1.5e1", "moderator"],
  );
  assert.deepEqual(slots, [
    { by: "opening", name: "Mo", text: "before all" },
    { by: "participant", name: "ben", text: "first" },
    { by: "moderator", name: "Mo", text: "second" },
    { by: "participant", name: "ann", text: "third" },
  ]);
  assert.deepEqual(participants.map(({ name, role }) => [name, role?.name]), [["ben", "expert"], [
    "ann",
    undefined,
  ]]);
  assert.equal(moderator?.name, "Mo");
  assert.deepEqual(Object.values(origin.entries).map(({ o, extra }) => [o, extra]), [
    [5, 1],
    [10, 2],
    ["1.5e1", 3],
    ["30", 0],
  ]);
});

Deno.test("CommentTable reads scripted interventions as export writes them", () => {
  const records = [["Mayor", "author"], ["Ann", "participant"], ["Eve", "intervention"], ["Mo", "moderator"]]
    .map(([author, by]) => ({ discussion: "x", author, by, text: "Hm." }));
  const { slots, participants, moderator } = tableOf(records);
  assert.deepEqual(slots.map(({ by, name }) => [by, name]), [
    ["opening", "Mayor"],
    ["participant", "Ann"],
    ["intervention", "Eve"],
    ["moderator", "Mo"],
  ]);
  assert.deepEqual([participants.map(({ name }) => name), moderator?.name], [["Ann"], "Mo"]);
});

Deno.test("CommentTable orders comments by their dates, and keeps the order of the file for equal dates", () => {
  const at = "2026-01-03T10:00:00";
  const { slots } = discussionOf(["c", "3", `${at}Z`], ["a", "1", `${at}+02:00`], ["d", "4", `${at}Z`]);
  assert.deepEqual(slots.map(({ text }) => text), ["1", "3", "4"]);
});

Deno.test("CommentTable refuses a whole discussion if one comment is wrong", () => {
  assert.throws(() => discussionOf(["a", "1", "1"], ["", "2", "2"]), (error) => {
    assert.ok(error instanceof FormatError);
    assert.equal(error.line, 3);
    return /does not say who its author is; the discussion "x" is left out/.test(error.message);
  });
  assert.throws(() => discussionOf(["a", "1", "soon"]), { message: /neither a number nor a date/ });
  assert.throws(() => discussionOf(["a", ["list"], "1"]), { message: /its text is not a string/ });
});

Deno.test("CommentTable keeps a deleted comment as a silent slot", () => {
  const { slots, origin } = discussionOf(["a", null, 1], ["b", "two", 2]);
  assert.deepEqual(slots[0], { by: "participant", name: "a", text: "" });
  assert.equal(origin.entries[0]!.t, null);
});

Deno.test("CommentTable reads openings and moderators from a table that export wrote", () => {
  const records = [["author", "Op", "Hello"], ["participant", "ann", "Hi"], ["moderator", "Mo", "Calm"]]
    .map(([by, author, text], position) => ({ discussion: "x", position, author, by, text }));
  const { slots, participants, moderator } = tableOf(records);
  assert.deepEqual(slots.map(({ by, name }) => [by, name]), [
    ["opening", "Op"],
    ["participant", "ann"],
    ["moderator", "Mo"],
  ]);
  assert.deepEqual(participants.map(({ name }) => name), ["ann"]);
  assert.equal(moderator?.name, "Mo");
  assert.throws(() => tableOf([...records, { ...records[0]!, position: 3 }]), {
    message: /^it is an opening, but comes after other comments/,
  });
});

Deno.test("CommentTable ignores a column `by` with unknown values", () => {
  const { moderator, participants } = tableOf([
    { discussion: "x", position: 0, author: "ann", by: "Ann", text: "Hi" },
    { discussion: "x", position: 1, author: "ben", by: "constructor", text: "Hi" },
  ]);
  assert.equal(moderator, null);
  assert.equal(participants.length, 2);
});

Deno.test("CommentTable notes that an author id has several names", () => {
  const table = new CommentTable({ mapped: {}, whole: true, dates: readDateReading() });
  const rows = [["u1", "Kim"], ["u1", "[deleted]"], ["u1", "Lee"], ["u2", "Kim"]].map((
    [author_id, author],
    index,
  ) => table.read({ line: index + 2, record: { discussion: "x", author, author_id, text: "Hi" } }).comment);
  table.end();
  assert.equal(new Set(table.discussion("x", rows, SOURCE).slots.map(({ name }) => name)).size, 2);
  assert.deepEqual(table.notes, [
    '1 author id has several names ("u1": "Kim", "Lee"): comments with the same id are by one participant, who has the first of the names',
  ]);
});
