/** Simulates many seeds, and counts the faults that occurred. Usage: [--seeds N] [--seed FIRST] */
import {
  FAULTS,
  REACTIONS,
  simulate,
  SimulationFailure,
  type SimulationReport,
} from "../../core/simulation/mod.ts";
import { SIMULATED_ON } from "../../core/testing/environments.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { formatCount, formatDuration, plural } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { numberOptions, say } from "./number_options.ts";

/** Progress is reported once per this many seeds. */
const SEEDS_PER_LINE = 1000;

/** The simulation ends after this many failures. */
const FAILURES_MAX = 20;

/** The summary is plain text, so that it can be saved in a file. */
const PLAIN = { isTerminal: false, colours: false, columns: () => Infinity };

type Totals = {
  -readonly [Key in Exclude<keyof SimulationReport, "faults" | "reactions" | "answers">]: number;
};

const { seeds, seed: first } = numberOptions({ seeds: 10_000, seed: 0 });
const startedMs = performance.now();
const totals: Totals = { processes: 0, steps: 0, simulatedMs: 0, events: 0 };
const happened = new Map<string, number>();
let failures = 0;

let done = 0;
for (let seed = first; done < seeds && failures < FAILURES_MAX; seed++) {
  try {
    const { faults, reactions, answers, ...report } = await simulate(seed, SIMULATED_ON);
    for (const key of Object.keys(totals) as (keyof Totals)[]) totals[key] += report[key];
    add("", faults);
    add("engine: ", reactions);
    add("answer: ", answers);
  } catch (error) {
    if (!(error instanceof SimulationFailure)) throw error;
    failures++;
    say(error.message);
  }
  done++;
  if (done % SEEDS_PER_LINE === 0 && done < seeds) {
    say(`${plural(done, "seed")}, ${plural(failures, "failure")} …`);
  }
}

const { processes, steps, simulatedMs, events } = totals;
const never = [...FAULTS, ...REACTIONS.map((reaction) => `engine: ${reaction}`)]
  .filter((what) => !happened.get(what));
const columns = [{ title: "what happened" }, { title: "times", align: "right" as const }];
say(table(PLAIN, columns, [...happened].map(([what, times]) => [what, formatCount(times)])));
if (never.length > 0) say(`Never happened: ${never.join(", ")}\n`);
say(
  `${plural(done, "seed")}, ${plural(failures, "failure")}: ${plural(processes, "process", "processes")}, ` +
    `${plural(steps, "step")}, ${plural(events, "event")} acknowledged, ${
      formatDuration(simulatedMs)
    } of simulated ` +
    `time, in ${formatDuration(performance.now() - startedMs)}`,
);
if (failures > 0) Deno.exitCode = EXIT_CODES.findings;

function add(prefix: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, times] of Object.entries(counts)) {
    happened.set(prefix + name, (happened.get(prefix + name) ?? 0) + times);
  }
}
