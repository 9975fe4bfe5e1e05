/** Checks the logs of a simulation: no acknowledged event is lost, and the result equals an undisturbed run. */
import { type EventStore, fixedClock, memoryEventStore, type Model } from "../ports/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { eventOf, type StoredLine } from "../events/mod.ts";
import { linesIn, type SimulatedDisk } from "./simulated_store.ts";
import {
  type Environment,
  type LimitedModel,
  Limiter,
  readStream,
  RETRY_POLICY,
  verifyReplay,
} from "../engine/mod.ts";
import { verifyStream } from "../events/verify_stream.ts";
import { moderationSchedules } from "../moderation/mod.ts";
import { turnTakingStrategies } from "../turn_taking/mod.ts";
import { wrongIntervention } from "./interventions.ts";
import { answerTo, runAndAnnotate, type Scenario } from "./scenario.ts";

/** Something that must never happen has happened. */
export class BrokenPromise extends Error {
  /** Identifies errors of this class. */
  override readonly name = "BrokenPromise";
}

/** Records the lines that a store has acknowledged. */
export class Ledger {
  /** Stream → sequence number → acknowledged line. */
  readonly #acknowledged = new Map<string, Map<number, StoredLine>>();
  /** Stream and sequence number → all lines that the engine ever tried to append there. */
  readonly #offered = new Map<string, Set<StoredLine>>();

  get events(): number {
    return [...this.#acknowledged.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Wraps a store, and records the lines that it acknowledges. */
  witness(store: EventStore): EventStore {
    return {
      append: async (stream, expectedSeq, lines) => {
        for (const [index, line] of lines.entries()) this.#offer(stream, expectedSeq + index, line);
        await store.append(stream, expectedSeq, lines);
        const acknowledged = this.#acknowledged.get(stream) ?? new Map<number, StoredLine>();
        for (const [index, line] of lines.entries()) acknowledged.set(expectedSeq + index, line);
        this.#acknowledged.set(stream, acknowledged);
      },
      read: (stream, from) => store.read(stream, from),
      follow: (stream, options) => store.follow(stream, options),
      streams: () => store.streams(),
      sizes: (streams) => store.sizes(streams),
      release: (stream) => store.release(stream),
    };
  }

  /** Throws if the disk lacks an acknowledged event, or has a line that the engine never tried to append there. */
  check(disk: SimulatedDisk): void {
    for (const [stream, acknowledged] of this.#acknowledged) {
      const lines = linesIn(disk.find(stream)?.bytes ?? new Uint8Array());
      for (const [seq, line] of acknowledged) {
        if (lines[seq] !== line) {
          throw new BrokenPromise(`the acknowledged event ${seq} of "${stream}" is lost`);
        }
      }
      const foreign = lines.findIndex((line, seq) => !this.#offered.get(positionOf(stream, seq))?.has(line));
      if (foreign !== -1) {
        throw new BrokenPromise(`line ${foreign + 1} of "${stream}" was never written there`);
      }
    }
  }

  #offer(stream: string, seq: number, line: StoredLine): void {
    const position = positionOf(stream, seq);
    const offered = this.#offered.get(position) ?? new Set();
    this.#offered.set(position, offered.add(line));
  }
}

function positionOf(stream: string, seq: number): string {
  return `${seq} ${stream}`;
}

type EnvironmentParts =
  & Pick<Environment, "store" | "clock">
  & Readonly<{ limited: (model: string) => LimitedModel; sha256: Sha256 }>;

export function environmentOf({ store, clock, limited, sha256 }: EnvironmentParts): Environment {
  return { store, models: limited, rules: rulesWith(sha256), clock, retry: RETRY_POLICY };
}

function rulesWith(sha256: Sha256): Environment["rules"] {
  return { strategies: turnTakingStrategies(), schedules: moderationSchedules(), sha256 };
}

/** Runs the same scenario without any fault. Returns the store with its logs. */
export async function undisturbed(
  scenario: Scenario,
  { sha256, alter }: Readonly<{ sha256: Sha256; alter: (environment: Environment) => Environment }>,
): Promise<EventStore> {
  const store = memoryEventStore();
  const model: Model = { generate: (request) => Promise.resolve(answerTo(request).reply) };
  const limited = { model, limiter: new Limiter(scenario.slots) };
  const environment = environmentOf({ store, clock: fixedClock(), limited: () => limited, sha256 });
  const { isDone } = await runAndAnnotate(scenario, alter(environment));
  if (!isDone) throw new BrokenPromise("the scenario does not finish, even without faults");
  return store;
}

/**
 * Checks each log of a finished scenario. Throws an error if the log is damaged, does not replay, or differs
 * from its log in `expected`.
 */
export async function checkLogs(
  store: EventStore,
  expected: EventStore,
  { scenario, sha256 }: Readonly<{ scenario: Scenario; sha256: Sha256 }>,
): Promise<void> {
  const rules = rulesWith(sha256);
  for (const design of scenario.designs) {
    const { id } = design;
    const { damage, ended } = await verifyStream(id, store.read(id), sha256);
    if (damage !== null) {
      throw new BrokenPromise(`line ${damage.lineNumber} of "${id}" is damaged: ${damage.message}`);
    }
    if (!ended) throw new BrokenPromise(`"${id}" has not ended`);
    const { divergences: [divergence] } = await verifyReplay(readStream(store, id, sha256), rules);
    if (divergence !== undefined) {
      const { seq, what, logged, replayed } = divergence;
      throw new BrokenPromise(
        `event ${seq} of "${id}" replays differently: ${what} was ${logged}, is now ${replayed}`,
      );
    }
    const events = await Array.fromAsync(readStream(store, id, sha256), eventOf);
    const wrong = wrongIntervention(design, events);
    if (wrong !== null) throw new BrokenPromise(`the interventions of "${id}" are wrong: ${wrong}`);
    const [ours, theirs] = [await contentOf(store, id), await contentOf(expected, id)];
    const at = theirs.findIndex((event, seq) => ours[seq] !== event);
    if (at !== -1 || ours.length !== theirs.length) {
      throw new BrokenPromise(
        `"${id}" differs from the undisturbed run:\n  ${ours.at(at)}\n  ${theirs.at(at)}`,
      );
    }
  }
}

/** `type` and `data` of all events except failed requests, whose number depends on the faults. */
async function contentOf(store: EventStore, stream: string): Promise<string[]> {
  const content: string[] = [];
  for await (const line of store.read(stream)) {
    const { type, data } = JSON.parse(line);
    if (type !== "GenerationFailed" && type !== "AnnotationFailed") {
      content.push(JSON.stringify({ type, data }));
    }
  }
  return content;
}
