/** Kills the real command shortly before and after people give their consent and their first words. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { peopleOf } from "../../core/run_log/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";
import { inFolder } from "../testing/in_folder.ts";
import { EXPERIMENT, Start, takePart } from "./testing/taking_part.ts";

/** The text of all files below a folder. Files can appear and disappear meanwhile. */
function textBelow(folder: string): string {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => {
      try {
        return readFileSync(join(folder, name), "utf8");
      } catch {
        return "";
      }
    }).join("\n");
  } catch {
    return "";
  }
}

const agreements = (run: string) => textBelow(run).split('"type":"ConsentGiven"').length - 1;
const hasKeys = (run: string, count: number) => {
  const folder = join(run, "people", "keys");
  return existsSync(folder) && readdirSync(folder).filter((name) => name.endsWith(".json")).length >= count;
};
const ratings = (run: string) => textBelow(join(run, "people", "ratings"));

/**
 * When to kill the command: each function returns whether the run has reached a moment. The moments come in this order.
 */
const MOMENTS: readonly ((run: string) => boolean)[] = [
  () => true,
  (run) => agreements(run) >= 1,
  (run) => hasKeys(run, 1),
  (run) => textBelow(join(run, "discussions")).includes('"sealed":'),
  (run) => agreements(run) >= 2,
  (run) => ratings(run).includes('"drawn"'),
  (run) => hasKeys(run, 2),
  (run) => ratings(run).includes('"box"'),
];

/** Asserts that the run stores something of a person only if the person's consent is in the run's log. */
async function assertConsent(run: string): Promise<void> {
  if (!existsSync(join(run, "manifest.json"))) return;
  const { log, store } = await folderRun(run).read();
  assert.ok(log.kind === "kept");
  const { agreed } = peopleOf(log.log);
  for (const [person, consents] of agreed) assert.equal(consents.length, 1, person);
  for (const person of (await store.keys!.persons()).keys()) {
    assert.ok(agreed.has(person), `key of ${person}`);
  }
  assert.ok(ratings(run) === "" || agreed.has("Rita"), "ratings");
  for await (const stream of store.streams()) {
    for await (const { person } of readStream(store, stream, nativeSha256)) {
      assert.ok(person === undefined || agreed.has(person), `words of ${person}`);
    }
  }
}

Deno.test("a command that is killed while people consent and begin loses nothing, and stores nothing without consent", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "experiment.yaml"), EXPERIMENT);
    await Deno.writeTextFile(join(folder, "consent.md"), "You can stop at any time.\n");
    const run = join(folder, "run");
    const saved = new Set<string>();
    for (const isReached of MOMENTS) {
      const start = new Start(folder, ["--out", run]);
      const killed = start.killAt(() => existsSync(join(folder, "links.csv")) && isReached(run));
      for (const text of await takePart(start)) saved.add(text);
      await killed;
      assert.equal((await start.child.status).signal, "SIGKILL");
      await assertConsent(run);
    }
    const last = new Start(folder, ["--out", run]);
    for (const text of await takePart(last)) saved.add(text);
    assert.equal((await last.child.status).code, 0);
    await assertConsent(run);
    const { log, store } = await folderRun(run).read();
    assert.ok(log.kind === "kept");
    assert.deepEqual([...peopleOf(log.log).agreed.values()].map(({ length }) => length), [1, 1]);
    const said: string[] = [];
    const rated: unknown[] = [];
    for await (const stream of store.streams()) {
      for await (const { type, data } of readStream(store, stream, nativeSha256)) {
        if (type === "TurnTaken" && "text" in data) said.push(String(data.text));
        if (type === "CommentAnnotated" && "values" in data) rated.push(data.values);
      }
    }
    assert.deepEqual(said, [1, 2, 3].map((comments) => `Words after ${comments} comments.`));
    for (const text of saved) assert.ok(said.includes(text), text);
    assert.deepEqual(rated, Array(4).fill({ toxicity: 2 }));
  }));
