/** A run in which people took part. Functions of the test answer for the people, so no page is needed. */
import { join } from "node:path";
import { annotateDiscussions, Limiter, runDiscussions } from "../../core/engine/mod.ts";
import { pastsOf } from "../../core/experiment/mod.ts";
import { consentsOf } from "../../core/people/mod.ts";
import type { ModelRequest } from "../../core/ports/mod.ts";
import { environmentWith, judgingAnswer, modelThat } from "../../core/testing/mod.ts";
import { headOf } from "../../core/run_log/mod.ts";
import { readExperiment } from "../../adapters/local/mod.ts";
import { prepareRun } from "../../adapters/local/run_experiment.ts";
import { folderRun } from "../../adapters/stores/mod.ts";
import { nativeSha256, systemClock } from "../../adapters/system.ts";

/** Words that only people say in such a run. */
export const SECRETS = ["marzipan", "zanzibar"] as const;

/** What Ann says. One of the programs quotes it. */
export const CONFESSION = `I confess that I once stole all the ${SECRETS[0]} of my aunt`;

const EXPERIMENT = `
name: peopled
seed: 4
models:
  person: { adapter: human }
  program: { adapter: scripted }
participants: { model: [person, program], personas: [{ name: Ann }, { name: Bob }], pinned: [Ann, Bob] }
openings: [[{ author: Bob, text: Begin. }]]
discussion: { turns: 6, history: 2, turnTaking: round-robin }
design: { replications: 2 }
people: { consent: consent.md }
annotation:
  annotators:
    - { model: person, name: Rita }
    - { model: program, name: judge }
  history: 1
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: How toxic? }
    why: { type: text, question: Why? }
`;

/**
 * Runs two discussions between Ann, who is a person in some seats, and Bob, and rates all comments. Returns
 * the run's folder and the names of its people.
 */
export async function peopledRun(
  cwd: string,
): Promise<Readonly<{ run: string; persons: readonly string[] }>> {
  await Deno.writeTextFile(join(cwd, "consent.md"), "I agree that my words are stored.\n");
  const loaded = await readExperiment({ path: "peopled.yaml", text: EXPERIMENT, folder: cwd });
  const out = join(cwd, "runs", "peopled");
  await prepareRun(loaded, { out });
  const run = await folderRun(out).reopen();
  const consents = consentsOf(run, loaded.experiment.people, systemClock);
  const persons = new Set<string>();
  const agreeing = async (person: string) => {
    if (consents.consentNeeded(person) !== null) await consents.recordConsent(person);
    persons.add(person);
  };
  const person = modelThat(async ({ origin: { discussion, speaker, role, turn } }) => {
    await agreeing(role === "annotator" ? speaker : `${discussion}/${speaker}`);
    const words = `${CONFESSION}, ${turn} times`;
    return {
      text: role === "annotator" ? `{"toxicity": 2, "why": "${SECRETS[1]}"}` : words,
      finishReason: "sent",
    };
  });
  const program = modelThat((request: ModelRequest) =>
    request.origin.role === "annotator"
      ? judgingAnswer(request)
      : request.origin.turn === 3
      ? `You said: "${CONFESSION}"`
      : `I, ${request.origin.speaker}, disagree ${request.origin.turn}`
  );
  const environment = {
    ...environmentWith({ store: run.store, clock: systemClock, rules: loaded.rules }),
    past: pastsOf(loaded.plan),
    ...(run.log.kind === "kept" ? { runLog: headOf(run.log.log) } : {}),
    models: (name: string) =>
      name === "person"
        ? { model: person, limiter: new Limiter(4), asksPeople: true }
        : { model: program, limiter: new Limiter(4) },
  };
  await runDiscussions(loaded.plan, environment, { concurrency: 1 });
  const design = { ...loaded.experiment.annotation!.design, retries: 0, requests: "together" as const };
  await annotateDiscussions(() => run.store.streams(), design, {
    concurrency: 1,
    environment: { ...environment, sha256: nativeSha256 },
  });
  await run.close();
  return { run: out, persons: [...persons].sort() };
}
