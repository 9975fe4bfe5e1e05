/** A run in memory. It is lost when the process ends. */
import {
  encodeRunEvent,
  growthOf,
  hasLook,
  importedManifest,
  manifestOf,
  newAddresses,
  parseManifest,
  peopleOf,
  refuseMixedUp,
  refuseOtherRun,
  RunError,
  type RunEvent,
  type RunLog,
  runLogAfter,
  runLogAfterAll,
  type RunManifest,
} from "../run_log/mod.ts";
import { portableSha256, type Sha256 } from "../sha256.ts";
import { fixedClock } from "./clock.ts";
import type { StoredLine } from "../events/codec.ts";
import { type EventStore, memoryEventStore } from "./event_store.ts";
import { MemoryFiles } from "./memory_files.ts";
import { canShare, claimLost, inUse, type Lease, whileOpen } from "./memory_leases.ts";
import { memoryPersonKeys, type PersonKeys } from "./person_keys.ts";
import { recordingEnds } from "./recording_store.ts";
import type { Reaching, Recorded, RunDescription, RunHome, RunReader, RunWriter, SharedRun } from "./run.ts";
import { DESCRIPTION_FILES } from "./run_copy.ts";
import { checkTextName } from "./run_texts.ts";

/** Options of a run in memory. */
export type MemoryRunOptions = Readonly<{
  place?: string;
  sha256?: Sha256;
  /** Now, in milliseconds since 1970. By default, a fixed time. */
  now?: () => number;
  /**
   * The keys of people. By default, they are computed from the people's names: the run is lost with the
   * process anyway.
   */
  keys?: PersonKeys;
}>;

