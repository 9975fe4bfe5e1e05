/** Several processes use a store or a run folder, and some are killed. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../testing/in_folder.ts";
import { hashOf } from "../../core/events/codec.ts";
import { keptEndsOf, logEndsOf } from "../../core/run_log/mod.ts";
import { folderRun } from "./folder_run.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";
import { folderPersonKeys } from "./person_keys.ts";
import { openRunFolder } from "./run_folder.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";

const PROCESS = fileURLToPath(new URL("./testing/process.ts", import.meta.url));
const decoder = new TextDecoder();

function start(action: string, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROCESS, action, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** Collects the output of a process. Kills the process when `isEnough` is true. */
async function outputUntil(child: Deno.ChildProcess, isEnough: (text: string) => boolean): Promise<string> {
  let text = "";
  let isKilled = false;
  for await (const bytes of child.stdout) {
    text += decoder.decode(bytes, { stream: true });
    if (isKilled || !isEnough(text)) continue;
    child.kill("SIGKILL");
    isKilled = true;
  }
  await child.stdin.abort().catch(() => {});
  await child.status;
  return text;
}

Deno.test("JsonlEventStore keeps every event that a killed process has acknowledged", () =>
  inFolder(async (folder) => {
    const acknowledged = new Map<string, number>();
    for (const acks of [50, 400, 1500]) {
      const child = start("append-until-killed", folder);
      const text = await outputUntil(child, (text) => text.split("\n").length > acks);
      for (const line of text.split("\n").slice(0, -1)) {
        const [stream, seq] = line.split(" ");
        acknowledged.set(stream!, Number(seq));
      }
      const store = new JsonlEventStore(folder);
      assert.equal(acknowledged.size, 8);
      for (const [stream, last] of acknowledged) {
        const lines = await Array.fromAsync(store.read(stream));
        // A stream can have one more line, which was written but not acknowledged.
        assert.ok(
          lines.length === last + 1 || lines.length === last + 2,
          `${stream}: ${lines.length}, ${last}`,
        );
        for (const [seq, line] of lines.entries()) {
          assert.equal(line, JSON.stringify({ stream, seq, text: "some text ".repeat(seq % 50) }));
        }
      }
    }
  }));

Deno.test("JsonlEventStore.follow() gives each line once, while processes write it, are killed and start again", () =>
  inFolder(async (folder) => {
    const until = new AbortController();
    const reader = new JsonlEventStore(folder, { durable: false });
    const followed = Array.from({ length: 8 }, (): string[] => []);
    const followers = followed.map(async (lines, index) => {
      for await (const line of reader.follow(`stream-${index}`, { signal: until.signal })) lines.push(line);
    });
    const isFollowedTo = (count: number) => followed.every(({ length }) => length > count);
    for (const count of [20, 60, 120]) {
      await outputUntil(start("append-until-killed", folder), () => isFollowedTo(count));
    }
    until.abort();
    await Promise.all(followers);
    for (const [index, lines] of followed.entries()) {
      const written = await Array.fromAsync(reader.read(`stream-${index}`));
      assert.ok(lines.length > 120);
      assert.deepEqual(lines, written.slice(0, lines.length));
      assert.deepEqual(lines.map((line) => JSON.parse(line).seq), [...lines.keys()]);
    }
  }));

Deno.test("a run's log keeps every event that killed processes have recorded, and each recorded end is in its log", () =>
  inFolder(async (folder) => {
    let [recorded, kills] = [0, 0];
    for (const starts of [1, 2, 3, 5, 8, 13, 21, 34]) {
      let isKilled = false;
      const text = await outputUntil(start("record-until-killed", folder), (text) => {
        const isEnough = !isKilled && text.split("\n").length > starts;
        isKilled ||= isEnough;
        return isEnough;
      });
      kills++;
      const acknowledged = Number(text.trimEnd().split("\n").at(-1));
      assert.ok(acknowledged > recorded);
      recorded = acknowledged;
      // A kill during an append can leave a part of a line.
      const file = `${folder}/run.jsonl`;
      if (kills % 2 === 0) await Deno.writeTextFile(file, '{"stream":"run","se', { append: true });
      const run = await folderRun(folder).read();
      assert.ok(run.log.kind === "kept", JSON.stringify(run.log));
      assert.deepEqual(run.problems, []);
      assert.ok(run.log.log.entries.length >= recorded, "an acknowledged event is lost");
      for (const [stream, ends] of keptEndsOf(run.log.log)) {
        const lines = await Array.fromAsync(run.store.read(stream));
        for (const [events, hash] of ends) assert.equal(hashOf(lines[events - 1]!), hash, stream);
      }
    }
    // The next process reads the logs, and records the ends that the killed processes could not.
    const run = await folderRun(folder).reopen();
    const streams = await Array.fromAsync(run.store.streams());
    for (const stream of streams) await Array.fromAsync(run.store.read(stream));
    await run.close();
    const { log } = await folderRun(folder).read();
    assert.ok(log.kind === "kept");
    assert.deepEqual([...logEndsOf(log.log).keys()].sort(), streams.toSorted());
  }));

