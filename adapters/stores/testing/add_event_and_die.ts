/**
 * Adds an event to a run's log and is killed before the manifest follows: `RunCreated` of a new run, or a plan of so
 * many discussions. Usage: FOLDER [DISCUSSIONS]
 */
import { makeRunFolder } from "../run_files.ts";
import { addToRunLog, readRunLog } from "../run_log.ts";
import { sampleRun } from "./sample_run.ts";

const [folder, discussions] = Deno.args;
const { manifest, nowMs } = sampleRun();
await makeRunFolder(folder!);
const state = readRunLog(folder!, null);
const log = state.kind === "kept" ? state.log : null;
const plan = { ...manifest.plan, discussions: Number(discussions) };
const event = log === null
  ? { type: "RunCreated", data: manifest } as const
  : { type: "PlanExtended", data: { experiment: manifest.experiment, plan } } as const;
await addToRunLog(folder!, log, { event, nowMs });
Deno.kill(Deno.pid, "SIGKILL");
