import assert from "node:assert/strict";
import { join } from "node:path";
import { eventStoreConformance } from "../../core/ports/event_store_conformance.ts";
import { StoreError, StreamConflict } from "../../core/ports/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";
import type { TornTail } from "./open_streams.ts";
import { mountSmallDisk, NO_SMALL_DISK } from "./testing/small_disk.ts";

function harness(options: JsonlEventStoreOptions) {
  return async () => {
    const folder = await Deno.makeTempDir();
    const opened: JsonlEventStore[] = [];
    const open = () => {
      const store = new JsonlEventStore(`${folder}/discussions`, options);
      opened.push(store);
      return store;
    };
    return {
      store: open(),
      reopen: () => Promise.resolve(open()),
      cleanup: async () => {
        for (const store of opened) await store.close();
        await Deno.remove(folder, { recursive: true });
      },
    };
  };
}

const variants: readonly (readonly [string, JsonlEventStoreOptions])[] = [
  ["JsonlEventStore", {}],
  ["JsonlEventStore in 256 sub-folders", { shards: 256 }],
  ["JsonlEventStore without syncing", { durable: false }],
];
for (const [name, options] of variants) {
  for (const test of eventStoreConformance(name, harness(options))) Deno.test(test);
}
async function linesOf(store: JsonlEventStore, stream: string): Promise<string[]> {
  return await Array.fromAsync(store.read(stream));
}

/** Replaces a method of all files, to simulate a broken disk. */
function breakFiles(
  method: "syncData" | "truncateSync",
  broken: () => never | Promise<void>,
): Disposable {
  const original = Deno.FsFile.prototype[method];
  Object.assign(Deno.FsFile.prototype, { [method]: broken });
  return { [Symbol.dispose]: () => Object.assign(Deno.FsFile.prototype, { [method]: original }) };
}

function inputOutputError(): never {
  throw Object.assign(new Error("Input/output error (os error 5)"), { code: "EIO" });
}

Deno.test("JsonlEventStore.append() removes a last line that was torn at any byte, and reports it", () =>
  inFolder(async (folder) => {
    const file = `${folder}/s.jsonl`;
    const encode = (text: string) => new TextEncoder().encode(text);
    const whole = encode("first\n");
    const last = encode('{"text":"Grüße 😀"}');
    for (let bytes = 1; bytes <= last.length; bytes++) {
      await Deno.writeFile(file, new Uint8Array([...whole, ...last.subarray(0, bytes)]));
      const torn: TornTail[] = [];
      const store = new JsonlEventStore(folder, { onTornTail: (tail) => torn.push(tail) });
      assert.deepEqual(await linesOf(store, "s"), ["first"]);
      assert.deepEqual(torn, []);
      assert.equal((await Deno.stat(file)).size, whole.length + bytes);
      await store.append("s", 1, ["second"]);
      assert.deepEqual(torn, [{ stream: "s", file, bytes }]);
      assert.equal(await Deno.readTextFile(file), "first\nsecond\n");
      await store.close();
    }
  }));

Deno.test("JsonlEventStore.append() starts a new log in a file that has only a torn line", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/s.jsonl`, '{"stream":"s","se');
    const store = new JsonlEventStore(folder);
    await store.append("s", 0, ["first"]);
    await store.close();
    assert.equal(await Deno.readTextFile(`${folder}/s.jsonl`), "first\n");
  }));

Deno.test("JsonlEventStore.read() gives the lines before a line that is not UTF-8, and refuses that line", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/s.jsonl`, new Uint8Array([97, 10, 98, 10, 0xff, 10, 99, 10]));
    const read: string[] = [];
    await assert.rejects(
      async () => {
        for await (const line of new JsonlEventStore(folder).read("s")) read.push(line);
      },
      { name: "DamagedLine", kind: "not-utf8" },
    );
    assert.deepEqual(read, ["a", "b"]);
  }));

