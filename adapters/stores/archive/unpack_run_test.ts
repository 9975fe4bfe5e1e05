import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { packTar, type TarEntry } from "npm:modern-tar@0.8.6";
import { StoreError } from "../../../core/ports/mod.ts";
import { inFolder } from "../../testing/in_folder.ts";
import { unpackRun } from "./unpack_run.ts";

const NOTE = JSON.stringify({
  format: 1,
  syndisco: "0.1.0",
  run: { experiment: "e", fingerprint: "f", head: null },
  leftOut: [],
  anonymised: null,
});

/** The files of a good archive. `unpackRun()` does not read the manifest. */
const FILES = { "archive.json": NOTE, "discussions/a.jsonl": "1\n", "manifest.json": "{}" };

function file(name: string, body: string): TarEntry {
  return { header: { name, size: new TextEncoder().encode(body).length, type: "file" }, body };
}

function sumsOf(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([path, text]) => `${createHash("sha256").update(text).digest("hex")}  ${path}\n`).join("");
}

/** The entries of an archive with these files and a list of their sums. */
function entriesOf(files: Readonly<Record<string, string>>, sums = sumsOf(files)): TarEntry[] {
  return [
    ...Object.entries(files).map(([path, text]) => file(`run/${path}`, text)),
    file("run/SHA256SUMS", sums),
  ];
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).bytes();
}

/** Unpacks bytes into an empty folder, and lists the files there. */
async function unpacked(bytes: Uint8Array, limits?: { bytesMax: number; entriesMax: number }) {
  return await inFolder(async (folder) => {
    const [archive, to] = [join(folder, "a.tar.gz"), join(folder, "to")];
    await Deno.writeFile(archive, bytes);
    await Deno.mkdir(to);
    const result = await unpackRun(archive, to, limits);
    return { ...result, names: [...Deno.readDirSync(to)].map(({ name }) => name).sort() };
  });
}

Deno.test("unpackRun() writes the files of an archive, and checks each with the list", async () => {
  const { name, files, bytes, names } = await unpacked(await gzipped(await packTar(entriesOf(FILES))));
  const sums = sumsOf(FILES);
  assert.deepEqual(
    { name, files, bytes, names },
    {
      name: "run",
      files: 3,
      bytes: [...Object.values(FILES), sums].join("").length,
      names: ["archive.json", "discussions", "manifest.json"],
    },
  );
});

const good = entriesOf(FILES);
const link = (type: "symlink" | "link", linkname: string): TarEntry => ({
  header: { name: "run/x", size: 0, type, linkname },
});

/** Archives that an attacker or a broken disk can make, each with the reason for which it is refused. */
const HOSTILE: readonly (readonly [name: string, entries: readonly TarEntry[], reason: RegExp])[] = [
  [
    "an absolute path",
    [...good, file("/run/x", "x")],
    /contains the path "\/run\/x": it is an absolute path/,
  ],
  ["a path with ..", [...good, file("run/../../x", "x")], /it leads out of the folder/],
  ["a drive letter", [...good, file("C:/x", "x")], /it is an absolute path/],
  ["a Windows path", [...good, file("run\\..\\x", "x")], /contains a backslash/],
  ["a link", [link("symlink", "../.."), ...good], /"run\/x" is a symlink/],
  ["a hard link", [link("link", "/etc/passwd"), ...good], /"run\/x" is a link/],
  [
    "a device",
    [{ header: { name: "run/x", size: 0, type: "character-device" } }, ...good],
    /character-device/,
  ],
  ["a named pipe", [{ header: { name: "run/x", size: 0, type: "fifo" } }, ...good], /is a fifo/],
  [
    "the same file twice",
    [...good, file("run/manifest.json", "other")],
    /contains "run\/manifest.json" twice/,
  ],
  ["a file that is also a folder", [...good, file("run/manifest.json/x", "x")], /twice/],
  [
    "a folder that is also a file",
    [...good, { header: { name: "run/manifest.json/", size: 0, type: "directory" } }],
    /twice/,
  ],
  [
    "two names that differ only in case",
    [...good, file("run/Manifest.json", "{}")],
    /"run\/manifest.json" and "run\/Manifest.json" are one file on systems that ignore case/,
  ],
  ["a name that is shown backwards", [...good, file("run/a\u202egpj.exe", "x")], /direction of writing/],
  ["a second folder", [...good, file("other/x", "x")], /has two folders, "run" and "other"/],
  ["a file outside the folder", [file("run", "x")], /the file "run" is not in a folder/],
  ["a file that its list lacks", [...good, file("run/x", "x")], /"x" is not in its list/],
  [
    "a file of the list missing",
    entriesOf({ ...FILES }, `${sumsOf(FILES)}${sumsOf({ x: "x" })}`),
    /"x" is in its list, but not in the archive/,
  ],
  [
    "a changed file",
    entriesOf({ ...FILES, "manifest.json": "[]" }, sumsOf(FILES)),
    /"manifest.json" differs/,
  ],
  ["a list that names other folders", entriesOf(FILES, sumsOf({ "../x": "x" })), /has no list "SHA256SUMS"/],
  ["no list", good.slice(0, -1), /has no list "SHA256SUMS"/],
  ["no note", entriesOf({ "manifest.json": "{}" }), /its "archive.json" is missing/],
  ["no run", entriesOf({ "archive.json": NOTE }), /it contains no run/],
  ["no file", [], /it is empty/],
];

