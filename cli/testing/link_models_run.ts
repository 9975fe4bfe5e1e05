/**
 * Makes a run with a yes/no scale and an ordinal scale, whose values depend on moderator, model, turn,
 * replicate and discussion. As a program, it also exports the flat table, for analysis/testing/link_run_reference.R:
 *
 *     deno run --allow-all cli/testing/link_models_run.ts <folder>
 */
import { join } from "node:path";
import { succeeds } from "./rated_run.ts";

/** Participants write a number: the strength of their comment. Annotators read it, and sometimes have no answer. */
const ADAPTER = `
/** A number from 0 to 1, the same for equal texts. */
function uniform(text) {
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0), 16777619) >>> 0;
  for (const shift of [15, 13, 16]) hash = Math.imul(hash ^ (hash >>> shift), 2246822519) >>> 0;
  return (hash + 0.5) / 2 ** 32;
}

const logistic = (text) => Math.log(uniform(text) / (1 - uniform(text)));

function reply({ messages, origin, seed }, push) {
  const { discussion, turn, role } = origin;
  if (role === "annotator") {
    // Openings have no strength.
    const numbers = messages.at(-1).content.match(/strength -?[0-9.]+/g) ?? ["strength 0"];
    const strength = Number(numbers.at(-1).slice("strength ".length));
    const scale = messages.some(({ content }) => content.includes("rude")) ? "rude" : "tone";
    // The same question always gets the same reply, so asking it again gives no answer.
    if (uniform("gap " + scale + discussion + turn) < 0.06) return "no idea";
    return scale === "rude"
      ? strength > 0.7 ? "yes" : "no"
      : String([-0.8, 0.5, 1.8].filter((cut) => strength > cut).length + 1);
  }
  if (role === "moderator") return "Please stay calm.";
  const host = discussion.startsWith("host") ? 1 : 0;
  const [, replicate] = discussion.split(".");
  const strength = push - 0.5 * host + 0.5 * logistic(replicate) + 0.4 * logistic(discussion) + logistic("noise" + seed) +
    (0.12 - 0.1 * host) * turn;
  return "I say this with strength " + strength.toFixed(2);
}

export default {
  create({ options }) {
    return {
      generate: (request) =>
        Promise.resolve({ text: reply(request, Number(options.push ?? 0)), finishReason: "stop" }),
    };
  },
};
`;

const EXPERIMENT = `
name: link-models
seed: 11
models:
  mild: { adapter: ./strength.js }
  blunt: { adapter: ./strength.js, push: 0.9 }
participants: { model: mild, personas: [{ name: Ada }, { name: Ben }, { name: Cleo }], instructions: Discuss. }
openings: [Should trams be free?]
discussion: { turns: 9 }
moderators: { host: { model: mild, instructions: Keep the peace., schedule: { every: 3 } } }
design:
  factors:
    moderator: [none, host]
    participants.model: { label: model, levels: [mild, blunt] }
  replications: 6
annotation:
  pass: raters
  annotators: { model: mild, personas: [{ name: Rita }] }
  scales:
    rude: { type: boolean, question: Is the last comment rude? }
    tone: { type: ordinal, min: 1, max: 4, question: How sharp is the tone of the last comment? }
analysis:
  question: Does a host change how people talk?
  reference: { moderator: none, model: mild }
  outcomes: [rude, tone]
  effects: [moderator, "moderator:turn"]
  adjust: [model]
  model: { rude: logistic, tone: ordinal }
  slopes: true
  margin: { rude: 2, tone: 2 }
`;

/** @returns The folder of the run. */
export async function linkModelsRun(folder: string): Promise<string> {
  await Deno.writeTextFile(join(folder, "strength.js"), ADAPTER);
  await Deno.writeTextFile(join(folder, "e.yaml"), EXPERIMENT);
  const run = join(folder, "run");
  await succeeds("run", join(folder, "e.yaml"), "--out", run, "--quiet");
  return run;
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) throw new TypeError("Cannot make a run: expected a folder");
  const run = await linkModelsRun(folder);
  await succeeds("export", run, "--to", join(folder, "flat"), "--format", "csv", "--tables", "flat");
}