Deno.test("JsonlEventStore.read() keeps a byte order mark in any line", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/s.jsonl`, "\ufeffa\nb\n\ufeffc\n");
    assert.deepEqual(await linesOf(new JsonlEventStore(folder), "s"), ["\ufeffa", "b", "\ufeffc"]);
  }));

Deno.test("JsonlEventStore.read() gives whole lines, even if they cross the pieces that it reads", () =>
  inFolder(async (folder) => {
    // Pieces have 256 kB, so characters of 1 to 4 bytes cross their ends.
    const lines = Array.from({ length: 3000 }, (_, index) => `${index}:${"aé€😀".repeat(index % 97)}`);
    const store = new JsonlEventStore(folder);
    await store.append("s", 0, lines);
    assert.deepEqual(await linesOf(store, "s"), lines);
    await store.close();
  }));

Deno.test("JsonlEventStore.read() leaves out lines whose append has not succeeded yet", () =>
  inFolder(async (folder) => {
    const store = new JsonlEventStore(folder);
    await store.append("s", 0, ["first"]);
    const synced = Promise.withResolvers<void>();
    {
      using _ = breakFiles("syncData", () => synced.promise);
      const append = store.append("s", 1, ["second"]);
      for (let i = 0; i < 10; i++) await Promise.resolve();
      assert.equal(await Deno.readTextFile(`${folder}/s.jsonl`), "first\nsecond\n");
      assert.deepEqual(await linesOf(store, "s"), ["first"]);
      synced.resolve();
      await append;
    }
    assert.deepEqual(await linesOf(store, "s"), ["first", "second"]);
    await store.close();
  }));

Deno.test("JsonlEventStore.read() fails if it cannot sync the lines of a killed process", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/s.jsonl`, "left by a process that was killed\n");
    {
      using _ = breakFiles("syncData", inputOutputError);
      await assert.rejects(linesOf(new JsonlEventStore(folder), "s"), { name: "StoreError" });
      // A store that is not durable reads without a sync.
      assert.equal((await linesOf(new JsonlEventStore(folder, { durable: false }), "s")).length, 1);
    }
    assert.equal((await linesOf(new JsonlEventStore(folder), "s")).length, 1);
  }));

Deno.test("JsonlEventStore.append() removes its lines when the disk cannot sync, and succeeds when it is called again", () =>
  inFolder(async (folder) => {
    const store = new JsonlEventStore(folder);
    await store.append("old", 0, ["first"]);
    {
      using broken = breakFiles("syncData", () => {
        broken[Symbol.dispose]();
        inputOutputError();
      });
      await assert.rejects(store.append("old", 1, ["second"]), {
        name: "StoreError",
        message: `Cannot append to "${folder}/old.jsonl": the disk reports an error. ` +
          "Check the disk and its connection, then give the same command again",
      });
    }
    assert.equal(await Deno.readTextFile(`${folder}/old.jsonl`), "first\n");
    await store.append("old", 1, ["second"]);
    assert.deepEqual(await linesOf(store, "old"), ["first", "second"]);
    {
      using broken = breakFiles("syncData", () => {
        broken[Symbol.dispose]();
        inputOutputError();
      });
      await assert.rejects(store.append("new", 0, ["first"]), StoreError);
    }
    assert.deepEqual(await Array.fromAsync(store.streams()), ["old"]);
    await store.append("new", 0, ["first"]);
    await store.close();
  }));

Deno.test("JsonlEventStore.append() refuses a stream after it could not remove the lines of a failed append", () =>
  inFolder(async (folder) => {
    const store = new JsonlEventStore(folder);
    await store.append("s", 0, ["first"]);
    {
      using _sync = breakFiles("syncData", inputOutputError);
      using _truncate = breakFiles("truncateSync", inputOutputError);
      await assert.rejects(store.append("s", 1, ["second"]), StoreError);
    }
    await assert.rejects(
      store.append("s", 1, ["second"]),
      /could not be removed, so no more events are written/,
    );
    store.release("s");
    await assert.rejects(store.append("s", 1, ["second"]), StoreError);
    assert.deepEqual(await linesOf(store, "s"), ["first"]);
    await store.append("other", 0, ["first"]);
    await store.close();
  }));

Deno.test("JsonlEventStore.append() reports a conflict after another process has appended", () =>
  inFolder(async (folder) => {
    const store = new JsonlEventStore(folder);
    await store.append("s", 0, ["first"]);
    await Deno.writeTextFile(`${folder}/s.jsonl`, "from elsewhere\n", { append: true });
    await assert.rejects(store.append("s", 1, ["second"]), StreamConflict);
    await store.append("s", 2, ["third"]);
    assert.deepEqual(await linesOf(store, "s"), ["first", "from elsewhere", "third"]);
    await store.close();
  }));

