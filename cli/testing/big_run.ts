/**
 * Makes a big run for benchmarks: discussions of 30 comments under four matched conditions, each comment annotated by three
 * annotators on two scales. The engine runs this experiment with models that answer at once.
 *
 *     deno run --allow-all cli/testing/big_run.ts <folder> [<replications>]
 */
import { readExperiment, runExperiment } from "../../adapters/local/mod.ts";

/** With four conditions, there are a thousand discussions. */
export const REPLICATIONS = 250;

const experimentOf = (replications: number) => `
name: big
seed: 2026
models:
  talker: { adapter: ./talker.ts, cost: { input: 0.4, output: 1.6 } }
  judge: { adapter: scripted }
participants:
  model: talker
  personas: [{ name: Ada }, { name: Ben }, { name: Cleo }, { name: Dan }, { name: Eve }, { name: Finn }]
  count: 5
  instructions: Write one comment.
  roles: [{ name: sceptic, probability: 0.3, instructions: Doubt everything. }]
openings: [Should trams be free?, Should parks be lit at night?]
discussion: { turns: 15, turnTaking: { strategy: respond, probability: 0.4 } }
moderators:
  gentle: { model: talker, instructions: Keep the peace., schedule: every-turn }
  strict: { model: talker, instructions: Keep to the rules., schedule: every-turn }
moderator: gentle
design:
  factors:
    moderator: [gentle, strict]
    participants.instructions: [Write one comment., Write one angry comment.]
  replications: ${replications}
annotation:
  pass: mood
  annotators: { model: judge, personas: [{ name: Rita }, { name: Sam }, { name: Tess }] }
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is the last comment? }
    quality: { type: ordinal, min: 1, max: 5, question: How good is the argument? }
`;

export async function makeBigRun(out: string, replications: number = REPLICATIONS): Promise<void> {
  const text = experimentOf(replications);
  const experiment = await readExperiment({ path: "big.yaml", text, folder: import.meta.dirname! });
  const { ended, planned, annotation } = await runExperiment(experiment, { out });
  if (ended !== planned || annotation?.cutShort !== null) {
    throw new Error("Cannot make the run: it was cut short");
  }
}

if (import.meta.main) {
  const [folder, replications = REPLICATIONS] = Deno.args;
  if (folder === undefined) throw new TypeError("Cannot make a run: expected a folder");
  await makeBigRun(folder, Number(replications));
}
