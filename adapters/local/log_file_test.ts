import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../testing/in_folder.ts";
import { LOG_BYTES_MAX, LOG_CHARS_MAX, LOG_FILES_MAX, LOG_LINES_MAX, openLogFile } from "./log_file.ts";

const AT_MS = Date.UTC(2026, 0, 1);

function recordOf(message: string, properties: Record<string, unknown> = {}) {
  const level = "info" as const;
  return {
    category: ["syndisco"],
    level,
    message: [message],
    rawMessage: message,
    timestamp: AT_MS,
    properties,
  };
}

// deno-lint-ignore no-explicit-any -- lines of many shapes
async function linesOf(path: string): Promise<any[]> {
  return (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("openLogFile() appends lines of JSON with their fields to an existing file", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "log.jsonl");
    for (const nth of [1, 2]) {
      const file = await openLogFile(path);
      file.push(recordOf("answered", { discussion: "d1", nth, reply: "\x1b[31m {message} \u202e\ud800" }), 0);
      assert.equal(await file.close(), null);
    }
    const line = {
      "@timestamp": "2026-01-01T00:00:00.000Z",
      level: "INFO",
      message: "answered",
      logger: "syndisco",
      discussion: "d1",
      reply: "\x1b[31m {message} \u202e\ud800",
    };
    assert.deepEqual(await linesOf(path), [{ ...line, nth: 1 }, { ...line, nth: 2 }]);
  });
});

Deno.test("openLogFile() drops lines when its buffer is full, and reports how many", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "log.jsonl");
    const many = await openLogFile(path);
    for (let line = 0; line < LOG_LINES_MAX + 7; line++) many.push(recordOf("x"), 0);
    assert.match((await many.close())!, /log\.jsonl" is incomplete: dropped 7 of its lines/);
    const lines = await linesOf(path);
    assert.equal(lines.length, LOG_LINES_MAX + 1);
    assert.deepEqual([lines.at(-1).level, lines.at(-1).dropped], ["WARN", 7]);

    const large = await openLogFile(path);
    large.push(recordOf("x"), LOG_CHARS_MAX);
    large.push(recordOf("x"), 1);
    assert.match((await large.close())!, /dropped 1 of its lines/);
    const alone = await openLogFile(path);
    alone.push(recordOf("x"), LOG_CHARS_MAX + 1);
    assert.match((await alone.close())!, /dropped 1 of its lines/);
  });
});

Deno.test("openLogFile() begins another file when the current file is full, and keeps five old files", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "log.jsonl");
    const text = "x".repeat(LOG_BYTES_MAX / 2 + 1);
    for (let nth = 0; nth < LOG_FILES_MAX + 3; nth++) {
      const file = await openLogFile(path);
      file.push(recordOf("large", { nth, text }), 0);
      assert.equal(await file.close(), null);
    }
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(names, ["log.jsonl", ...[1, 2, 3, 4, 5].map((nth) => `log.jsonl.${nth}`)]);
    assert.equal((await linesOf(path))[0].nth, LOG_FILES_MAX + 2);
    assert.equal((await linesOf(`${path}.1`))[0].nth, LOG_FILES_MAX + 1);
  });
});

Deno.test("openLogFile() reports a full disk when it is closed, and never throws", async () => {
  if (Deno.build.os !== "linux") return;
  // Writing to this device fails as on a full disk.
  const file = await openLogFile("/dev/full");
  file.push(recordOf("x".repeat(100)), 0);
  assert.match((await file.close())!, /is incomplete: writing failed: .*(No space|os error 28|ENOSPC)/);
});
