/**
 * `verify` names every edit of a run's folder. With `--head`, it checks whether the run's log still contains
 * an earlier head. A head is the hash of the event that was the last one when the head was printed.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { nativeSha256 } from "../../adapters/system.ts";
import { forgetEnds } from "../../adapters/stores/testing/forget_ends.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { decodeLine, EMPTY_CHAIN, encodeEvent } from "../../core/events/codec.ts";
import { eventOf } from "../../core/events/mod.ts";
import { runHere } from "../testing/processes.ts";

const EXPERIMENT = `name: edits
seed: 1
models: { m: { adapter: scripted, replies: [One thing., Another thing.] } }
participants: { model: m, personas: people.json }
discussion: { turns: 3 }
design: { replications: REPLICATIONS }
`;

/** Makes a finished run of three discussions. Each `copy()` copies its folder and returns the path; `file` is the experiment file. */
async function withRuns(work: (copy: () => Promise<string>, file: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, EXPERIMENT.replace("REPLICATIONS", "3"));
    await Deno.writeTextFile(join(folder, "people.json"), '[{ "name": "Ann" }, { "name": "Bob" }]');
    const out = join(folder, "run");
    const { code, stderr } = await runHere("run", file, "--out", out, "--quiet");
    assert.equal(code, 0, stderr);
    let copies = 0;
    await work(async () => {
      const path = join(folder, `copy-${copies++}`);
      await new Deno.Command("cp", { args: ["-r", out, path] }).output();
      return path;
    }, file);
  });
}

function logsOf(run: string): readonly string[] {
  const folder = join(run, "discussions");
  return [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name)).sort();
}

/** Changes the text of a log's events and computes all hashes again, so that the chain is intact. */
function rechained(text: string): string {
  let [before, after] = [EMPTY_CHAIN, EMPTY_CHAIN];
  return text.trimEnd().split("\n").map((line) => {
    const envelope = decodeLine(line, before, nativeSha256);
    before = { seq: envelope.seq + 1, hash: envelope.hash };
    const changed = JSON.parse(JSON.stringify(eventOf(envelope)).replaceAll("One thing.", "A forged thing."));
    const { meta, at, stream } = envelope;
    const pending = { event: changed, ...(meta === undefined ? {} : { meta }) };
    const sealed = encodeEvent(stream, after, { pending, atMs: Date.parse(at), sha256: nativeSha256 });
    after = sealed.end;
    return `${sealed.line}\n`;
  }).join("");
}

/** Removes the ends of the discussions' logs from a run's log, and computes all hashes again. */
function withoutLogs(text: string): string {
  let end = EMPTY_CHAIN;
  return text.trimEnd().split("\n").map((line) => {
    const { stream, type, v, at, data } = JSON.parse(line);
    const pending = { event: { type, data: { ...data, logs: undefined } } };
    const options = { pending, atMs: Date.parse(at), sha256: nativeSha256, versions: { [type]: v } };
    const sealed = encodeEvent(stream, end, options);
    end = sealed.end;
    return `${sealed.line}\n`;
  }).join("");
}

/** Edits a text file of the run. If `change` returns `null`, deletes the file. */
async function edit(path: string, change: (text: string) => string | null): Promise<void> {
  const text = change(await Deno.readTextFile(path));
  if (text === null) await Deno.remove(path);
  else await Deno.writeTextFile(path, text);
}

