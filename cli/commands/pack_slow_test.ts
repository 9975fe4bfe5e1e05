/** Packs and unpacks runs with real processes, and compares archives with what other programs find in them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packRun } from "../../adapters/stores/archive/pack_run.ts";
import { lockRun } from "../../adapters/stores/run_lock.ts";
import { mountSmallDisk, NO_SMALL_DISK } from "../../adapters/stores/testing/small_disk.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { annotatedExperiment, experiment, filesIn, jsonLines } from "../testing/experiments.ts";
import { ELSEWHERE, madeRun, names, system } from "../testing/packing.ts";
import { contentsOfRun, runProgram, signalledWhile, startProgram } from "../testing/processes.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** 16 MiB that cannot be compressed, so that packing them takes a while. */
function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(1 << 24);
  for (let at = 0; at < bytes.length; at += 1 << 16) {
    crypto.getRandomValues(bytes.subarray(at, at + (1 << 16)));
  }
  return bytes;
}

const SCRIPTED = "{ adapter: scripted }";

Deno.test("an archive opens with tar, passes sha256sum, and has the same bytes each time", () =>
  inFolder(async (cwd) => {
    const run = await madeRun(cwd, annotatedExperiment());
    assert.equal((await runProgram(["report", run, "--format", "csv"], { cwd })).code, 0);
    const before = await filesIn(run);
    const first = await runProgram(["pack", "runs/tiny"], { cwd });
    assert.deepEqual([first.code, first.stderr], [0, ""]);
    assert.match(first.stdout, /^Wrote tiny\.tar\.gz: \d+ files, [\d,]+ bytes before compression\n$/);
    assert.deepEqual(await filesIn(run), before);
    system("tar", ["xzf", "tiny.tar.gz"], cwd);
    system("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], join(cwd, "tiny"));
    const unpacked = await filesIn(join(cwd, "tiny"));
    assert.deepEqual(
      [...unpacked.keys()].map((path) => path.slice(join(cwd, "tiny").length)).sort(),
      [...[...before.keys()].map((path) => path.slice(run.length)), "/SHA256SUMS", "/archive.json"].sort(),
    );
    for (const [path, text] of before) {
      assert.equal(unpacked.get(join(cwd, "tiny") + path.slice(run.length)), text, path);
    }
    assert.match(system("tar", ["tvzf", "tiny.tar.gz", "--numeric-owner"], cwd), /^-rw-r--r-- 0\/0 /);
    // The unpacked folder has other times, owners and order on the disk, and the two files that only archives
    // have. Packing it gives the same bytes again.
    const again = await runProgram(["pack", "tiny", "--out", "again.tar.gz"], { cwd });
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(
      await Deno.readFile(join(cwd, "again.tar.gz")),
      await Deno.readFile(join(cwd, "tiny.tar.gz")),
    );
    const refused = await runProgram(["pack", "runs/tiny"], { cwd });
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /Cannot write "tiny\.tar\.gz": the file exists/);
  }));

Deno.test("another user can unpack a shard of a run in another folder, and verify, resume and report it", () =>
  inFolder(async (cwd) => {
    const text = experiment(SCRIPTED, 6).replace("replications: 3", "replications: 8");
    const whole = await madeRun(cwd, text, { out: "whole" });
    await Deno.writeTextFile(join(cwd, "experiment.yaml"), text);
    const part = await runProgram(["run", "experiment.yaml", "--out", "мой run", "--shard", "1/2"], {
      cwd,
    });
    assert.equal(part.code, 0, part.stderr);
    const packed = await runProgram(["pack", "мой run", "--out", "sent.tgz"], { cwd });
    assert.equal(packed.code, 0, packed.stderr);
    assert.match(system("tar", ["tzf", "sent.tgz"], cwd), /^мой run\/archive\.json\n/);
    await inFolder(async (other) => {
      await Deno.rename(join(cwd, "sent.tgz"), join(other, "sent.tgz"));
      const options = { cwd: other, env: { ...ELSEWHERE, HOME: other } };
      for (const command of ["run", "status", "view"]) {
        const { code, stderr } = await runProgram([command, "sent.tgz"], options);
        assert.notEqual(code, 0);
        assert.match(stderr, /it is an archive\. Unpack it first, with "unpack"$/m);
      }
      const unpacked = await runProgram(["unpack", "sent.tgz", "--out", "new/Ingrids Läufe"], options);
      assert.deepEqual([unpacked.code, unpacked.stderr], [0, ""]);
      assert.match(
        unpacked.stdout,
        /^Wrote 'new\/Ingrids Läufe': \d+ files, as packed\n\d+ logs? .* all unchanged/,
      );
      const runLog = jsonLines(await Deno.readTextFile(join(other, "new/Ingrids Läufe/run.jsonl")));
      assert.ok(
        unpacked.stdout.includes(
          `\nHead of the run's log, of ${runLog.at(-1).at}:\n  ${runLog.at(-1).hash}\n`,
        ),
      );
      const run = "new/Ingrids Läufe";
      const resumed = await runProgram(
        ["run", join(run, "experiment.yaml"), "--out", run, "--quiet"],
        options,
      );
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.deepEqual(await contentsOfRun(join(other, run)), await contentsOfRun(whole));
      for (const command of ["verify", "report", "status"]) {
        const { code, stderr } = await runProgram([command, run], options);
        assert.equal(code, 0, stderr);
      }
      const inName = await runProgram(["unpack", "sent.tgz"], options);
      assert.equal(inName.code, 0, inName.stderr);
      assert.deepEqual(names(other).filter((name) => name.includes("run")), ["мой run"]);
    });
  }));

