import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "../testing/in_folder.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { peopleOf } from "../../core/run_log/mod.ts";
import { folderRun } from "./folder_run.ts";
import { folderPersonKeys } from "./person_keys.ts";

const PERSON = "d1/Ann";

/** The file of the only key in a run's folder. */
function onlyKeyIn(run: string): string {
  const folder = join(run, "people", "keys");
  const [file, ...others] = [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name));
  assert.deepEqual(others, []);
  return file!;
}

Deno.test("only the user can read the file of a key, and the file's name does not contain the person's name", () =>
  inFolder(async (run) => {
    await folderPersonKeys(run).make(PERSON);
    const file = onlyKeyIn(run);
    assert.match(file, /[/\\][0-9a-f]{64}\.json$/);
    if (Deno.build.os !== "windows") assert.equal(Deno.statSync(file).mode! & 0o777, 0o600);
  }));

Deno.test("a process that is killed while it writes a key leaves no named key file, and a withdrawal removes all copies", () =>
  inFolder(async (run) => {
    const keys = folderPersonKeys(run);
    await keys.make(PERSON);
    const file = onlyKeyIn(run);
    const [key, left] = [await Deno.readTextFile(file), `${file}.${crypto.randomUUID()}.tmp`];
    await Deno.rename(file, left);
    await Deno.writeTextFile(left, key.slice(0, 30));
    assert.equal(await keys.look(PERSON), null);
    const made = await keys.make(PERSON);
    assert.ok(made instanceof Uint8Array);
    assert.deepEqual(await folderPersonKeys(run).look(PERSON), made);
    assert.deepEqual([...await keys.persons()], [[PERSON, "kept"]]);
    // As if the process had been killed after it gave the file its name.
    await Deno.writeTextFile(left, await Deno.readTextFile(file));
    await keys.withdraw(PERSON);
    assert.deepEqual([...Deno.readDirSync(join(run, "people", "keys"))], []);
  }));

Deno.test("no other key takes the place of a damaged one, because words may be encrypted with it", () =>
  inFolder(async (run) => {
    const keys = folderPersonKeys(run);
    await keys.make(PERSON);
    const file = onlyKeyIn(run);
    const half = (await Deno.readTextFile(file)).slice(0, 30);
    await Deno.writeTextFile(file, half);
    assert.equal(await keys.look(PERSON), null);
    await assert.rejects(keys.make(PERSON), /the file is damaged.* command withdraw for "d1\/Ann"/);
    assert.equal(await Deno.readTextFile(file), half);
    await keys.withdraw(PERSON);
    assert.equal(await keys.make(PERSON), "withdrawn");
  }));

Deno.test("a kill between a withdrawal's mark and its record leaves the words unreadable, and a second call completes it", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    const home = folderRun(run);
    const writer = await home.open(sampleRun());
    const { keys } = writer.store;
    await keys!.make(PERSON);
    const file = onlyKeyIn(run);
    const key = await Deno.readTextFile(file);
    await folderPersonKeys(run).withdraw(PERSON);
    // As if the process had been killed right after the mark.
    await Deno.writeTextFile(file, key);
    await writer.close();
    const reader = await home.read();
    assert.equal(await reader.store.keys!.look(PERSON), "withdrawn");
    assert.ok(reader.log.kind === "kept");
    assert.equal(peopleOf(reader.log.log).withdrew.size, 0);
    await home.withdraw(PERSON, 0);
    assert.ok(!existsSync(file));
    const { log } = await home.read();
    assert.ok(log.kind === "kept");
    assert.deepEqual([...peopleOf(log.log).withdrew.keys()], [PERSON]);
  }));
