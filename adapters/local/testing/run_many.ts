/**
 * Plans and runs many discussions in a process of its own. Prints a JSON list of the bytes of resident memory after
 * each tenth of the discussions.
 */
import { fileURLToPath } from "node:url";
import { RETRY_POLICY, runDiscussions, type RunNotice } from "../../../core/engine/mod.ts";
import type { EventStore } from "../../../core/ports/mod.ts";
import { readExperiment } from "../load_experiment.ts";
import { openModels } from "../open_models.ts";
import { systemClock } from "../../system.ts";

const DISCUSSIONS = 100_000;

/** Keeps nothing, so that all memory is the engine's own. */
const forgetful: EventStore = {
  append: () => Promise.resolve(),
  async *read() {},
  async *follow() {},
  async *streams() {},
  async *sizes() {},
  release() {},
};

const { plan, rules, adapters } = await readExperiment({
  path: "memory.yaml",
  folder: fileURLToPath(new URL("../../../fixtures/quickstart", import.meta.url)),
  text: `
name: memory
seed: 1
models: { talker: { adapter: scripted } }
participants: { model: talker, personas: personas.json, count: 4 }
openings: openings.yaml
discussion: { turns: 3 }
design: { factors: { discussion.history: [1, 3] }, replications: ${DISCUSSIONS / 2} }
`,
});

const models = await openModels(
  plan.conditions.flatMap(({ variants }) => variants.flatMap(({ models }) => Object.entries(models))),
  { adapters, folder: "." },
);
let ended = 0;
const bytes: number[] = [];
const notify = ({ kind }: RunNotice) => {
  if (kind === "ended" && ++ended % (DISCUSSIONS / 10) === 0) bytes.push(Deno.memoryUsage().rss);
};
const environment = {
  store: forgetful,
  models: models.lookUp,
  rules,
  clock: systemClock,
  retry: RETRY_POLICY,
};
await runDiscussions(plan, environment, { concurrency: 64, notify });
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(bytes)}\n`));
