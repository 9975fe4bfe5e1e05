/** Runs the program in a shell that redirects its output. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mountSmallDisk, NO_SMALL_DISK } from "../../adapters/stores/testing/small_disk.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment } from "./experiments.ts";
import { pythonLacks, runPython, unlessLacking } from "./python.ts";
import { LOCK, runProgram } from "./processes.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const ON_LINUX = Deno.build.os === "linux";

async function runInto(redirection: string, words: readonly string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      `{ "$@" ${redirection.includes("}") ? redirection : `${redirection}; }`}`,
      "sh",
      Deno.execPath(),
      "run",
      LOCK,
      "--no-prompt",
      "-A",
      MAIN,
      ...words,
    ],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Makes an experiment file `exp.yaml` and its run `run`. */
async function prepare(cwd: string): Promise<void> {
  await Deno.writeTextFile(join(cwd, "exp.yaml"), experiment("{ adapter: scripted }"));
  assert.equal((await runProgram(["run", "exp.yaml", "--out", "run"], { cwd })).code, 0);
}

/** Command lines that write to the standard output: help, texts, JSON, progress, tables and files. */
const COMMAND_LINES: readonly (readonly string[])[] = [
  ...[
    "--help",
    "report --help",
    "completions bash",
    "schema",
    "plan exp.yaml",
    "run exp.yaml --out run --json",
    "status run --json",
    "replay run --verify",
    "export run --to exported --format jsonl",
    "report run --out reported --json",
  ].map((line) => line.split(" ")),
  ["query", "run", "select * from comments"],
  ["query", "run", "select * from comments", "--csv"],
  ["query", "run", "select * from comments", "--json"],
];

Deno.test({
  name: "every command exits with 3 and a message when its output cannot be written",
  ignore: !ON_LINUX,
  fn: () =>
    inFolder(async (cwd) => {
      await prepare(cwd);
      for (const words of COMMAND_LINES) {
        const { code, stderr } = await runInto("> /dev/full", words, cwd);
        assert.equal(code, 3, words.join(" "));
        assert.match(stderr, /Cannot write all of the output: the disk is full/, words.join(" "));
      }
    }),
});

Deno.test({
  name: "a command does its work even if its messages cannot be written",
  ignore: !ON_LINUX,
  fn: () =>
    inFolder(async (cwd) => {
      await prepare(cwd);
      assert.equal((await runInto("2> /dev/full", ["run", "exp.yaml", "--out", "new"], cwd)).code, 0);
      assert.equal((await runInto("2> /dev/full", ["run", "absent.yaml"], cwd)).code, 2);
      assert.equal((await runInto("> /dev/full 2> /dev/full", ["status", "run"], cwd)).code, 3);
    }),
});

Deno.test("a command exits with 0 when the reader of its output ends early", () =>
  inFolder(async (cwd) => {
    await prepare(cwd);
    for (const words of [["schema"], ["query", "run", "select range from range(100000)", "--csv"]]) {
      const { code, stdout, stderr } = await runInto('; echo "code $?" >&2; } | { head -n 1; }', words, cwd);
      assert.equal(code, 0);
      assert.equal(stdout.split("\n").length, 2);
      assert.equal(stderr, "code 0\n");
    }
  }));

/** Reads slowly from a blocking and from a non-blocking pipe. Prints the exit code and the hash of the output. */
const SLOW_READER = `
import fcntl, hashlib, os, subprocess, sys, time
for blocking in (True, False):
    read, write = os.pipe()
    if not blocking: os.set_blocking(write, False)
    process = subprocess.Popen(sys.argv[1:], stdout=write)
    os.close(write)
    data = b""
    while piece := os.read(read, 3001):
        data += piece
        time.sleep(0.0002)
    os.close(read)
    print(process.wait(), hashlib.sha256(data).hexdigest())
`;

const LACK = await pythonLacks([], "");

Deno.test({
  ...unlessLacking(
    "a slow reader gets the whole answer of a query, through a blocking and a non-blocking pipe",
    LACK,
  ),
  fn: () =>
    inFolder(async (cwd) => {
      await prepare(cwd);
      const sql = "select range, repeat('word ', (range * 7 % 900)::int) as text from range(300)";
      for (const format of ["--csv", "--json"]) {
        const words = ["query", "run", sql, format];
        const { stdout } = await runProgram(words, { cwd });
        const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(stdout));
        const line = `0 ${new Uint8Array(bytes).toHex()}\n`;
        const slow = await runPython(SLOW_READER, {
          args: [Deno.execPath(), "run", LOCK, "--no-prompt", "-A", MAIN, ...words],
          cwd,
        });
        assert.equal(slow.stdout, line + line, slow.stderr);
      }
    }),
});

Deno.test({
  name: `query exits with 3 when the disk fills up during its answer${
    NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`
  }`,
  ignore: NO_SMALL_DISK !== null,
  fn: () =>
    inFolder(async (cwd) => {
      await prepare(cwd);
      using disk = mountSmallDisk(16_384);
      const sql = "select range from range(100000)";
      const { code, stderr } = await runInto(
        `> ${disk.path}/answer.csv`,
        ["query", "run", sql, "--csv"],
        cwd,
      );
      assert.equal(code, 3);
      assert.match(stderr, /Cannot write all of the output: the disk is full/);
    }),
});
