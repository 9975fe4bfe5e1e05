/** Runs with servers that misbehave, over real HTTP. Every run must end. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ModelNotice, readStream, type RetryPolicy } from "../../core/engine/mod.ts";
import { type DiscussionEvent, eventOf } from "../../core/events/mod.ts";
import { RESPONSE_BYTES_MAX } from "../models/openai/connection.ts";
import { startOpenAiStub, type StubFault, type StubOptions } from "../models/testing/openai_stub.ts";
import { folderRun } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { loadExperiment } from "./load_experiment.ts";
import { nativeSha256 } from "../system.ts";
import { type ExperimentRunOptions, runExperiment } from "./run_experiment.ts";

const RETRY: RetryPolicy = {
  attemptsMax: 6,
  waitMs: 1,
  waitMsMax: 2,
  retryAfterMsMax: 1000,
  waitedMsMax: 1000,
};
const PAUSE = { failuresMax: 5, probeMs: 1, probeMsMax: 10, pauseMsMax: 100 };
const TWO_GIGABYTES = 2_000_000_000;

function experimentFor(baseUrl: string, options = "timeoutSeconds: 0.1", replications = 3): string {
  return `
name: misbehaving
seed: 7
models: { m: { adapter: openai, model: stub-model, baseUrl: "${baseUrl}", ${options} } }
participants: { model: m, personas: [{ name: Ann }, { name: Ben }, { name: Cem }] }
discussion: { turns: 4 }
design: { replications: ${replications} }
`;
}

type Ended = Readonly<{
  outcome: Awaited<ReturnType<typeof runExperiment>>;
  notices: readonly ModelNotice[];
  events: ReadonlyMap<string, readonly DiscussionEvent[]>;
}>;

async function runWith(text: string, folder: string, options: ExperimentRunOptions = {}): Promise<Ended> {
  const file = join(folder, "e.yaml");
  await Deno.writeTextFile(file, text);
  const notices: ModelNotice[] = [];
  const outcome = await runExperiment(file, {
    out: join(folder, "run"),
    retry: RETRY,
    pause: PAUSE,
    notify(notice) {
      if (notice.kind === "paused" || notice.kind === "resumed") notices.push(notice);
    },
    ...options,
  });
  return { outcome, notices, events: await eventsIn(join(folder, "run")) };
}

async function eventsIn(path: string): Promise<Map<string, DiscussionEvent[]>> {
  const { store } = await folderRun(path).read();
  const events = new Map<string, DiscussionEvent[]>();
  for await (const stream of store.streams()) {
    const envelopes = await Array.fromAsync(readStream(store, stream, nativeSha256));
    events.set(stream, envelopes.map(eventOf));
  }
  return new Map([...events].sort(([a], [b]) => a < b ? -1 : 1));
}

async function withStub<T>(options: StubOptions, act: (baseUrl: string) => Promise<T>): Promise<T> {
  await using stub = startOpenAiStub(options);
  return await act(stub.baseUrl);
}

/** The events of a run with a healthy server. */
async function undisturbed(): Promise<ReadonlyMap<string, readonly DiscussionEvent[]>> {
  return await withStub(
    {},
    (baseUrl) => inFolder(async (folder) => (await runWith(experimentFor(baseUrl), folder)).events),
  );
}

const STUCK: readonly (readonly [what: string, fault: StubFault])[] = [
  ["accepts and never answers", { kind: "silence" }],
  ["answers a byte a minute", { kind: "trickle", pieces: 1000, waitMs: 60_000 }],
  ["sends only the beginning of an error", {
    kind: "trickle",
    pieces: 2,
    waitMs: 60_000,
    status: 503,
  }],
];

for (const [what, fault] of STUCK) {
  Deno.test(`runExperiment() pauses, then ends so that it can be resumed, with a server that ${what}`, async () => {
    await withStub({ fault: () => fault }, (baseUrl) =>
      inFolder(async (folder) => {
        const { outcome, notices, events } = await runWith(experimentFor(baseUrl), folder);
        assert.deepEqual([outcome.cutShort?.by, outcome.setAside, outcome.ended], ["failure", 0, 0]);
        assert.deepEqual(notices.map(({ kind }) => kind), ["paused"]);
        for (const each of events.values()) {
          assert.deepEqual(each.map(({ type }) => type), ["DiscussionOpened"]);
        }
      }));
  });
}

const MALFORMED: readonly (readonly [what: string, fault: StubFault])[] = [
  ["closes in the middle of a body", { kind: "break" }],
  ["sends two gigabytes", { kind: "flood", bytes: TWO_GIGABYTES }],
  ["sends half of a JSON text", { kind: "body", body: '{"choices": [{"mess' }],
  ["sends an empty body", { kind: "body", body: "" }],
];

