import assert from "node:assert/strict";
import { CommentTable } from "./comment_table.ts";
import { readDateReading } from "./dates.ts";

const SOURCE = { format: "jsonl", file: "f.jsonl", sha256: "0".repeat(64) };

type Cells = Readonly<Record<string, unknown>>;

function read(records: readonly Cells[]) {
  const table = new CommentTable({ mapped: {}, whole: false, dates: readDateReading() });
  const rows = records.map((record, index) =>
    table.read({ line: index + 1, record: { discussion: "c", author: "Ann", text: "hello", ...record } })
  );
  table.end();
  const comments = rows.filter(({ discussion }) => discussion !== null).map(({ comment }) => comment);
  const { slots } = table.discussion("c", comments, SOURCE);
  return { ids: rows.map(({ discussion }) => discussion), slots, notes: table.notes };
}

/** A comment of ConvoKit. */
const utterance = (id: string, reply: string | null) => ({ id, "reply-to": reply });

Deno.test("CommentTable notes reply links that do not fit the comments", () => {
  const { slots, notes } = read([
    utterance("1", "gone"),
    utterance("2", "3"),
    utterance("3", "1"),
    utterance("3", "1"),
    utterance("4", "lost"),
  ]);
  assert.equal(slots.length, 5);
  assert.equal(notes.length, 3);
  assert.match(notes[0]!, /^1 comment has the same id as another comment in its discussion \("3"\)/);
  assert.match(notes[1]!, /^2 comments reply to comments that are not in their discussions \("gone"\)/);
  assert.match(notes[2]!, /^1 comment comes before the comment that it replies to/);
});

Deno.test("CommentTable understands Reddit's links to a submission, and to comments with a prefix", () => {
  const replies = [{ id: "k1", parent_id: "t3_zz" }, { id: "k2", parent_id: "t1_k1" }];
  assert.deepEqual(read(replies).notes, []);
  assert.match(
    read([...replies, { id: "k3", parent_id: "t1_k9" }]).notes[0]!,
    /is not in its discussion \("t1_k9"\)/,
  );
});

Deno.test("CommentTable ignores a column of ids in a table without reply links", () => {
  assert.deepEqual(read([{ id: "7" }, { id: "7" }]).notes, []);
});

Deno.test("CommentTable notes names with spaces around them, and still recognises a moderator", () => {
  const { slots, notes } = read([{ author: "Bob", role: "expert" }, { author: "Bob " }, {
    role: " Moderator",
  }]);
  assert.deepEqual(slots.map(({ by, name }) => [by, name]), [
    ["participant", "Bob"],
    ["participant", "Bob "],
    ["moderator", "Ann"],
  ]);
  assert.deepEqual(notes, [
    'the column "author" holds "Bob ", with spaces around it: it is not the same as "Bob"',
    'the column "role" holds " Moderator", with spaces around it: it is not the same as "Moderator"',
  ]);
});

Deno.test("CommentTable does not make a discussion of comments without a discussion id", () => {
  const unknown = [null, "", " ", "nan", NaN, "None", "<NA>"];
  assert.deepEqual(read([...unknown, "d", 1].map((discussion) => ({ discussion }))).ids, [
    ...unknown.map(() => null),
    "d",
    "1",
  ]);
});

Deno.test("CommentTable refuses an author of spaces only", () => {
  assert.throws(() => read([{ author: "  " }]), { message: /does not say who its author is/ });
});
