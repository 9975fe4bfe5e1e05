/** Runs an experiment in a process of its own, and prints the peak memory of the process in bytes. Needs Linux. */
import { RETRY_POLICY } from "../../../core/engine/mod.ts";
import { runExperiment } from "../run_experiment.ts";

const [file, out] = Deno.args;
await runExperiment(file!, { out: out!, retry: { ...RETRY_POLICY, waitMs: 1 } });
const status = await Deno.readTextFile("/proc/self/status");
const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status)!;
await Deno.stdout.write(new TextEncoder().encode(String(Number(kilobytes) * 1024)));