/** Makes a place in memory for one run. */
export function memoryRun(
  { place = "memory", sha256 = portableSha256, now = fixedClock().now, keys = memoryPersonKeys() }:
    MemoryRunOptions = {},
): RunHome {
  const store: EventStore = { ...memoryEventStore(), keys };
  let files = new MemoryFiles();
  const leases = new Set<Lease>();
  /** For a shared run: stream → the lease of the process that has claimed the stream. */
  const claims = new Map<string, Lease>();
  let log: RunLog | null = null;
  let lines: StoredLine[] = [];
  let experimentText = "";
  let imported: RunManifest | null = null;

  const add = (event: RunEvent, atMs: number) => {
    const line = encodeRunEvent(log, event, { atMs, sha256 });
    log = runLogAfter(log, line, sha256);
    lines.push(line);
  };
  const recorded = (): Recorded => {
    if (imported !== null) {
      return { manifest: imported, log: { kind: "none" }, problems: [], experimentText: null };
    }
    if (log === null) {
      throw new RunError("not-a-run", `Cannot open the run "${place}": there is no run in it`);
    }
    return { manifest: manifestOf(log), log: { kind: "kept", log }, problems: [], experimentText };
  };
  const reader = (): RunReader => ({
    ...recorded(),
    place,
    store,
    input(path, hash) {
      const { sources } = recorded().manifest;
      const text = files.input(path, hash ?? (Object.hasOwn(sources, path) ? sources[path]! : ""));
      return text === null ? Promise.reject(new Error("the run has no copy of it")) : Promise.resolve(text);
    },
    readText: (name) =>
      Promise.try(() => {
        checkTextName(name);
        return files.texts.get(name) ?? null;
      }),
    files: (chosen) => files.all({ ...recorded(), lines }, chosen),
  });
  const checkOpen = (lease: Lease) => {
    if (!leases.has(lease)) throw new TypeError(`Cannot write to the run "${place}": it is closed`);
  };
  const writer = (resumed: boolean, lease: Lease): RunWriter => {
    return {
      ...reader(),
      get manifest() {
        return recorded().manifest;
      },
      get log() {
        return recorded().log;
      },
      resumed,
      store: whileOpen(store, (stream) => {
        checkOpen(lease);
        if (lease.isShared && claims.get(stream) !== lease) throw claimLost(stream);
      }),
      record: (event, atMs) =>
        Promise.try(() => {
          checkOpen(lease);
          if (imported !== null) return false;
          add(event, atMs);
          return true;
        }),
      keepInputs: (added) =>
        Promise.try(() => {
          checkOpen(lease);
          files.keep(added);
        }),
      writeText: (name, text) =>
        Promise.try(() => {
          checkOpen(lease);
          checkTextName(name);
          files.texts.set(name, text);
        }),
      appendText: (name, line) =>
        Promise.try(() => {
          checkOpen(lease);
          checkTextName(name);
          if (line.includes("\n")) {
            throw new RangeError(`Cannot append to "${name}": the line contains a newline`);
          }
          files.texts.set(name, `${files.texts.get(name) ?? ""}${line}\n`);
        }),
      close: () => Promise.resolve(void leases.delete(lease)),
    };
  };
  const leased = <Run>(
    { part, isShared = false }: Partial<Lease>,
    open: (lease: Lease) => Run,
  ): Promise<Run> =>
    Promise.try(() => {
      const lease = { part, isShared };
      for (const other of leases) if (!canShare(lease, other)) throw inUse(place);
      leases.add(lease);
      try {
        return open(lease);
      } catch (error) {
        leases.delete(lease);
        throw error;
      }
    });
  /** Returns whether the run existed before. */
  const describe = (run: RunDescription): boolean => {
    const { manifest, nowMs } = run;
    const resumed = log !== null || imported !== null;
    if (!resumed) add({ type: "RunCreated", data: manifest }, nowMs);
    const held = recorded();
    refuseOtherRun(place, held, manifest);
    files.keep(run.inputs ?? new Map());
    for (const event of growthOf(held.manifest, manifest)) add(event, nowMs);
    if (sha256(run.experimentText) === recorded().manifest.experiment.sha256) {
      experimentText = run.experimentText;
    }
    return resumed;
  };
  const reach = ({ reached, nowMs }: Reaching) => {
    const { log: state, manifest } = recorded();
    refuseMixedUp(place, state, reached);
    for (const event of newAddresses(manifest, reached)) add(event, nowMs);
  };
  const shared = (resumed: boolean, lease: Lease): SharedRun => {
    const run = writer(resumed, lease);
    return {
      ...run,
      get manifest() {
        return run.manifest;
      },
      get log() {
        return run.log;
      },
      claim: (stream) =>
        Promise.try(() => {
          checkOpen(lease);
          claims.set(stream, lease);
        }),
      unclaim: (stream) => Promise.resolve(void (claims.get(stream) === lease && claims.delete(stream))),
    };
  };

  return {
    place,
    open: (run, { part } = {}) =>
      leased({ part }, (lease) => recordingEnds(writer(describe(run), lease), now)),
    reopen: ({ part, reaching } = {}) =>
      leased({ part }, (lease) => {
        recorded();
        if (reaching !== undefined) reach(reaching);
        return recordingEnds(writer(true, lease), now);
      }),
    join: ({ run, reaching } = {}) =>
      leased({ isShared: true }, (lease) => {
        const resumed = run === undefined || describe(run);
        recorded();
        if (reaching !== undefined) reach(reaching);
        return recordingEnds(shared(resumed, lease), now);
      }),
    openImport: (description) =>
      leased({}, (lease) => {
        if (log !== null) {
          throw new RunError(
            "other-experiment",
            `Cannot import into "${place}": it holds the run of an experiment. Choose another folder`,
          );
        }
        const resumed = imported !== null;
        imported ??= importedManifest(place, description);
        const run = writer(resumed, lease);
        return {
          ...run,
          importStream: (stream, lines) => run.store.append(stream, 0, lines),
          flush: () => Promise.resolve(),
          recordImport(sources, plan) {
            imported = { ...imported!, sources: { ...imported!.sources, ...sources }, plan };
            return Promise.resolve();
          },
        };
      }),
    read: () => Promise.try(reader),
    recordLook: (look, atMs) =>
      Promise.try(() => {
        const { log: state } = recorded();
        if (state.kind === "kept" && !hasLook(state.log, look)) {
          add({ type: "ResultsViewed", data: look }, atMs);
        }
      }),
    async withdraw(person, atMs) {
      const { log: state } = recorded();
      await keys.withdraw(person);
      if (state.kind === "kept" && !peopleOf(state.log).withdrew.has(person)) {
        add({ type: "PersonWithdrew", data: { person } }, atMs);
      }
    },
    holders: () => Promise.resolve([...leases].map(() => "this process")),
    pausedModels: () => Promise.resolve([]),
    async receive(copy) {
      if (log !== null || imported !== null) {
        throw new RunError(
          "unusable",
          `Cannot copy a run to "${place}": there is a run. Choose another place`,
        );
      }
      const received = new MemoryFiles();
      const described = await received.receive(copy.files);
      const discussions = await Array.fromAsync(copy.discussions);
      files = received;
      lines = (described.get(DESCRIPTION_FILES.runLog) ?? "").split("\n").slice(0, -1);
      log = runLogAfterAll(null, lines, sha256);
      experimentText = described.get(DESCRIPTION_FILES.experiment) ?? "";
      if (log === null) imported = parseManifest(described.get(DESCRIPTION_FILES.manifest)!, place);
      for (const { stream, lines } of discussions) await store.append(stream, 0, lines);
    },
  };
}
