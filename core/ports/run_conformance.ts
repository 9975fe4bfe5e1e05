/** The test cases that every implementation of the port of runs must pass. */
import assert from "node:assert/strict";
import { headOf, type ResultsViewed, RunError, type RunErrorKind } from "../run_log/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { type ConformanceCase, conformanceCases, type SkippedCases } from "./cases_conformance.ts";
import { CLAIM_CASES } from "./claims_conformance.ts";
import { COPY_CASES } from "./copy_conformance.ts";
import { PEOPLE_CASES } from "./people_conformance.ts";
import { RUN_LOG_CASES } from "./run_log_conformance.ts";
import type { ImportDescription, RunHome, RunReader, RunWriter } from "./run.ts";

/** An empty place for one run. */
export type RunHarness = Readonly<{
  home: RunHome;
  /** Opens the same place as another process does. */
  again: () => RunHome;
  cleanup: () => Promise<void>;
}>;

const NOW_MS = Date.UTC(2026, 5, 1);
const IMPORT: ImportDescription = { nowMs: NOW_MS, versions: {}, shards: 0 };
const SEEN: ResultsViewed = {
  type: "ResultsViewed",
  data: { command: "report", outcomes: null, finished: 2, planned: 4 },
};

/** The sample run with this number of replications, which is also in its experiment file. */
function ofSize(replications: number) {
  const run = sampleRun();
  const experimentText = `replications: ${replications}`;
  const experiment = { ...run.manifest.experiment, sha256: portableSha256(experimentText) };
  const plan = { discussions: 2 * replications, conditions: 2, replications };
  return { ...run, experimentText, manifest: { ...run.manifest, experiment, plan } };
}

async function refused(opening: Promise<unknown>, kind: RunErrorKind, message: RegExp): Promise<void> {
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof RunError, String(error));
    assert.match(error.message, message);
    assert.equal(error.kind, kind);
    return true;
  });
}

function eventsOf({ log }: RunReader): readonly string[] {
  assert.ok(log.kind === "kept");
  return log.log.entries.map(({ type }) => type);
}

/** Opens the run, calls `write` and closes the run. Returns the run, opened for reading afterwards. */
async function written(home: RunHome, write: (run: RunWriter) => Promise<unknown>): Promise<RunReader> {
  const run = await home.open(sampleRun());
  await write(run);
  await run.close();
  return await home.read();
}

