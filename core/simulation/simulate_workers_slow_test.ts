/** Simulates many seeds, and shows that the simulation finds planted bugs. */
import assert from "node:assert/strict";
import type { LimitBoard } from "../ports/mod.ts";
import { SIMULATED_ON } from "../testing/environments.ts";
import {
  type SentAppend,
  SharedStore,
  simulateWorkers,
  SimulationFailure,
  WORKER_FAULTS,
  type WorkersReport,
  type WorkersSimulationOptions,
} from "./mod.ts";

const SEEDS = 200;

const { sha256, settle } = SIMULATED_ON;
const OPTIONS: WorkersSimulationOptions = { sha256, settle };

class WithoutFence extends SharedStore {
  protected override send(append: SentAppend): Promise<void> {
    return this.database.ask(
      this.life,
      () => this.database.append(append, this.life.name, { token: false, length: true }),
    );
  }
}

class TakesOverWithTheOldToken extends SharedStore {
  protected override takeOver(stream: string): number {
    return this.database.claim(stream, this.life.name, false);
  }
}

class RepeatsBlindly extends SharedStore {
  protected override async afterCut(append: SentAppend): Promise<void> {
    await this.database.ask(
      this.life,
      () => this.database.append(append, this.life.name, { token: true, length: false }),
    );
  }
}

class TakesUnknownForDone extends SharedStore {
  protected override afterCut(): Promise<void> {
    return Promise.resolve();
  }
}

function givesWhatIsWanted(board: LimitBoard): LimitBoard {
  return {
    ...board,
    async exchange(report) {
      const share = await board.exchange(report);
      const rates = Object.entries(report.limits).filter(([, { kind }]) => kind === "rate");
      const limits = Object.fromEntries(rates.map(([name, { wants }]) => [name, wants]));
      return { ...share, limits: { ...share.limits, ...limits } };
    },
  };
}

function ignoresSpending(board: LimitBoard): LimitBoard {
  return {
    ...board,
    exchange(report) {
      const limits = Object.entries(report.limits).map(([name, limit]) =>
        [name, limit.kind === "budget" ? { ...limit, spent: 0 } : limit] as const
      );
      return board.exchange({ ...report, limits: Object.fromEntries(limits) });
    },
  };
}

const BUGS: Readonly<Record<string, Partial<WorkersSimulationOptions>>> = {
  "an append that does not check the claim": { openStore: (...parts) => new WithoutFence(...parts) },
  "a take-over without a new token": { openStore: (...parts) => new TakesOverWithTheOldToken(...parts) },
  "an append of unknown outcome that is repeated blindly": {
    openStore: (...parts) => new RepeatsBlindly(...parts),
  },
  "an append of unknown outcome that counts as done": {
    openStore: (...parts) => new TakesUnknownForDone(...parts),
  },
  "a rate that each worker has for itself": { wrapBoard: givesWhatIsWanted },
  "a budget of which nothing counts as spent": { wrapBoard: ignoresSpending },
};

Deno.test(`with any faults, simulateWorkers() ends with the logs of one undisturbed process, for ${SEEDS} seeds`, async () => {
  const reports: WorkersReport[] = [];
  for (let seed = 0; seed < SEEDS; seed++) reports.push(await simulateWorkers(seed, OPTIONS));
  const never = WORKER_FAULTS.filter((fault) => reports.every(({ faults }) => faults[fault] === 0));
  assert.deepEqual(never, []);
  assert.ok(reports.some(({ slots, inFlightMax }) => slots > 1 && slots === inFlightMax));
  assert.ok(reports.some(({ rateUse }) => rateUse > 0.9));
  assert.ok(reports.some(({ isBudgetReached }) => isBudgetReached));
});

for (const [bug, planted] of Object.entries(BUGS)) {
  Deno.test(`simulateWorkers() finds ${bug}`, async () => {
    await assert.rejects(async () => {
      for (let seed = 0; seed < SEEDS; seed++) await simulateWorkers(seed, { ...OPTIONS, ...planted });
    }, (error) => {
      assert.ok(error instanceof SimulationFailure);
      assert.match(error.message, /deno task simulate --seeds 0 --shared 1 --seed \d+$/);
      return true;
    });
  });
}
