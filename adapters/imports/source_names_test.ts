import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { eventsOfRun, imported } from "./testing/importing.ts";

Deno.test("importDiscussions() records each file by its name, and distinguishes files with the same name", () =>
  inFolder(async (folder) => {
    const rows = (id: string) => `discussion,author,text\n${id},Ann,hello\n`;
    for (const part of ["a", "b"]) {
      await Deno.mkdir(`${folder}/${part}`);
      await Deno.writeTextFile(`${folder}/${part}/rows.csv`, rows(part));
    }
    for (const part of ["a", "b"]) await imported([`${folder}/${part}/rows.csv`], `${folder}/run`);
    const hash = createHash("sha256").update(rows("b")).digest("hex");
    const { manifest: { sources } } = await folderRun(`${folder}/run`).read();
    assert.deepEqual(Object.keys(sources), ["rows.csv", `rows.csv (${hash.slice(0, 8)})`]);
    assert.equal(Object.values(sources)[1], hash);
  }));

for (
  const [file, text] of [
    [
      "ids.jsonl",
      '{"conversation_id":1.0,"speaker":7.0,"text":"a"}\n{"conversation_id":1.0,"speaker":8,"text":"b"}',
    ],
    [
      "ids.json",
      '[{"conversation_id":1.0,"speaker":7.0,"text":"a"},{"conversation_id":1.0,"speaker":8,"text":"b"}]',
    ],
  ] as const
) {
  Deno.test(`importDiscussions() keeps the ids of ${file} as they are written, with and without decimals`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/${file}`, text);
      await imported([`${folder}/${file}`], `${folder}/run`);
      const [[opened]] = (await eventsOfRun(`${folder}/run`)).values().toArray() as [DiscussionEvent[]];
      assert.ok(opened?.type === "DiscussionOpened");
      assert.equal(opened.data.imported!.id, "1.0");
      assert.deepEqual(opened.data.participants.map(({ name }) => name), ["7.0", "8"]);
    }));
}
