import assert from "node:assert/strict";
import { join } from "node:path";
import { mountSmallDisk, NO_SMALL_DISK } from "../../stores/testing/small_disk.ts";
import { inFolder } from "../../testing/in_folder.ts";
import { fetchModel } from "./fetch_model.ts";

const BYTES = 100_000;

const DAY_MS = 24 * 60 * 60 * 1000;

async function fetchFrom({ port }: Deno.NetAddr, folder: string): Promise<void> {
  const paths = [join(folder, "tiny.gguf")];
  await fetchModel({ model: "hf:owner/name/tiny.gguf", paths, addresses: [`http://127.0.0.1:${port}/tiny`] });
}

/** Fetches a file of {@linkcode BYTES} zeros from a server that does not state the file's size. */
async function fetchInto(folder: string): Promise<void> {
  const answer = () => new Response(new Blob([new Uint8Array(BYTES)]).stream());
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  await fetchFrom(server.addr, folder);
}

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

Deno.test("fetchModel() fetches a whole file, and removes the part that a killed process left a day ago", () =>
  inFolder(async (folder) => {
    for (const name of ["tiny.gguf.old.part", "tiny.gguf.new.part", "large.gguf.old.part"]) {
      await Deno.writeTextFile(join(folder, name), "half of");
    }
    const old = new Date(Date.now() - 2 * DAY_MS);
    for (const name of ["tiny.gguf.old.part", "large.gguf.old.part"]) {
      await Deno.utime(join(folder, name), old, old);
    }
    await fetchInto(folder);
    assert.deepEqual(await names(folder), ["large.gguf.old.part", "tiny.gguf", "tiny.gguf.new.part"]);
    assert.equal((await Deno.stat(join(folder, "tiny.gguf"))).size, BYTES);
  }));

Deno.test("fetchModel() keeps no part of a file if the connection breaks", () =>
  inFolder(async (folder) => {
    using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const answered = (async () => {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(10_000));
      const half = "half of";
      await connection.write(
        new TextEncoder().encode(`HTTP/1.1 200 OK\r\nContent-Length: ${2 * half.length}\r\n\r\n${half}`),
      );
    })();
    await assert.rejects(fetchFrom(listener.addr as Deno.NetAddr, folder), {
      name: "ModelError",
      kind: "unreachable",
    });
    await answered;
    assert.deepEqual(await names(folder), []);
  }));

Deno.test("fetchModel() names a folder in which it cannot write", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await assert.rejects(fetchInto(join(folder, "file", "cache")), {
      name: "ModelError",
      kind: "unknown-model",
      message: /: cannot write in .*cache: .*; free some space, or set another cacheFolder$/,
    });
  }));

Deno.test({
  name: "fetchModel() keeps no part of a file if the disk is full, and does not blame the connection" +
    (NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`),
  ignore: NO_SMALL_DISK !== null,
  fn: async () => {
    using disk = mountSmallDisk(64 * 1024);
    await assert.rejects(fetchInto(disk.path), {
      name: "ModelError",
      kind: "unknown-model",
      message: /: cannot write in .*: No space left on device.*; free some space/,
    });
    assert.deepEqual(await names(disk.path), []);
  },
});