const CASES: Readonly<Record<string, (harness: RunHarness) => Promise<void>>> = {
  async "open() makes a run, and read() gives its description"({ home, again }) {
    const run = await home.open(sampleRun());
    assert.equal(run.resumed, false);
    for (const reader of [run, await again().read()]) {
      const head = reader.log.kind === "kept" ? headOf(reader.log.log) : "";
      const { experimentText, manifest, problems } = reader;
      assert.deepEqual(eventsOf(reader), ["RunCreated"]);
      assert.deepEqual([experimentText, problems], [sampleRun().experimentText, []]);
      assert.deepEqual(manifest, {
        format: 1,
        createdAt: "2026-01-01T00:00:00.000Z",
        ...sampleRun().manifest,
        runLog: head,
        runLogEnd: [1, head],
      });
    }
    await run.close();
  },
  async "read() and reopen() say that there is no run"({ home }) {
    await refused(home.read(), "not-a-run", /^Cannot open the run/);
    await refused(home.reopen(), "not-a-run", /^Cannot open the run/);
    assert.deepEqual(await home.holders(), []);
  },
  async "open() and reopen() resume a run without changing its record"({ home, again }) {
    await (await home.open(sampleRun())).close();
    const before = await home.read();
    for (const open of [() => again().open({ ...sampleRun(), nowMs: NOW_MS }), () => again().reopen()]) {
      const run = await open();
      await run.close();
      assert.deepEqual([run.resumed, run.manifest, eventsOf(run)], [true, before.manifest, ["RunCreated"]]);
    }
  },
  async "open() adds replications to a run, and never removes any"({ home, again }) {
    for (const [asked, kept] of [[50, 50], [60, 60], [55, 60]] as const) {
      await (await home.open(ofSize(asked))).close();
      const { manifest, experimentText } = await again().read();
      assert.deepEqual([manifest.plan.discussions, experimentText], [2 * kept, `replications: ${kept}`]);
    }
    assert.deepEqual(eventsOf(await home.read()), ["RunCreated", "PlanExtended"]);
  },
  async "open() refuses another experiment and a changed model, and does not keep the lease"({ home }) {
    const run = sampleRun();
    const withModel = (weights: string) => ({ ...run, manifest: { ...run.manifest, models: { weights } } });
    await (await home.open(withModel("7B"))).close();
    await refused(home.open(sampleRun("f2", 20)), "other-experiment", /\n {2}discussion\.turns: 14 → 20\n/);
    await refused(home.open(withModel("14B")), "other-experiment", /a model has changed .*\n {2}weights\n/);
    await (await home.open(withModel("7B"))).close();
  },
  async "open() and reopen() record new addresses, and refuse swapped addresses of models"({ home }) {
    const at = (...ports: string[]) =>
      ports.map((port, index) => ({ model: `m${index}`, spec: "s", address: [port] }));
    const first = sampleRun();
    await (await home.open({ ...first, manifest: { ...first.manifest, reached: at("1", "2") } })).close();
    const reopen = (...ports: string[]) =>
      home.reopen({ reaching: { reached: at(...ports), nowMs: NOW_MS } });
    await refused(reopen("2", "1"), "other-experiment", /the model "m0" now has the address "2"/);
    await (await reopen("1", "3")).close();
    assert.deepEqual((await home.read()).manifest.reached, at("1", "3"));
  },
  async "only one writer at a time has the lease; readers need none"({ home, again }) {
    assert.deepEqual(await home.open(sampleRun()).then(({ close }) => close()), undefined);
    assert.deepEqual(await again().holders(), []);
    const run = await home.open(sampleRun());
    const message = /^Cannot write to the run ".*": it is in use/;
    await refused(again().open(sampleRun()), "in-use", message);
    await refused(again().open(sampleRun(), { part: { index: 1, count: 2 } }), "in-use", message);
    await refused(again().reopen(), "in-use", message);
    assert.equal((await again().holders()).length, 1);
    assert.equal((await again().read()).manifest.seed, "42");
    await run.close();
    await (await again().reopen()).close();
  },
  async "parts of a run with the same count can be written together, and record in one log"(
    { home, again },
  ) {
    const open = (index: number, count: number) => again().open(sampleRun(), { part: { index, count } });
    const parts = [await open(1, 3), await open(2, 3)];
    assert.deepEqual(parts.map(({ resumed }) => resumed), [false, true]);
    await refused(open(2, 3), "in-use", /it is in use/);
    await refused(open(3, 4), "in-use", /it is in use/);
    await refused(home.open(sampleRun()), "in-use", /it is in use/);
    const recorded = await Promise.all(parts.flatMap((run) => [1, 2].map(() => run.record(SEEN, NOW_MS))));
    assert.deepEqual(recorded, [true, true, true, true]);
    for (const part of parts) await part.close();
    assert.equal(eventsOf(await home.read()).length, 5);
    await (await open(3, 4)).close();
  },
  async "record() adds events in their order, and updates log and manifest"({ home, again }) {
    const run = await home.open(sampleRun());
    const before = await again().read();
    const { experiment, plan } = ofSize(9).manifest;
    const extended = { type: "PlanExtended", data: { experiment, plan } } as const;
    await Promise.all([run.record(SEEN, NOW_MS), run.record(extended, NOW_MS), run.record(SEEN, NOW_MS)]);
    const expected = ["RunCreated", "ResultsViewed", "PlanExtended", "ResultsViewed"];
    for (const reader of [run, await again().read()]) {
      assert.deepEqual(eventsOf(reader), expected);
      assert.equal(reader.manifest.plan.replications, 9);
      assert.ok(reader.log.kind === "kept");
      assert.equal(reader.log.log.entries.at(-1)!.at, "2026-06-01T00:00:00.000Z");
    }
    assert.deepEqual([eventsOf(before), before.manifest.plan.replications], [["RunCreated"], 2]);
    await run.close();
  },
  async "writeText() writes a text, and replaces it the second time; readText() returns it"({ home, again }) {
    const run = await written(home, async (run) => {
      assert.equal(await run.readText("prices.json"), null);
      await run.writeText("prices.json", "{}");
      await run.writeText("prices.json", "{}\r\n\ufeffä");
      await run.writeText("annotations/mood.yaml", "pass: mood");
      assert.equal(await run.readText("annotations/mood.yaml"), "pass: mood");
    });
    for (const reader of [run, await again().read()]) {
      assert.equal(await reader.readText("prices.json"), "{}\r\n\ufeffä");
      assert.equal(await reader.readText("annotations/mood.yaml"), "pass: mood");
      assert.equal(await reader.readText("annotations/other.yaml"), null);
    }
  },
  async "appendText() adds lines that every later reader gets, in their order"({ home, again }) {
    const name = "people/ratings/mood.1.jsonl";
    await written(home, (run) => run.appendText(name, "one"));
    await written(again(), (run) => run.appendText(name, "zwei ä\ufeff"));
    assert.equal(await (await again().read()).readText(name), "one\nzwei ä\ufeff\n");
  },
  async "readText() and writeText() refuse all names that are not for texts of a run"({ home }) {
    const run = await home.open(sampleRun());
    for (
      const name of [
        "",
        "run.jsonl",
        "manifest.json",
        "annotations/../run.jsonl",
        "../prices.json",
        "/prices.json",
        "people/ratings/../keys.1.jsonl",
      ]
    ) {
      await assert.rejects(run.writeText(name, "x"), RangeError, name);
      await assert.rejects(run.readText(name), RangeError, name);
    }
    await run.close();
  },
  async "input() gives the copies of the files that the experiment names"({ home, again }) {
    const texts = { "personas.json": "[]", "../rules/who speaks.ts": "export default {};\n" };
    const entries = Object.entries(texts).map(([path, text]) =>
      [path, { content: text, sha256: portableSha256(text) }] as const
    );
    const run = sampleRun();
    const sources = Object.fromEntries(entries.map(([path, { sha256 }]) => [path, sha256]));
    const manifest = { ...run.manifest, sources };
    const writer = await home.open({ ...run, manifest, inputs: new Map(entries) });
    for (const reader of [writer, await again().read()]) {
      for (const [path, text] of Object.entries(texts)) assert.equal(await reader.input(path), text);
      for (const path of ["other.json", "toString", "../run.jsonl"]) {
        await assert.rejects(reader.input(path), /^Error: .*no copy of it$/);
      }
    }
    await writer.close();
  },
  async "keepInputs() adds copies of files, and input() finds them by their hash"({ home, again }) {
    const run = await home.open(sampleRun());
    const inputs = ["[1]", "[2]"].map((content) => ({ content, sha256: portableSha256(content) }));
    for (const input of inputs) await run.keepInputs(new Map([["a.json", input]]));
    await run.close();
    const reader = await again().read();
    for (const { content, sha256 } of inputs) assert.equal(await reader.input("a.json", sha256), content);
    await assert.rejects(reader.input("a.json"), /^Error: .*no copy of it$/);
    await assert.rejects(run.keepInputs(new Map()), TypeError);
  },
  async "readers see discussions while they are written, and can follow them"({ home, again }) {
    const run = await home.open(sampleRun());
    const reader = await again().read();
    await run.store.append("d", 0, ["0", "1"]);
    assert.deepEqual(await Array.fromAsync(reader.store.streams()), ["d"]);
    assert.deepEqual(await Array.fromAsync(reader.store.read("d", 1)), ["1"]);
    const until = new AbortController();
    const followed: string[] = [];
    for await (const line of reader.store.follow("d", { signal: until.signal })) {
      followed.push(line);
      if (line === "1") await run.store.append("d", 2, ["2"]);
      if (line === "2") until.abort();
    }
    assert.deepEqual(followed, ["0", "1", "2"]);
    await run.close();
  },
  async "close() ends the lease, and later writes fail"({ home, again }) {
    const run = await home.open(sampleRun());
    await run.store.append("d", 0, ["0"]);
    await run.close();
    await assert.rejects(run.store.append("d", 1, ["1"]), TypeError);
    await assert.rejects(run.record(SEEN, NOW_MS), TypeError);
    await assert.rejects(run.writeText("prices.json", "{}"), TypeError);
    const later = await again().reopen();
    assert.deepEqual(await Array.fromAsync(later.store.read("d")), ["0"]);
    const events = ["RunCreated", "LogsRecorded"];
    assert.deepEqual([eventsOf(later), await later.readText("prices.json")], [events, null]);
    await later.close();
  },
  async "openImport() keeps whole discussions, and records their sources"({ home, again }) {
    const plan = { discussions: 2, conditions: 1, replications: 2 };
    for (
      const [resumed, stream, sources] of [[false, "a", { "a.json": "1" }], [true, "b", {
        "b.json": "2",
      }]] as const
    ) {
      const run = await again().openImport(IMPORT);
      assert.deepEqual([run.resumed, run.experimentText, run.log.kind], [resumed, null, "none"]);
      await run.importStream(stream, [stream, "end"]);
      await run.flush();
      await run.recordImport(sources, plan);
      assert.equal(await run.record(SEEN, NOW_MS), false);
      await again().recordLook(SEEN.data, NOW_MS);
      await run.close();
    }
    const { manifest, store } = await home.read();
    assert.deepEqual([manifest.sources, manifest.plan], [{ "a.json": "1", "b.json": "2" }, plan]);
    assert.deepEqual((await Array.fromAsync(store.streams())).sort(), ["a", "b"]);
    assert.deepEqual(await Array.fromAsync(store.read("b")), ["b", "end"]);
    await refused(home.open(sampleRun()), "other-experiment", /it holds imported discussions/);
    const reopened = await home.reopen();
    await reopened.store.append("a", 2, ["annotation"]);
    await reopened.close();
  },
  async "openImport() refuses the run of an experiment"({ home }) {
    await (await home.open(sampleRun())).close();
    await refused(home.openImport(IMPORT), "other-experiment", /it holds the run of an experiment/);
    await (await home.reopen()).close();
  },
};

const ALL_CASES = { ...CASES, ...CLAIM_CASES, ...COPY_CASES, ...RUN_LOG_CASES, ...PEOPLE_CASES };

/** The cases that every implementation passes, as tests. `makeHarness` makes an empty place for each test. */
export function runConformance(
  name: string,
  makeHarness: () => Promise<RunHarness>,
  skip: readonly SkippedCases[] = [],
): readonly ConformanceCase[] {
  return conformanceCases(name, ALL_CASES, { makeHarness, skip });
}
