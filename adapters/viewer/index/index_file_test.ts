import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../testing/in_folder.ts";
import { IndexFile, openIndexFile, type ReadForIndex, SLOTS_MAX } from "./index_file.ts";

function log(
  stream: string,
  texts: readonly (string | null)[],
  changes: Partial<ReadForIndex> = {},
): ReadForIndex {
  return {
    stream,
    size: texts.length,
    hashes: texts.map((text) => `hash of ${text}`),
    slots: texts.map((comments) => ({ comments, thoughts: null, raw: null })),
    packed: { design: "[]", figures: "[]" },
    ...changes,
  };
}

function found({ db }: IndexFile, match: string): readonly number[] {
  return db.prepare("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid").all(match)
    .map(({ rowid }) => rowid as number);
}

Deno.test("IndexFile finds texts by the number of their log and the position of their slot", () => {
  using file = new IndexFile(null);
  const [a, b] = file.write([log("a", ["night", null, "buses run"]), log("b", ["buses"])]);
  assert.deepEqual(found(file, '"buses"'), [a!.id * SLOTS_MAX + 2, b!.id * SLOTS_MAX]);
  assert.deepEqual([...file.logs()].map(({ stream, events, hash }) => [stream, events, hash]), [
    ["a", 3, "hash of buses run"],
    ["b", 1, "hash of buses"],
  ]);
});

Deno.test("IndexFile adds only the new texts of a log that has grown, and replaces a log that has changed", () => {
  using file = new IndexFile(null);
  const { id } = file.write([log("a", ["one"]), log("b", ["two"])])[0]!;
  file.write([log("a", ["one", "two"])]);
  assert.deepEqual(found(file, '"one"'), [id * SLOTS_MAX]);
  assert.equal(found(file, '"two"').length, 2);
  file.write([log("a", ["three"])]);
  assert.deepEqual(["one", "two", "three"].map((word) => found(file, word).length), [0, 1, 1]);
  assert.equal(file.log("a")!.id, id);
});

Deno.test("IndexFile removes a log with all its texts", () => {
  using file = new IndexFile(null);
  file.write([log("a", ["one"]), log("b", ["one"])]);
  file.remove(["a", "unknown"]);
  assert.equal(found(file, "one").length, 1);
  assert.equal(file.log("a"), undefined);
});

Deno.test("IndexFile stores each design once", () => {
  using file = new IndexFile(null);
  const stored = file.write(
    ["x", "y", "x"].map((design, nth) =>
      log(`d${nth}`, [], { packed: { design: `["${design}"]`, figures: "[]" } })
    ),
  );
  assert.deepEqual(file.designs(0).map(({ id, content }) => [id, content]), [[1, '["x"]'], [2, '["y"]']]);
  assert.deepEqual(stored.map(({ design }) => design), [1, 2, 1]);
  assert.deepEqual(file.designs(1).length, 1);
});

Deno.test("openIndexFile() keeps the index, and two processes can write to it", () =>
  inFolder((folder) => {
    const path = join(folder, "cache", "x.sqlite");
    using one = openIndexFile(path);
    using other = openIndexFile(path);
    one.write([log("a", ["one"])]);
    other.write([log("a", ["one", "two"]), log("b", ["one"])]);
    one.write([log("a", ["one", "two"])]);
    assert.deepEqual([found(one, "one").length, found(one, "two").length], [2, 1]);
    return Promise.resolve();
  }));

Deno.test("openIndexFile() replaces a damaged file, and a file of another version", () =>
  inFolder((folder) => {
    const path = join(folder, "x.sqlite");
    for (const spoil of ["no database", "other version", "cut"]) {
      {
        using file = openIndexFile(path);
        file.write([log("a", ["one"])]);
        if (spoil === "other version") file.db.exec("PRAGMA user_version = 99");
      }
      if (spoil === "no database") Deno.writeTextFileSync(path, "x".repeat(10_000));
      if (spoil === "cut") Deno.truncateSync(path, 5_000);
      using file = openIndexFile(path);
      assert.deepEqual([...file.logs()], [], spoil);
      file.write([log("a", ["two"])]);
      assert.equal(found(file, "two").length, 1);
    }
    return Promise.resolve();
  }));