Deno.test("JsonlEventStore appends to more streams than a process may open files", {
  ignore: Deno.build.os === "windows",
}, () =>
  inFolder(async (folder) => {
    const command = `ulimit -n 64 && exec "$0" run -A "$1" append-to-many "$2" 200`;
    const { success, stderr } = await new Deno.Command("sh", {
      args: ["-c", command, Deno.execPath(), PROCESS, folder],
    }).output();
    assert.ok(success, decoder.decode(stderr));
    const store = new JsonlEventStore(folder);
    const streams = await Array.fromAsync(store.streams());
    assert.equal(streams.length, 200);
    for (const stream of streams) assert.deepEqual(await Array.fromAsync(store.read(stream)), ["0", "1"]);
  }));

Deno.test("openRunFolder() refuses a run while another process writes to it, and opens it after that process was killed", () =>
  inFolder(async (folder) => {
    const path = `${folder}/run`;
    const holder = start("hold-run", path);
    const opened = Promise.withResolvers<void>();
    const output = outputUntil(holder, (text) => {
      if (text.includes("\n")) opened.resolve();
      return false;
    });
    await opened.promise;
    const second = await outputUntil(start("hold-run", path), () => false);
    assert.match(
      second,
      new RegExp(`^Cannot write to the run ".*": it is in use by process ${holder.pid} on `),
    );
    await assert.rejects(openRunFolder(path, sampleRun()), { name: "RunError", kind: "in-use" });
    holder.kill("SIGKILL");
    assert.equal(await output, "open\n");
    const run = await openRunFolder(path, sampleRun());
    assert.equal(run.resumed, true);
    await run.close();
  }));

Deno.test("processes that make the key of a person at once all get the same key", () =>
  inFolder(async (folder) => {
    const children = [1, 2, 3, 4].map(() => start("make-keys", folder, "200"));
    const outputs = await Promise.all(children.map((child) => outputUntil(child, () => false)));
    for (const output of outputs) assert.equal(output, outputs[0]);
    assert.equal(outputs[0]!.trimEnd().split("\n").length, 200);
    assert.equal([...Deno.readDirSync(join(folder, "people", "keys"))].length, 200);
  }));

Deno.test("a process that is killed while it makes keys leaves no incomplete key, and others keep every key that it used", () =>
  inFolder(async (folder) => {
    const used = new Map<string, string>();
    for (const people of [3, 30, 150]) {
      const child = start("make-keys", folder);
      const text = await outputUntil(child, (text) => text.split("\n").length > people);
      for (const line of text.split("\n").slice(0, -1)) {
        const [person, key] = line.split(" ");
        assert.equal(used.get(person!) ?? key, key);
        used.set(person!, key!);
      }
      const keys = folderPersonKeys(folder);
      for (let person = 0; person < used.size + 2; person++) {
        const key = await keys.make(`P${person}`);
        assert.ok(key instanceof Uint8Array);
        assert.equal(used.get(`P${person}`) ?? key.toBase64(), key.toBase64());
      }
      for (const { name } of Deno.readDirSync(join(folder, "people", "keys"))) {
        if (name.endsWith(".json")) JSON.parse(await Deno.readTextFile(join(folder, "people", "keys", name)));
      }
    }
    const keys = folderPersonKeys(folder);
    for (const person of used.keys()) await keys.withdraw(person);
    const texts = [...Deno.readDirSync(join(folder, "people", "keys"))].map(({ name }) =>
      Deno.readTextFileSync(join(folder, "people", "keys", name))
    );
    for (const key of used.values()) assert.ok(!texts.some((text) => text.includes(key)));
    assert.ok(existsSync(join(folder, "people", "withdrawn")));
  }));