Deno.test("pack leaves out locks and temporary files, and packs a folder to which it must not write", () =>
  inFolder(async (cwd) => {
    const run = await madeRun(cwd, experiment(SCRIPTED));
    await Deno.writeTextFile(join(run, `manifest.json.${crypto.randomUUID()}.tmp`), "half");
    await Deno.mkdir(join(run, `.report.${crypto.randomUUID()}.tmp`));
    const long = `${"ü".repeat(100)}.txt`;
    await Deno.writeTextFile(join(run, long), "a long name");
    // The user of this test may be able to write anywhere, so the process gets no permission to write to the
    // folder.
    const program = ["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-write=sent", MAIN];
    await Deno.mkdir(join(cwd, "sent"));
    system(Deno.execPath(), [...program, "pack", run, "--out", "sent/tiny.tar.gz"], cwd);
    await Deno.rename(join(cwd, "sent/tiny.tar.gz"), join(cwd, "tiny.tar.gz"));
    const listed = system("tar", ["tzf", "tiny.tar.gz"], cwd);
    assert.doesNotMatch(listed, /\.lock|\.tmp/);
    assert.ok(listed.includes(`tiny/${long}\n`));
    assert.equal((await runProgram(["unpack", "tiny.tar.gz", "--out", "b"], { cwd })).code, 0);
    assert.equal(await Deno.readTextFile(join(cwd, "b", long)), "a long name");
  }));

Deno.test("pack refuses a run in use, links, special files, and an archive in the run's folder", () =>
  inFolder(async (cwd) => {
    const run = await madeRun(cwd, experiment(SCRIPTED));
    const refused = async (reason: RegExp, ...more: string[]) => {
      const { code, stderr } = await runProgram(["pack", run, ...more], { cwd });
      assert.match(stderr, reason);
      assert.ok(code === 2 || code === 3);
      assert.deepEqual(names(cwd), ["experiment.yaml", "runs"]);
    };
    {
      using _lock = await lockRun(run);
      await refused(
        /Cannot pack ".*tiny": it is in use by process \d+ on .*\. Wait until the run ends, or stop it/,
      );
    }
    const link = join(run, "report");
    await Deno.symlink("/etc", link);
    await refused(/"report" is a link to "\/etc".*Replace the link with a copy/);
    await Deno.remove(link);
    system("mkfifo", [join(run, "pipe")], cwd);
    await refused(/"pipe" is neither a file nor a folder\. Remove it/);
    await Deno.remove(join(run, "pipe"));
    await Deno.writeTextFile(join(run, "a\\b"), "");
    await refused(/no archive can hold the path "tiny\/a\\b".*backslash.*Rename it/);
    await Deno.remove(join(run, "a\\b"));
    await Deno.writeTextFile(join(run, "Experiment.yaml"), "");
    if (names(run).includes("experiment.yaml") && names(run).includes("Experiment.yaml")) {
      await refused(
        /"[Ee]xperiment\.yaml" and "[Ee]xperiment\.yaml" are one file on systems that ignore case/,
      );
      await Deno.remove(join(run, "Experiment.yaml"));
    }
    await refused(/it is in the folder of the run/, "--out", join(run, "tiny.tar.gz"));
  }));

Deno.test("pack refuses a folder that changes while it is packed", () =>
  inFolder(async (cwd) => {
    const run = await madeRun(cwd, experiment(SCRIPTED));
    await Deno.writeFile(join(run, "random.bin"), randomBytes());
    const notes = join(run, "notes.txt");
    await Deno.writeTextFile(notes, "");
    // Packing waits for the disk many times, so the timer can write in between.
    const timer = setInterval(() => Deno.writeTextFileSync(notes, "more\n", { append: true }), 1);
    try {
      const options = { promptsLog: true, anonymise: null };
      await assert.rejects(
        () => packRun(run, join(cwd, "a.tar.gz"), options),
        /Cannot pack ".*": it changed while it was packed/,
      );
    } finally {
      clearInterval(timer);
    }
  }));

