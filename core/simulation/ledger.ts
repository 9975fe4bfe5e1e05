import { type EventStore, fixedClock, memoryEventStore, type Model } from "../ports/mod.ts";
import type { Sha256 } from "../sha256.ts";
import type { StoredLine } from "../events/codec.ts";
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
import { answerTo } from "./answers.ts";
import { holdAndJudge, type Scenario } from "./scenario.ts";

/** What must be true of a store whatever happens: kept beside the engine and the store, and compared with the disk. */

/** Something that must never happen has happened. */
export class BrokenPromise extends Error {
  /** Tells it from other errors. */
  override readonly name = "BrokenPromise";
}

/** What stores have promised. */
export class Ledger {
  /** What was acknowledged, stream by stream and place by place. */
  readonly #acknowledged = new Map<string, Map<number, StoredLine>>();
  /** What the engine ever tried to append at each place. */
  readonly #offered = new Map<string, Set<StoredLine>>();

  /** How many events were acknowledged. */
  get events(): number {
    return [...this.#acknowledged.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** The same store, but for what it promises being written down. */
  witness(store: EventStore): EventStore {
    return {
      append: async (stream, expectedSeq, lines) => {
        for (const [index, line] of lines.entries()) this.#offer(stream, expectedSeq + index, line);
        await store.append(stream, expectedSeq, lines);
        const acknowledged = this.#acknowledged.get(stream) ?? new Map<number, StoredLine>();
        for (const [index, line] of lines.entries()) acknowledged.set(expectedSeq + index, line);
        this.#acknowledged.set(stream, acknowledged);
      },
      read: (stream) => store.read(stream),
      streams: () => store.streams(),
      release: (stream) => store.release(stream),
    };
  }

  /**
   * Compares the disk with what was promised.
   *
   * @throws {BrokenPromise} When an acknowledged event is lost, or a line is there that nobody wrote in its place.
   */
  check(disk: SimulatedDisk): void {
    for (const [stream, acknowledged] of this.#acknowledged) {
      const lines = linesIn(disk.find(stream)?.bytes ?? new Uint8Array());
      for (const [seq, line] of acknowledged) {
        if (lines[seq] !== line) {
          throw new BrokenPromise(`the acknowledged event ${seq} of "${stream}" is lost`);
        }
      }
      const foreign = lines.findIndex((line, seq) => !this.#offered.get(placeOf(stream, seq))?.has(line));
      if (foreign !== -1) {
        throw new BrokenPromise(`line ${foreign + 1} of "${stream}" was never written there`);
      }
    }
  }

  #offer(stream: string, seq: number, line: StoredLine): void {
    const place = placeOf(stream, seq);
    const offered = this.#offered.get(place) ?? new Set();
    this.#offered.set(place, offered.add(line));
  }
}

function placeOf(stream: string, seq: number): string {
  return `${seq} ${stream}`;
}

/** What logs must be when all is over: valid, replayable, and those of a run that nothing disturbed. */

/** What differs between environments. */
export type EnvironmentParts =
  & Pick<Environment, "store" | "clock">
  & Readonly<{ limited: (model: string) => LimitedModel; sha256: Sha256 }>;

/** What discussions of a simulation are held with. */
export function environmentOf({ store, clock, limited, sha256 }: EnvironmentParts): Environment {
  const rules = { strategies: turnTakingStrategies(), schedules: moderationSchedules(), sha256 };
  return { store, models: limited, rules, clock, retry: RETRY_POLICY };
}

/**
 * The store of a run of the same scenario in which nothing goes wrong.
 *
 * @param scenario What is held.
 * @param options The hash function, and what is changed in the program's environment.
 */
export async function undisturbed(
  scenario: Scenario,
  { sha256, alter }: Readonly<{ sha256: Sha256; alter: (environment: Environment) => Environment }>,
): Promise<EventStore> {
  const store = memoryEventStore();
  const model: Model = { generate: (request) => Promise.resolve(answerTo(request).reply) };
  const limited = { model, limiter: new Limiter(scenario.slots) };
  const environment = environmentOf({ store, clock: fixedClock(), limited: () => limited, sha256 });
  const { isDone } = await holdAndJudge(scenario, alter(environment));
  if (!isDone) throw new BrokenPromise("the scenario itself cannot be carried out");
  return store;
}

/**
 * Checks the logs of a scenario that was carried out.
 *
 * @param store Where they are.
 * @param expected The logs of an undisturbed run.
 * @param scenario What was carried out.
 * @param sha256 The hash function.
 * @throws {BrokenPromise} When a log is not what it must be.
 */
export async function checkLogs(
  store: EventStore,
  expected: EventStore,
  { scenario, sha256 }: Readonly<{ scenario: Scenario; sha256: Sha256 }>,
): Promise<void> {
  const rules = { strategies: turnTakingStrategies(), schedules: moderationSchedules(), sha256 };
  for (const { id } of scenario.designs) {
    const { damage, ended } = await verifyStream(id, store.read(id), sha256);
    if (damage !== null) {
      throw new BrokenPromise(`line ${damage.lineNumber} of "${id}" is damaged: ${damage.message}`);
    }
    if (!ended) throw new BrokenPromise(`"${id}" has not ended`);
    const { divergences: [divergence] } = await verifyReplay(readStream(store, id, sha256), rules);
    if (divergence !== undefined) {
      const { seq, what, logged, replayed } = divergence;
      throw new BrokenPromise(
        `event ${seq} of "${id}" replays differently: ${what} ${logged}, again ${replayed}`,
      );
    }
    const [ours, theirs] = [await contentOf(store, id), await contentOf(expected, id)];
    const at = theirs.findIndex((event, place) => ours[place] !== event);
    if (at !== -1 || ours.length !== theirs.length) {
      throw new BrokenPromise(
        `"${id}" differs from the undisturbed run:\n  ${ours.at(at)}\n  ${theirs.at(at)}`,
      );
    }
  }
}

/** `type` and `data` of the events but for failed requests, of which the faults decide how many there are. */
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
