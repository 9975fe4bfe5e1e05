/** Small experiments for tests, and readers of the program's output. */

/** Parses lines of JSON. Throws on any other line. */
// deno-lint-ignore no-explicit-any -- tests look into objects of many shapes
export function jsonLines(text: string): any[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

export function experiment(model: string, turns = 4): string {
  return `name: tiny
seed: 7
models: { m: ${model} }
participants: { model: m, personas: [{ name: Anna }, { name: Ben }, { name: Chloe }] }
discussion: { turns: ${turns} }
design: { replications: 3 }
`;
}

/** An experiment of one discussion with two turns. */
export const SMALL = `name: own
seed: 1
models: { m: { adapter: scripted } }
participants: { model: m, personas: [{ name: Ann }, { name: Bob }] }
discussion: { turns: 2 }
`;

/** A turn-taking strategy for a file that an experiment names. */
export const RULE = 'export default { name: "rule", select: (view) => view.turn % 2 };';

/** A model adapter for a file that an experiment names. */
export const ADAPTER = `export default {
  serviceOptions: ["speed"],
  create: () => ({ generate: () => Promise.resolve({ text: "Hm.", finishReason: "stop" }) }),
};`;

/**
 * A model for annotators. Two replies are bare values, one reply has a value in a sentence, and one has no
 * value.
 */
export const JUDGE = '{ adapter: scripted, annotatorReplies: ["1", "**4**", "I would say 3.", "No idea."] }';

/** Annotators and scales for an annotation file or for the section of an experiment file. */
export const ANNOTATION =
  `annotators: { model: judge, personas: [{ name: Rita, age: 50 }, { name: Sam, age: 20 }] }
targets: participants
retries: 1
scales:
  toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is the last comment? }
  calm: { type: ordinal, min: 1, max: 5, question: How calm is the last comment? }
`;

export function annotationFile(judge = JUDGE, annotation = ANNOTATION): string {
  return `models: { judge: ${judge} }\n${annotation}`;
}

export function annotatedExperiment(judge = JUDGE, model = "{ adapter: scripted }"): string {
  const section = ANNOTATION.trimEnd().split("\n").map((line) => `  ${line}\n`).join("");
  return `${experiment(model).replace("models: {", `models: { judge: ${judge},`)}annotation:\n${section}`;
}

/** All files in a folder and its sub-folders: path → text. Leaves out locks, because they name the last process. */
export async function filesIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) { for (const entry of await filesIn(path)) files.set(...entry); }
    else if (!name.endsWith(".lock")) files.set(path, await Deno.readTextFile(path));
  }
  return files;
}

/** An experiment file with moderated and unmoderated discussions of ten turns, and annotations of their comments. */
export function judgedExperiment(model: string, replications = 6): string {
  return `
name: rated
seed: 2026
models:
  talker: ${model}
  judge: { adapter: scripted, annotatorReplies: ["1", "2", "3", "no idea", "2 or 3"], latencyMs: [2, 30] }
participants:
  model: talker
  personas: [{ name: Ada }, { name: Ben }, { name: Cleo }, { name: Dan }, { name: Eve }]
  count: 4
  roles: [{ name: sceptic, probability: 0.5, instructions: Doubt everything. }]
openings: [Should trams be free?, [Parks need lights., Parks need darkness.]]
discussion:
  turns: 10
  turnTaking: { strategy: respond, probability: 0.4 }
moderators:
  host: { model: talker, instructions: Keep the peace., schedule: { every: 3 } }
design:
  factors: { moderator: [none, host] }
  replications: ${replications}
annotation:
  pass: mood
  annotators: { model: judge, personas: [{ name: Rita }, { name: Sam }] }
  targets: { of: all, perDiscussion: 4 }
  retries: 2
  scales: { mood: { type: ordinal, min: 1, max: 3, question: How friendly is the last comment? } }
`;
}

/**
 * An experiment file with discussions of four turns, with and without a moderator.
 *
 * @param analysis Its last section.
 */
export function moderatedExperiment(replications: number, analysis: string): string {
  return `name: moderated
seed: 1
models: { m: { adapter: scripted } }
participants: { model: m, personas: [{ name: Ann }, { name: Ben }, { name: Cem }] }
discussion: { turns: 4 }
moderators: { host: { model: m, instructions: Be kind., schedule: every-turn } }
design: { replications: ${replications}, factors: { moderator: [none, host] } }
${analysis}`;
}
