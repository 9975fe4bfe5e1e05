import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { linesOf } from "../../core/testing/mod.ts";
import { memoryRun } from "../../core/ports/memory_run.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { sampleEvents } from "../../core/testing/sample_stream.ts";
import { inFolder } from "../testing/in_folder.ts";
import { RunTables } from "./run_tables.ts";
import { originalText } from "./cell_texts.ts";
import { answerOf, runHolding } from "./testing/run_holding.ts";

/** A discussion that consists of these opening comments. */
function saying(id: string, texts: readonly string[]): DiscussionEvent[] {
  const posted = texts.map((text, comment): DiscussionEvent => ({
    type: "SeedCommentPosted",
    data: { comment, author: "Ada", text },
  }));
  return [sampleEvents(id)[0]!, ...posted];
}

const TEXTS = "SELECT discussion, text FROM comments ORDER BY discussion, comment";

Deno.test("RunTables.open() keeps every text, even with characters that tables cannot hold", () =>
  inFolder(async (folder) => {
    const texts = [
      "quotes: \" ' `",
      "lines\nof\r\ntext\tand\rtabs",
      "😀 👩‍👩‍👧 مرحبا \u202eleft",
      "a\0b",
      "half \ud83d and \ude00.",
      "a backslash: \\u0000 \\ud800",
      "\u{100000}\u{10d800}",
      "",
    ];
    const run = await runHolding(join(folder, "run"), {
      all: saying("all", texts),
      plain: saying("plain", texts.slice(0, 3)),
    });
    await Deno.mkdir(join(folder, "db"));
    const rows = await answerOf(join(folder, "db"), { run }, TEXTS);
    assert.deepEqual(rows.map(([discussion, text]) => [discussion, originalText(text!)]), [
      ...texts.map((text) => ["all", text]),
      ...texts.slice(0, 3).map((text) => ["plain", text]),
    ]);
  }));

Deno.test("RunTables.open() reads several runs, in memory and even in folders with names like patterns", () =>
  inFolder(async (folder) => {
    const run = await runHolding(join(folder, "it's [a-z]*? %20 key=value"), {
      "a/b": saying("a/b", ["one"]),
    });
    const other = await runHolding(join(folder, "it's a"), { b: saying("b", ["two", "three"]) });
    const memory = await memoryRun().open(sampleRun());
    await memory.store.append("c", 0, linesOf("c", saying("c", ["four"])));
    await Deno.mkdir(join(folder, "db"));
    const sql = "SELECT run, discussion, count(*) FROM comments GROUP BY ALL ORDER BY ALL";
    assert.deepEqual(await answerOf(join(folder, "db"), { "x'y": run, other, memory }, sql), [
      ["memory", "c", "1"],
      ["other", "b", "2"],
      ["x'y", "a/b", "1"],
    ]);
  }));

Deno.test("RunTables.open() leaves out an unfinished last line", () =>
  inFolder(async (folder) => {
    const run = await runHolding(join(folder, "run"), {
      a: saying("a", ["one", "two"]),
      b: saying("b", ["x"]),
    });
    const file = run.store.locate!("a");
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.slice(0, -20));
    await Deno.mkdir(join(folder, "db"));
    assert.deepEqual(await answerOf(join(folder, "db"), { run }, TEXTS), [["a", "one"], ["b", "x"]]);
  }));

Deno.test("RunTables.open() reports a damaged log, and reads its events before the damage and all other logs", () =>
  inFolder(async (folder) => {
    const run = await runHolding(join(folder, "run"), {
      a: saying("a", ["one", "two"]),
      b: saying("b", ["x"]),
    });
    const [opened, first, second] = linesOf("a", saying("a", ["one", "two"]));
    for (const damage of ["{", '{"no":"event"}', `${second!.slice(0, 50)}\n${second!.slice(50)}`]) {
      await Deno.writeTextFile(run.store.locate!("a"), `${opened}\n${first}\n${damage}\n`);
      const db = await Deno.makeTempDir({ dir: folder });
      const told: string[] = [];
      using tables = await RunTables.open(new Map([["run", run]]), {
        folder: db,
        onDamage: ({ stream, lineNumber }) => told.push(`${stream}:${lineNumber}`),
      });
      assert.deepEqual((await tables.rows(TEXTS, 10)).rows, [["a", "one"], ["b", "x"]], damage);
      assert.deepEqual(told, ["a:3"]);
    }
  }));

Deno.test("RunTables.open() makes empty tables of a run without discussions", () =>
  inFolder(async (folder) => {
    const run = await runHolding(join(folder, "run"), {});
    await Deno.mkdir(join(folder, "db"));
    assert.deepEqual(await answerOf(join(folder, "db"), { run }, "SELECT count(*) FROM discussions"), [[
      "0",
    ]]);
  }));

Deno.test("RunTables.open() reads a reply of three million characters", () =>
  inFolder(async (folder) => {
    const long = "long ".repeat(600_000);
    const run = await runHolding(join(folder, "run"), { a: saying("a", [long]), b: saying("b", ["x"]) });
    await Deno.mkdir(join(folder, "db"));
    const sql = "SELECT discussion, length(text), md5(text) FROM comments ORDER BY discussion";
    assert.deepEqual(await answerOf(join(folder, "db"), { run }, sql), [
      ["a", "3000000", createHash("md5").update(long).digest("hex")],
      ["b", "1", createHash("md5").update("x").digest("hex")],
    ]);
  }));