Deno.test({
  name: "pack and unpack leave nothing behind on a full disk" +
    (NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`),
  ignore: NO_SMALL_DISK !== null,
  fn: () =>
    inFolder(async (cwd) => {
      const run = await madeRun(cwd, experiment(SCRIPTED));
      await Deno.writeFile(join(run, "random.bin"), randomBytes());
      using disk = mountSmallDisk(1 << 20);
      const packed = await runProgram(["pack", run, "--out", join(disk.path, "a.tar.gz")], { cwd });
      assert.equal(packed.code, 3);
      assert.match(packed.stderr, /Cannot write ".*a\.tar\.gz": the disk is full/);
      assert.equal((await runProgram(["pack", run, "--out", "a.tar.gz"], { cwd })).code, 0);
      const unpacked = await runProgram(["unpack", "a.tar.gz", "--out", join(disk.path, "b")], { cwd });
      assert.equal(unpacked.code, 3);
      assert.match(unpacked.stderr, /Cannot unpack to ".*\/b": the disk is full/);
      assert.deepEqual(names(disk.path), []);
    }),
});

Deno.test("pack and unpack that are killed leave nothing under the final name", () =>
  inFolder(async (cwd) => {
    const run = await madeRun(cwd, experiment(SCRIPTED));
    // Random bytes cannot be compressed, so packing them takes a while.
    const bytes = new Uint8Array(1 << 24);
    for (let at = 0; at < bytes.length; at += 1 << 16) {
      crypto.getRandomValues(bytes.subarray(at, at + (1 << 16)));
    }
    for (let n = 0; n < 4; n++) await Deno.writeFile(join(run, `extra-${n}.bin`), bytes);
    const killed = async (args: readonly string[], signal: Deno.Signal) => {
      const before = names(cwd);
      const isWriting = () => names(cwd).some((name) => name.endsWith(".tmp") && !before.includes(name));
      await signalledWhile(isWriting, signal, async () => {
        await Deno.remove(join(cwd, args.at(-1)!), { recursive: true }).catch(() => {});
        return startProgram(args, { cwd });
      });
      return names(cwd).filter((name) => !before.includes(name));
    };
    const leftBehind = await killed(["pack", run, "--out", "a.tar.gz"], "SIGKILL");
    assert.ok(leftBehind.every((name) => name.endsWith(".tmp")), leftBehind.join());
    assert.deepEqual(await killed(["pack", run, "--out", "a.tar.gz"], "SIGTERM"), []);
    assert.equal((await runProgram(["pack", run, "--out", "a.tar.gz"], { cwd })).code, 0);
    const half = await killed(["unpack", "a.tar.gz", "--out", "b"], "SIGKILL");
    assert.ok(half.every((name) => name.endsWith(".tmp")), half.join());
    assert.deepEqual(await killed(["unpack", "a.tar.gz", "--out", "b"], "SIGTERM"), []);
  }));

Deno.test("unpack refuses a damaged archive and a folder with files, and leaves both as they are", () =>
  inFolder(async (cwd) => {
    const run = await madeRun(cwd, experiment(SCRIPTED));
    assert.equal((await runProgram(["pack", run], { cwd })).code, 0);
    const bytes = await Deno.readFile(join(cwd, "tiny.tar.gz"));
    await Deno.writeFile(join(cwd, "cut.tar.gz"), bytes.slice(0, bytes.length / 2));
    const before = names(cwd);
    const cut = await runProgram(["unpack", "cut.tar.gz", "--out", "new/deep"], { cwd });
    assert.equal(cut.code, 3);
    assert.match(
      cut.stderr,
      /Cannot unpack "cut\.tar\.gz": it is damaged or incomplete .*Nothing was written/,
    );
    const full = await runProgram(["unpack", "tiny.tar.gz", "--out", "runs"], { cwd });
    assert.deepEqual([full.code, names(join(cwd, "runs"))], [2, ["tiny"]]);
    assert.match(full.stderr, /Cannot unpack to "runs": it exists and is not an empty folder/);
    assert.deepEqual(names(cwd), before);
    const missing = await runProgram(["unpack", "none.tar.gz"], { cwd });
    assert.deepEqual([missing.code, /Cannot read "none\.tar\.gz": it does not exist/.test(missing.stderr)], [
      3,
      true,
    ]);
    await Deno.mkdir(join(cwd, "empty"));
    await Deno.symlink("empty", join(cwd, "link"));
    assert.equal((await runProgram(["unpack", "tiny.tar.gz", "--out", "link"], { cwd })).code, 0);
    assert.ok(names(join(cwd, "empty")).includes("run.jsonl"));
  }));

Deno.test("unpack finds a log that was changed before the run was packed", () =>
  inFolder(async (cwd) => {
    const run = await madeRun(cwd, experiment(SCRIPTED));
    const [log] = names(join(run, "discussions"));
    const file = join(run, "discussions", log!);
    await Deno.writeTextFile(file, (await Deno.readTextFile(file)).replace("Anna", "Anne"));
    assert.equal((await runProgram(["pack", run], { cwd })).code, 0);
    const { code, stdout } = await runProgram(["unpack", "tiny.tar.gz", "--out", "b", "--json"], { cwd });
    assert.equal(code, 1);
    const lines = jsonLines(stdout);
    assert.deepEqual(lines.map(({ type }) => type).slice(0, 2), ["unpacked", "log"]);
    assert.equal(lines.at(-1).damaged, 1);
  }));
