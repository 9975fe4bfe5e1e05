/**
 * Simulates many seeds, and counts the faults that occurred. Then simulates worlds in which several workers share a database.
 * Usage: [--seeds N] [--shared N] [--seed FIRST]
 */
import {
  FAULTS,
  REACTIONS,
  simulate,
  simulateWorkers,
  SimulationFailure,
  type SimulationReport,
  WORKER_FAULTS,
} from "../../core/simulation/mod.ts";
import { SIMULATED_ON } from "../../core/testing/environments.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { formatCount, formatDuration, plural } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { numberOptions, say } from "./number_options.ts";

/** One line of progress is printed for this many seeds. */
const SEEDS_PER_LINE = 1000;

/** The simulation ends after this many failures. */
const FAILURES_MAX = 20;

/** The summary is plain text, so that it can be saved in a file. */
const PLAIN = { isTerminal: false, colours: false, columns: () => Infinity };

type Totals = {
  -readonly [Key in Exclude<keyof SimulationReport, "faults" | "reactions" | "answers">]: number;
};

const { seeds, shared, seed: first } = numberOptions({ seeds: 10_000, shared: 1_000, seed: 0 });
const { sha256, settle } = SIMULATED_ON;
const startedMs = performance.now();
const totals: Totals = { processes: 0, steps: 0, simulatedMs: 0, events: 0 };
const happened = new Map<string, number>();
let failures = 0;

const done = await simulateAll(seeds, async (seed) => {
  const { faults, reactions, answers, ...report } = await simulate(seed, SIMULATED_ON);
  for (const key of Object.keys(totals) as (keyof Totals)[]) totals[key] += report[key];
  add("", faults);
  add("engine: ", reactions);
  add("answer: ", answers);
});
const sharedDone = await simulateAll(shared, async (seed) => {
  const { faults, workers, isBudgetReached } = await simulateWorkers(seed, { sha256, settle });
  add("", {
    "worlds with several workers": 1,
    "their workers": workers,
    "their budgets that were reached": isBudgetReached ? 1 : 0,
  });
  add("shared: ", faults);
});

const { processes, steps, simulatedMs, events } = totals;
const expected = [
  ...(seeds === 0 ? [] : [...FAULTS, ...REACTIONS.map((reaction) => `engine: ${reaction}`)]),
  ...(shared === 0 ? [] : WORKER_FAULTS.map((fault) => `shared: ${fault}`)),
];
const never = expected.filter((what) => !happened.get(what));
const columns = [{ title: "what happened" }, { title: "times", align: "right" as const }];
say(table(PLAIN, columns, [...happened].map(([what, times]) => [what, formatCount(times)])));
if (never.length > 0) say(`Never happened: ${never.join(", ")}\n`);
// Worlds with several workers are not in these totals.
const details = seeds === 0
  ? ""
  : `: ${plural(processes, "process", "processes")}, ${plural(steps, "step")}, ` +
    `${plural(events, "event")} acknowledged, ${formatDuration(simulatedMs)} of simulated time`;
say(
  `${plural(done + sharedDone, "seed")}, ${plural(failures, "failure")}${details}, ` +
    `in ${formatDuration(performance.now() - startedMs)}`,
);
if (failures > 0) Deno.exitCode = EXIT_CODES.findings;

/**
 * Simulates one seed after the other until there were too many failures. Returns the number of simulated
 * seeds.
 */
async function simulateAll(count: number, simulateOne: (seed: number) => Promise<void>): Promise<number> {
  let nth = 0;
  for (; nth < count && failures < FAILURES_MAX; nth++) {
    if (nth > 0 && nth % SEEDS_PER_LINE === 0) {
      say(`${plural(nth, "seed")}, ${plural(failures, "failure")} …`);
    }
    try {
      await simulateOne(first + nth);
    } catch (error) {
      if (!(error instanceof SimulationFailure)) throw error;
      failures++;
      say(error.message);
    }
  }
  return nth;
}

function add(prefix: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, times] of Object.entries(counts)) {
    happened.set(prefix + name, (happened.get(prefix + name) ?? 0) + times);
  }
}
