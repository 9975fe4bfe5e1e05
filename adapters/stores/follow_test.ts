/** Following a log in a file, while another store writes to it. */
import assert from "node:assert/strict";
import { inFolder } from "../testing/in_folder.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";

/** Follows a log that a reader sees, and calls `given` with the number of lines so far. Returns the lines. */
async function followed(folder: string, given: (count: number) => Promise<boolean>): Promise<string[]> {
  const until = new AbortController();
  const lines: string[] = [];
  const reader = new JsonlEventStore(folder, { durable: false });
  for await (const line of reader.follow("s", { signal: until.signal })) {
    lines.push(line);
    if (!await given(lines.length)) until.abort();
  }
  return lines;
}

Deno.test("JsonlEventStore.follow() gives an unfinished line only when it is finished", () =>
  inFolder(async (folder) => {
    const file = `${folder}/s.jsonl`;
    await Deno.writeTextFile(file, "first\nseco");
    const lines = await followed(folder, async (count) => {
      if (count === 1) await Deno.writeTextFile(file, "nd\nthird\nfou", { append: true });
      return count < 3;
    });
    assert.deepEqual(lines, ["first", "second", "third"]);
  }));

Deno.test("JsonlEventStore.follow() gives the lines of a resumed log, without the torn line that resuming removes", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/s.jsonl`, "first\nseco");
    const writer = new JsonlEventStore(folder);
    const lines = await followed(folder, async (count) => {
      if (count === 1) await writer.append("s", 1, ["another"]);
      return count < 2;
    });
    assert.deepEqual(lines, ["first", "another"]);
    await writer.close();
  }));

Deno.test("JsonlEventStore.follow() fails when the log has lost lines that follow() has given already", () =>
  inFolder(async (folder) => {
    const file = `${folder}/s.jsonl`;
    await Deno.writeTextFile(file, "first\nsecond\n");
    await assert.rejects(
      followed(folder, async (count) => {
        if (count === 2) await Deno.writeTextFile(file, "first\n");
        return true;
      }),
      {
        name: "StoreError",
        message: /^Cannot read ".*s\.jsonl": it has lost lines: it has 6 bytes, and had 13/,
      },
    );
  }));
