/**
 * Processes on other machines, with locks that do not reach this machine. Each process keeps a count beside its lock
 * file.
 */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { join } from "node:path";
import { inFolder } from "../testing/in_folder.ts";
import { LockReach } from "./lock_reach.ts";
import { lockRun, runHolders } from "./run_lock.ts";

const OTHER = "run.2-of-2.lock";
const OTHER_BEAT = "run.2-of-2.beat.lock";
const SILENT_MS = 500;

function textOf(host: string, count: number): string {
  return `process 42 on ${host}, since 2026-01-01T00:00:00.000Z\nbeat ${String(count).padStart(12, "0")}\n`;
}

/** Raises a count beside a lock file, as a process on another machine does, until it is disposed of. */
function counting(path: string, host: string): Disposable {
  let count = 0;
  const beat = () => Deno.writeTextFileSync(path, textOf(host, count++));
  beat();
  const timer = setInterval(beat, 100);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

const check = (folder: string, own = "run.1-of-2.lock") =>
  new LockReach(folder, SILENT_MS).check({ own: [own], others: [OTHER] });

Deno.test("a run is refused while another machine writes to it with a lock that does not reach this machine", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, OTHER), "");
    using _other = counting(join(folder, OTHER_BEAT), "far-away");
    await assert.rejects(check(folder), {
      name: "RunError",
      message:
        /process 42 on far-away, since [^ ]+ has it in use, but its lock does not reach this machine\. .*flock/,
    });
    await assert.rejects(lockRun(folder, { index: 1, count: 2 }), /does not reach this machine/);
    await assert.rejects(lockRun(folder), /does not reach this machine/);
  }));

Deno.test("a run is refused while another machine writes the same part", () =>
  inFolder(async (folder) => {
    using _other = counting(join(folder, OTHER_BEAT), "far-away");
    await assert.rejects(lockRun(folder, { index: 2, count: 2 }), /does not reach this machine/);
  }));

Deno.test("a run is opened after a process on another machine died, and beside a process whose lock reaches this machine", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, OTHER_BEAT), textOf("far-away", 7));
    await check(folder);
    // If this process cannot take the lock, locks reach other machines.
    using file = await Deno.open(join(folder, OTHER), { read: true, write: true, create: true });
    assert.ok(file.tryLockSync(true));
    using _other = counting(join(folder, OTHER_BEAT), "far-away");
    await check(folder);
  }));

Deno.test("a run is opened without a wait after a process on this machine died or ended", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, OTHER_BEAT), textOf(hostname(), 7));
    const reach = new LockReach(folder, Infinity);
    await reach.check({ own: [], others: [OTHER] });
    (await lockRun(folder, { index: 2, count: 2 }))[Symbol.dispose]();
    await assert.rejects(Deno.stat(join(folder, OTHER_BEAT)), { name: "NotFound" });
  }));

Deno.test("a process whose lock file another machine has overwritten loses its lock", () =>
  inFolder(async (folder) => {
    using lock = await lockRun(folder);
    assert.equal(lock.lost(), null);
    assert.match(runHolders(folder).join(), new RegExp(`^process ${Deno.pid} on [^\n]+$`));
    const path = join(folder, "run.beat.lock");
    await Deno.writeTextFile(path, textOf("far-away", 0));
    for (let waits = 0; lock.lost() === null && waits < 600; waits++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(lock.lost(), path);
    assert.equal(await Deno.readTextFile(path), textOf("far-away", 0));
  }));