for (const [name, entries, reason] of HOSTILE) {
  Deno.test(`unpackRun() refuses an archive with ${name}`, async () => {
    const bytes = await gzipped(await packTar(entries));
    await assert.rejects(() => unpacked(bytes), (error) => {
      assert.ok(error instanceof StoreError);
      assert.match(error.message, /^Cannot unpack ".*a\.tar\.gz": /);
      assert.match(error.message, reason);
      return true;
    });
  });
}

Deno.test("unpackRun() checks the locks in an archive, but writes none", async () => {
  const files = { ...FILES, "run.1-of-2.lock": "", "run.lock": "process 1 on a" };
  const result = await unpacked(await gzipped(await packTar(entriesOf(files))));
  assert.deepEqual(result.names, ["archive.json", "discussions", "manifest.json"]);
  assert.equal(result.files, 3);
  const changed = entriesOf({ ...files, "run.lock": "x" }, sumsOf(files));
  await assert.rejects(async () => unpacked(await gzipped(await packTar(changed))), /"run.lock" differs/);
});

Deno.test("unpackRun() refuses an archive that is cut or damaged at any place", async () => {
  const bytes = await gzipped(await packTar(good));
  for (let cut = 0; cut < bytes.length; cut += 7) {
    await assert.rejects(() => unpacked(bytes.slice(0, cut)), /Cannot unpack/);
  }
  // A tar file whose end is cut before it is compressed.
  const tar = await packTar(good);
  for (const cut of [512, 700, tar.length - 1024, tar.length - 512]) {
    await assert.rejects(async () => unpacked(await gzipped(tar.slice(0, cut))), /Cannot unpack/);
  }
  const changed = bytes.with(bytes.length - 20, bytes.at(-20)! ^ 1);
  await assert.rejects(() => unpacked(changed), /Cannot unpack/);
  await assert.rejects(() => unpacked(new TextEncoder().encode("no archive")), /Cannot unpack/);
});

Deno.test("unpackRun() refuses more files or bytes than its limits allow, also in headers and padding", async () => {
  const bytes = await gzipped(await packTar(good));
  await assert.rejects(() => unpacked(bytes, { bytesMax: 1e6, entriesMax: 3 }), /more than 3 files/);
  await assert.rejects(() => unpacked(bytes, { bytesMax: 1000, entriesMax: 9 }), /more than 1000 bytes/);
  // A header that announces a huge file is refused before any of its bytes are written.
  const tar = await packTar([file("run/x", "x")]);
  new TextEncoder().encodeInto("77777777777", tar.subarray(124, 135));
  const checksum = tar.subarray(0, 512).reduce(
    (sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte),
    0,
  );
  new TextEncoder().encodeInto(checksum.toString(8).padStart(6, "0"), tar.subarray(148, 154));
  const huge = await gzipped(tar);
  await assert.rejects(() => unpacked(huge, { bytesMax: 1e6, entriesMax: 9 }), /more than 1000000 bytes/);
});