const EDITS: readonly (readonly [edit: (run: string) => Promise<void>, found: RegExp])[] = [
  [
    (run) => edit(join(run, "manifest.json"), (text) => text.replace('"seed": "1"', '"seed": "2"')),
    /"manifest\.json" differs from "run\.jsonl": resolved\.seed/,
  ],
  [
    (run) => edit(join(run, "experiment.yaml"), (text) => text.replace("turns: 3", "turns: 4")),
    /"experiment\.yaml" is not the experiment file that was recorded/,
  ],
  [
    (run) => edit(inputOf(run), (text) => text.replace("Ann", "Eve")),
    /the copy of "people\.json" in "inputs" is missing or was changed/,
  ],
  [
    (run) => edit(join(run, "run.jsonl"), (text) => text.replace('"seed":"1"', '"seed":"2"')),
    /"run\.jsonl" is damaged: the hash does not match/,
  ],
  [
    (run) => edit(join(run, "run.jsonl"), () => null),
    /"run\.jsonl", which "manifest\.json" names, is missing/,
  ],
  [
    (run) => edit(join(run, "run.jsonl"), (text) => text.replace(/[^\n]+\n$/, "")),
    /"run\.jsonl" was cut or changed: it has \d+ of the \d+ events that "manifest\.json" records/,
  ],
  [
    (run) => edit(join(run, "run.jsonl"), withoutLogs),
    /"run\.jsonl" is damaged: line \d+ is not a LogsRecorded/,
  ],
  [(run) => edit(join(run, "manifest.json"), () => null), /"manifest\.json" is missing/],
  [(run) => edit(join(run, "manifest.json"), () => "{}"), /manifest\.json": its "\w+" is not valid/],
  [(run) => edit(join(run, "experiment.yaml"), () => null), /experiment\.yaml": it does not exist/],
  [(run) => edit(logsOf(run)[0]!, () => null), /:1: byte 0: the run's log records 5 events, .* has only 0/],
  [(run) => edit(logsOf(run)[0]!, () => ""), /:1: byte 0: the run's log records 5 events, .* has only 0/],
  [
    (run) => edit(logsOf(run)[1]!, (text) => text.split("\n").slice(0, 3).join("\n") + "\n"),
    /:4: byte \d+: the run's log records 5 events, .* has only 3/,
  ],
  [
    (run) => edit(logsOf(run)[2]!, rechained),
    /the run's log records a different event as number 5, .* changed later/,
  ],
];

/** The path of the run's one file in `inputs/`. */
function inputOf(run: string): string {
  const folder = join(run, "inputs");
  return join(folder, [...Deno.readDirSync(folder)][0]!.name);
}

Deno.test("verify names every edit of the run's files and logs, and after --repair the run resumes logs that lost recorded events", () =>
  withRuns(async (copy, file) => {
    const untouched = await runHere("verify", await copy());
    assert.deepEqual([untouched.code, untouched.stdout], [
      0,
      "3 logs (3 of finished discussions), 15 events: all unchanged\n",
    ]);
    for (const [change, found] of EDITS) {
      const run = await copy();
      await change(run);
      const { code, stdout } = await runHere("verify", run);
      assert.deepEqual([code, found.test(stdout)], [1, true], `${found}: ${stdout}`);
      if (!found.source.includes("the run's log records")) continue;
      const refused = await runHere("run", file, "--out", run, "--quiet");
      assert.equal(refused.code, 1, "run does not continue the log");
      assert.match(refused.stderr, /is damaged: the run's log records/);
      assert.equal((await runHere("verify", run, "--repair")).code, 0);
      const repaired = await runHere("verify", run);
      assert.equal(repaired.code, 0, repaired.stdout);
      assert.match(repaired.stdout, /1 shortened by an earlier repair/);
      const resumed = await runHere("run", file, "--out", run, "--quiet");
      assert.equal(resumed.code, 0, resumed.stderr);
      const after = await runHere("verify", run);
      assert.match(after.stdout, /^3 logs \(3 of finished discussions\), 15 events: all unchanged/);
    }
  }));

Deno.test("verify says that a run's log records no ends of logs, and the next run records them", () =>
  withRuns(async (copy, file) => {
    const run = await copy();
    forgetEnds(run);
    assert.match(
      (await runHere("verify", run)).stdout,
      /not protected: the run's log does not record the ends/,
    );
    assert.equal((await runHere("run", file, "--out", run, "--quiet")).code, 0);
    assert.equal(
      (await runHere("verify", run)).stdout,
      "3 logs (3 of finished discussions), 15 events: all unchanged\n",
    );
  }));

Deno.test("run --prepare prints a head that the finished run still contains", () =>
  withRuns(async (_copy, file) => {
    const out = `${file}.run`;
    const prepared = await runHere("run", file, "--prepare", "--out", out);
    const head = /\n {2}([0-9a-f]{64})\n/.exec(prepared.stdout)?.[1];
    assert.ok(head !== undefined, prepared.stderr);
    assert.deepEqual(logsOf(out), []);
    assert.equal((await runHere("run", out, "--quiet")).code, 0);
    const checked = await runHere("verify", out, "--head", head);
    assert.equal(checked.code, 0, checked.stderr);
    assert.match(checked.stdout, /contains this head/);
  }));

Deno.test("verify --print-head prints a head, and --head finds it later and lists what came after it", () =>
  withRuns(async (copy, file) => {
    const run = await copy();
    const last = JSON.parse((await Deno.readTextFile(join(run, "run.jsonl"))).trimEnd().split("\n").at(-1)!);
    const printed = await runHere("verify", run, "--print-head");
    assert.equal(printed.code, 0);
    assert.ok(printed.stdout.includes(`Head of the run's log, of ${last.at}:\n  ${last.hash}\n`));
    assert.match(printed.stdout, /It fixes 4 events of the run's log, and 3 logs with 15 events\.\n$/);
    await Deno.writeTextFile(file, EXPERIMENT.replace("REPLICATIONS", "4"));
    assert.equal((await runHere("run", file, "--out", run, "--quiet")).code, 0);
    const held = await runHere("verify", run, "--head", last.hash);
    assert.equal(held.code, 0, held.stdout);
    assert.match(held.stdout, /The run's log contains this head, of .*\nIt fixes 4 events .* 15 events\.\n/);
    assert.match(
      held.stdout,
      /After it, .* 4 more events:\n.* the plan grew to 4 discussions\n.* run started\n$/,
    );

    // A repair lets the run continue, but the head still shows that events are gone.
    await Deno.remove(logsOf(run)[0]!);
    assert.equal((await runHere("verify", run, "--repair")).code, 0);
    assert.equal((await runHere("verify", run)).code, 0);
    const lost = await runHere("verify", run, "--head", last.hash);
    assert.equal(lost.code, 1);
    assert.match(
      lost.stdout,
      /the run's log records 5 events, .* has only 0(?:.|\n)*a repair shortened 1 log/,
    );

    const other = await runHere("verify", run, "--head", "0".repeat(64));
    assert.equal(other.code, 1);
    assert.match(other.stdout, /does not contain this head/);
    await edit(logsOf(run)[0]!, () => "");
    const damaged = await runHere("verify", run, "--print-head");
    assert.deepEqual([damaged.code, /Head of/.test(damaged.stdout)], [1, false]);
    const one = await runHere("verify", logsOf(run)[0]!, "--print-head");
    assert.deepEqual([one.code, /give the run's folder/.test(one.stderr)], [2, true]);
  }));