for (const [what, fault] of MALFORMED) {
  Deno.test(`runExperiment() records failed requests to a server that ${what}`, async () => {
    await withStub({ fault: () => fault }, (baseUrl) =>
      inFolder(async (folder) => {
        const text = experimentFor(baseUrl, "timeoutSeconds: 60");
        const { outcome, notices, events } = await runWith(text, folder);
        assert.deepEqual([outcome.ended, outcome.setAside, notices], [0, 3, []]);
        for (const each of events.values()) {
          const last = each.at(-1)!;
          assert.equal(last.type, "GenerationFailed");
          assert.equal("kind" in last.data && last.data.kind, "malformed-reply");
        }
      }));
  });
}

Deno.test("runExperiment() continues when a server is back, and records the same events as without the failure", async () => {
  for (const fault of [{ kind: "silence" }, { kind: "answer", status: 503 }] as const) {
    const down = (_: unknown, index: number) => index >= 4 && index < 14 ? fault : null;
    await withStub({ fault: down }, (baseUrl) =>
      inFolder(async (folder) => {
        const pause = { ...PAUSE, pauseMsMax: 60_000 };
        const { outcome, notices, events } = await runWith(experimentFor(baseUrl), folder, { pause });
        assert.deepEqual([outcome.ended, outcome.setAside, outcome.cutShort], [3, 0, null]);
        assert.deepEqual(notices.map(({ kind }) => kind), ["paused", "resumed"]);
        assert.deepEqual(events, await undisturbed());
      }));
  }
});

Deno.test("runExperiment() continues when a missing server is started", async () => {
  const first = startOpenAiStub();
  const { port } = new URL(first.baseUrl);
  await first.close();
  let later: ReturnType<typeof startOpenAiStub> | undefined;
  await inFolder(async (folder) => {
    const { outcome, notices, events } = await runWith(experimentFor(first.baseUrl), folder, {
      pause: { ...PAUSE, pauseMsMax: 60_000 },
      notify({ kind }) {
        if (kind === "paused") later = startOpenAiStub({ port: Number(port) });
      },
    });
    assert.deepEqual([outcome.ended, outcome.setAside, notices], [3, 0, []]);
    assert.deepEqual(events, await undisturbed());
  });
  await later?.close();
});

Deno.test("runExperiment() waits as long as a busy server asks", async () => {
  const busy: StubFault = { kind: "answer", status: 429, headers: { "retry-after-ms": "20" } };
  await withStub(
    // The two refused requests are no probes, because the engine would ask less often after a refused probe.
    { fault: (_, index) => index === 0 || index === 7 ? busy : null },
    (baseUrl) =>
      inFolder(async (folder) => {
        const pause = { ...PAUSE, pauseMsMax: 60_000 };
        const { outcome, events } = await runWith(experimentFor(baseUrl), folder, { pause });
        assert.deepEqual([outcome.ended, outcome.setAside], [3, 0]);
        assert.deepEqual(events, await undisturbed());
      }),
  );
});

Deno.test("runExperiment() ends when an adapter never answers and ignores its signal", async () => {
  const text = experimentFor("http://localhost:1/v1").replace(
    /m: \{.*\} \}/,
    "m: { adapter: deaf, limits: { requestSeconds: 0.02 } } }",
  );
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, text);
    const deaf = { create: () => ({ generate: () => new Promise<never>(() => {}) }) };
    const loaded = await loadExperiment(file, { adapters: { deaf } });
    const out = join(folder, "run");
    const outcome = await runExperiment(loaded, { out, retry: RETRY, pause: PAUSE });
    assert.deepEqual([outcome.cutShort?.by, outcome.setAside], ["failure", 0]);
    assert.match((outcome.cutShort as { message: string }).message, /did not answer within 0\.02 s/);
  });
});

const RUN_AND_WEIGH = fileURLToPath(new URL("testing/run_and_weigh.ts", import.meta.url));

/** The peak memory of a run in a process of its own, in bytes. */
async function memoryOfRun(fault: StubFault | null): Promise<number> {
  return await withStub({ fault: () => fault }, (baseUrl) =>
    inFolder(async (folder) => {
      const file = join(folder, "e.yaml");
      await Deno.writeTextFile(file, experimentFor(baseUrl, "timeoutSeconds: 60", IN_FLIGHT));
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", "-A", RUN_AND_WEIGH, file, join(folder, "run")],
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      return Number(new TextDecoder().decode(stdout));
    }));
}

/** How many requests are in flight while memory is measured. */
const IN_FLIGHT = 16;

/**
 * Each request may hold a reply of the largest allowed size as bytes and as text, and the garbage of an earlier
 * reply.
 */
const MEMORY_GROWTH_BYTES_MAX = 4 * IN_FLIGHT * RESPONSE_BYTES_MAX;

Deno.test({
  name:
    "runExperiment() needs no more memory than replies of the largest allowed size take when a server sends two gigabytes",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const well = await memoryOfRun(null);
    const flooded = await memoryOfRun({ kind: "flood", bytes: TWO_GIGABYTES });
    assert.ok(
      well > 0 && flooded - well < MEMORY_GROWTH_BYTES_MAX,
      `${flooded} bytes, ${well} with a healthy server`,
    );
  },
});
