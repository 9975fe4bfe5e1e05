import assert from "node:assert/strict";
import fc from "fast-check";
import { hasLeft, namesOf } from "./authors.ts";

const LEFT = [
  ..."[deleted] [removed] [Deleted] u/[deleted] /u/[deleted] (deleted) <deleted> {removed}".split(" "),
  ..."deleted Deleted removed None null NULL nan NaN <NA>".split(" "),
  "[deleted user]",
  "[account deleted]",
  "[deleted by user]",
  "deleted user",
  "Deleted_User",
  "user deleted",
  " [deleted] ",
];
const STAYED = [
  "Kim",
  "undeleted",
  "deleted_scenes",
  "Nan",
  "Null",
  "none",
  "NA",
  "[mod] Kim",
  "deleted 2",
  "[kept]",
  "",
];

Deno.test("hasLeft() recognises texts for authors who left, but not similar names of people", () => {
  for (const author of LEFT) assert.ok(hasLeft(author), author);
  for (const author of STAYED) assert.ok(!hasLeft(author), author);
});

/** Calls namesOf() for these authors. An author's id can follow after a colon. */
function namesOfAuthors(...authors: readonly string[]): readonly string[] {
  return namesOf(authors.map((text) => {
    const [author, authorId = ""] = text.split(":");
    return { author: author!, authorId };
  }));
}

Deno.test("namesOf() numbers the comments of authors who left, since each can be by another person", () => {
  assert.deepEqual(namesOfAuthors("OP", "[deleted]", "other", "[deleted]", "OP"), [
    "OP",
    "[deleted] 1",
    "other",
    "[deleted] 2",
    "OP",
  ]);
  assert.deepEqual(namesOfAuthors("[deleted]", "[removed]", "None"), ["[deleted]", "[removed]", "None"]);
  assert.deepEqual(namesOfAuthors("[deleted]", "[deleted] 1", "[deleted]"), [
    "[deleted] 2",
    "[deleted] 1",
    "[deleted] 3",
  ]);
});

Deno.test("namesOf() distinguishes authors by their ids", () => {
  assert.deepEqual(namesOfAuthors("[deleted]:7", "[deleted]:7", "[deleted]:8", "[deleted]"), [
    "[deleted] 1",
    "[deleted] 1",
    "[deleted] 2",
    "[deleted] 3",
  ]);
  assert.deepEqual(namesOfAuthors("Kim:1", "Kim:2", "Kim:1", "Ann:3"), ["Kim 1", "Kim 2", "Kim 1", "Ann"]);
  assert.deepEqual(namesOfAuthors("Kim:1", "Kim", "Ann"), ["Kim", "Kim", "Ann"]);
  assert.deepEqual(namesOfAuthors("Kim:1", "Kimberly:1"), ["Kim", "Kim"]);
  assert.deepEqual(namesOfAuthors("deleted:5", "None:6", "deleted:5"), ["deleted", "None", "deleted"]);
});

Deno.test("namesOf() gives two comments the same name exactly if they have the same author", () => {
  const author = fc.constantFrom("Kim", "Ann", "Kim 1", "[deleted]", "None");
  const rowsOf = (authorId: fc.Arbitrary<string>) =>
    fc.array(fc.record({ author, authorId }), { maxLength: 8 });
  fc.assert(fc.property(fc.oneof(rowsOf(fc.constant("")), rowsOf(fc.constantFrom("1", "2", "3"))), (rows) => {
    const names = namesOf(rows);
    for (const [i, a] of rows.entries()) {
      for (const [j, b] of rows.entries()) {
        const isOne = i === j || a.authorId === b.authorId &&
            (a.authorId !== "" || (a.author === b.author && !hasLeft(a.author)));
        assert.equal(names[i] === names[j], isOne, String(names));
      }
    }
  }));
});
