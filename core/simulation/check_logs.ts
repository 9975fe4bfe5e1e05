/** What logs must be when all is over: valid, replayable, and those of a run that nothing disturbed. */
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
import { type Sha256 } from "../sha256.ts";
import { type EventStore, fixedClock, memoryEventStore, type Model } from "../ports/mod.ts";
import { turnTakingStrategies } from "../turn_taking/mod.ts";
import { answerTo } from "./answers.ts";
import { BrokenPromise } from "./ledger.ts";
import { holdAndJudge } from "./program.ts";
import type { Scenario } from "./scenario.ts";

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