Deno.test("JsonlEventStore finds streams in either layout, and appends to the existing file", () =>
  inFolder(async (folder) => {
    const flat = new JsonlEventStore(folder);
    await flat.append("abc", 0, ["first"]);
    const sharded = new JsonlEventStore(folder, { shards: 256 });
    await sharded.append("abc", 1, ["second"]);
    await sharded.append("def", 0, ["first"]);
    // `printf def | sha256sum` begins with cb.
    assert.equal(sharded.locate("def"), `${folder}/cb/def.jsonl`);
    assert.equal(await Deno.readTextFile(`${folder}/cb/def.jsonl`), "first\n");
    assert.deepEqual(await linesOf(flat, "abc"), ["first", "second"]);
    assert.deepEqual(await linesOf(flat, "def"), ["first"]);
    assert.deepEqual((await Array.fromAsync(flat.streams())).sort(), ["abc", "def"]);
    await flat.close();
    await sharded.close();
  }));

Deno.test("JsonlEventStore.close() waits for running appends, and refuses later ones", () =>
  inFolder(async (folder) => {
    const store = new JsonlEventStore(folder);
    const appends = [store.append("s", 0, ["first"]), store.append("s", 1, ["second"])];
    const closed = store.close();
    await assert.rejects(store.append("s", 2, ["third"]), TypeError);
    await Promise.all([...appends, closed]);
    assert.deepEqual(await linesOf(store, "s"), ["first", "second"]);
  }));

Deno.test("JsonlEventStore.append() reports that its folder is inside a file", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const store = new JsonlEventStore(`${folder}/file/discussions`);
    await assert.rejects(store.append("s", 0, ["first"]), {
      name: "StoreError",
      message: /^Cannot open ".*s\.jsonl": a part of the path is a file, not a folder\. Choose another path$/,
    });
  }));

const onSmallDisk = (name: string, fn: () => Promise<void>) =>
  Deno.test({
    name: NO_SMALL_DISK === null ? name : `${name} (skipped: ${NO_SMALL_DISK})`,
    ignore: NO_SMALL_DISK !== null,
    fn,
  });

onSmallDisk("JsonlEventStore.append() fails on a full disk, then appends a shorter line", async () => {
  using disk = mountSmallDisk(64 * 1024);
  const store = new JsonlEventStore(`${disk.path}/discussions`);
  const line = "x".repeat(9999);
  let seq = 0;
  await assert.rejects(
    async () => {
      for (;; seq++) await store.append("s", seq, [line]);
    },
    { name: "StoreError", message: /: the disk is full\. Free some space, then give the same command again/ },
  );
  assert.ok(seq > 0 && seq < 7);
  assert.equal((await Deno.stat(store.locate("s"))).size, seq * 10_000);
  await assert.rejects(store.append("new", 0, [line + line]), StoreError);
  assert.deepEqual(await Array.fromAsync(store.streams()), ["s"]);
  await store.append("s", seq, ["short"]);
  assert.deepEqual(await linesOf(store, "s"), [...Array(seq).fill(line), "short"]);
  await store.close();
});

onSmallDisk("JsonlEventStore.append() says that a disk is read-only", async () => {
  using disk = mountSmallDisk(64 * 1024);
  disk.makeReadOnly();
  const store = new JsonlEventStore(`${disk.path}/discussions`);
  await assert.rejects(store.append("s", 0, ["first"]), {
    name: "StoreError",
    message: /is read-only\. Choose/,
  });
});

Deno.test("JsonlEventStore does not make its folder again if the folder disappears just before a new stream", () =>
  inFolder(async (folder) => {
    const [path, moved] = [join(folder, "run"), join(folder, "moved")];
    for (const shards of [0, 256] as const) {
      let moves = false;
      // The folder disappears just after the guard has checked it.
      const guard = () => {
        if (moves) Deno.renameSync(path, moved);
        moves = false;
      };
      const store = new JsonlEventStore(join(path, "discussions"), { shards, guard });
      await store.append("first", 0, ["{}"]);
      moves = true;
      await assert.rejects(() => store.append("second", 0, ["{}"]), StoreError);
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["moved"]);
      await store.close().catch(() => {});
      Deno.removeSync(moved, { recursive: true });
    }
  }));
