import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunNotice } from "../../core/engine/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { forgetEnds } from "../stores/testing/forget_ends.ts";
import { runExperiment } from "./run_experiment.ts";

const EXPERIMENT = `name: damaged
seed: 1
models: { m: { adapter: scripted, replies: [Said.] } }
participants: { model: m, personas: [{ name: Anna }, { name: Bob }] }
discussion: { turns: 4 }
design: { replications: 60 }
`;

const NUL = 0;
const NOT_UTF8 = [0xff, 0xfe, 0x80];

function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.with(200, bytes[200]! ^ 4);
}

/** Ways to damage a log, after which it cannot be resumed. */
const DAMAGES: readonly ((path: string, bytes: Uint8Array) => void)[] = [
  ...Array.from({ length: 24 }, () => (path: string, bytes: Uint8Array) => write(path, flipped(bytes))),
  (path) => write(path, new TextEncoder().encode("garbage\n")),
  (path) => write(path, new TextEncoder().encode("null\n")),
  (path) => write(path, new TextEncoder().encode("[]\n{}\n")),
  (path) => write(path, new Uint8Array([...new Uint8Array(5000).fill(NUL), 10])),
  (path, bytes) => write(path, new Uint8Array([...bytes.slice(0, 150), ...NOT_UTF8, ...bytes.slice(150)])),
  (path, bytes) => write(path, new Uint8Array([...bytes, ...bytes])),
  (path, bytes) => write(path, bytes.slice(10)),
  (path) => {
    Deno.removeSync(path);
    Deno.mkdirSync(path);
  },
];

/** Ways to cut recorded events off a log after a whole line, each with the expected message. */
const LOSSES: readonly (readonly [lose: (path: string, bytes: Uint8Array) => void, message: RegExp])[] = [
  [(path) => Deno.removeSync(path), /line 1 .*records 6 events, but this log has only 0/],
  [(path) => write(path, new Uint8Array()), /line 1 .*records 6 events, but this log has only 0/],
  [
    (path, bytes) => write(path, bytes.slice(0, bytes.indexOf(10) + 1)),
    /line 2 .*records 6 events, but this log has only 1\. Restore the log/,
  ],
];

function write(path: string, bytes: Uint8Array): void {
  Deno.writeFileSync(path, bytes);
}

/** Ways to shorten a log, after which it can be resumed. */
const SHORTENED: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
  (bytes) => bytes.slice(0, -40),
  (bytes) => bytes.slice(0, bytes.indexOf(10) + 1),
  () => new Uint8Array(),
  (bytes) => new Uint8Array([...bytes, ...new Uint8Array(4096).fill(NUL)]),
];

Deno.test("runExperiment() reports every damaged log, and finishes all other discussions", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, EXPERIMENT);
    const out = join(folder, "run");
    const whole = await runExperiment(file, { out });
    assert.equal(whole.ended, 60);
    forgetEnds(out);
    const logs = [...Deno.readDirSync(join(out, "discussions"))].map(({ name }) => name).sort();
    const contents = new Map<string, string>();
    for (const name of logs) {
      const path = join(out, "discussions", name);
      const text = Deno.readTextFileSync(path);
      contents.set(name, withoutTimes(text));
      Deno.writeTextFileSync(path, text.split("\n").slice(0, 3).join("\n") + "\n");
    }
    const at = (name: string) => join(out, "discussions", name);
    for (const [index, damage] of DAMAGES.entries()) {
      damage(at(logs[index]!), Deno.readFileSync(at(logs[index]!)));
    }
    for (const [index, shortened] of SHORTENED.entries()) {
      const path = at(logs[DAMAGES.length + index]!);
      write(path, shortened(Deno.readFileSync(path)));
    }
    for (let start = 0; start < 2; start++) {
      const named = new Set<string>();
      const notify = (notice: RunNotice) => {
        if (notice.kind === "set-aside" && /is damaged/.test(notice.reason)) {
          named.add(`${notice.discussion}.jsonl`);
        }
      };
      const outcome = await runExperiment(file, { out, notify, limits: { tokensMax: 1e9 } });
      assert.deepEqual([outcome.cutShort, outcome.stopped], [null, []]);
      assert.deepEqual([outcome.ended, outcome.setAside], [60 - DAMAGES.length, DAMAGES.length]);
      assert.deepEqual([...named].sort(), logs.slice(0, DAMAGES.length));
    }
    for (const name of logs.slice(DAMAGES.length)) {
      assert.equal(withoutTimes(Deno.readTextFileSync(at(name))), contents.get(name));
    }
  });
});

Deno.test("runExperiment() refuses to continue a log that lost recorded events, and continues all others", () =>
  inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    const out = join(folder, "run");
    await Deno.writeTextFile(file, EXPERIMENT.replace("60", "5"));
    await runExperiment(file, { out });
    const logs = [...Deno.readDirSync(join(out, "discussions"))].map(({ name }) => name).sort();
    for (const [index, [lose]] of LOSSES.entries()) {
      const path = join(out, "discussions", logs[index]!);
      lose(path, Deno.readFileSync(path));
    }
    await Deno.writeTextFile(file, EXPERIMENT.replace("60", "6"));
    const reasons = new Map<string, string>();
    const outcome = await runExperiment(file, {
      out,
      notify: (notice) => {
        if (notice.kind === "set-aside") reasons.set(`${notice.discussion}.jsonl`, notice.reason);
      },
    });
    assert.deepEqual([outcome.ended, outcome.setAside], [6 - LOSSES.length, LOSSES.length]);
    for (const [index, [, message]] of LOSSES.entries()) assert.match(reasons.get(logs[index]!)!, message);
  }));

/** Type and data of each event. */
function withoutTimes(text: string): string {
  return text.trimEnd().split("\n").map((line) => {
    const { type, data } = JSON.parse(line);
    return JSON.stringify({ type, data });
  }).join("\n");
}
