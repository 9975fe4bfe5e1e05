import assert from "node:assert/strict";
import { inFolder } from "../testing/in_folder.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";
import { mountSmallDisk, NO_SMALL_DISK } from "./testing/small_disk.ts";
import { WholeStreams } from "./import_folder.ts";

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

for (const shards of [0, 256] as const) {
  Deno.test(`a store with ${shards} sub-folders reads the streams that WholeStreams writes`, () =>
    inFolder(async (folder) => {
      const streams = new WholeStreams(folder, shards);
      const written = Array.from({ length: 300 }, (_, index) => `s/${index}`);
      for (const stream of written) await streams.write(stream, [`first of ${stream}`, "second"]);
      await streams.flush();
      const store = new JsonlEventStore(folder, { shards });
      assert.deepEqual((await Array.fromAsync(store.streams())).sort(), written.sort());
      assert.deepEqual(await Array.fromAsync(store.read("s/299")), ["first of s/299", "second"]);
      await store.append("s/299", 2, ["third"]);
      await store.close();
    }));
}

Deno.test("WholeStreams.clearUnfinished() removes unfinished files and no others", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/0f`);
    for (const name of ["a.jsonl", "a.jsonl.part", "0f/b.jsonl", "0f/b.jsonl.part", "c.part"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "half of");
    }
    await new WholeStreams(folder, 0).clearUnfinished();
    assert.deepEqual([names(folder), names(`${folder}/0f`)], [["0f", "a.jsonl", "c.part"], ["b.jsonl"]]);
  }));

Deno.test({
  name: "WholeStreams.flush() leaves no unfinished file on a full disk" +
    (NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`),
  ignore: NO_SMALL_DISK !== null,
  fn: async () => {
    using disk = mountSmallDisk(64 * 1024);
    const streams = new WholeStreams(disk.path, 0);
    await streams.write("small", ["x"]);
    await streams.write("large", ["x".repeat(100_000)]);
    await assert.rejects(streams.flush(), {
      name: "StoreError",
      message: /the disk is full\. Free some space/,
    });
    assert.deepEqual(names(disk.path).filter((name) => name.endsWith(".part")), []);
    await streams.write("small", ["x"]);
    await streams.flush();
    assert.deepEqual(names(disk.path), ["small.jsonl"]);
  },
});
