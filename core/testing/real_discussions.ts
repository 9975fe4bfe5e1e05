/** Published discussions of three open models, for tests on real data. They are not in this repository. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DiscussionEvent } from "../events/mod.ts";
import { designWith, moderatorWith, participantsNamed } from "./designs.ts";
import { passWith } from "./passes.ts";

/** The folder that `SYNDISCO_VMD` names; by default, a folder beside the repository. */
const FOLDER = Deno.env.get("SYNDISCO_VMD") ?? join(import.meta.dirname!, "../../../shared/vmd");

const ARE_HERE = existsSync(FOLDER);

/**
 * The name of a test that needs the discussions. If they are missing, the test is skipped, and its name says
 * why.
 */
export function onRealDiscussions(name: string): Readonly<{ name: string; ignore: boolean }> {
  const why = " (skipped: the published discussions are not here; set SYNDISCO_VMD to their folder)";
  return { name: ARE_HERE ? name : name + why, ignore: !ARE_HERE };
}

/** One entry of a log, as the Python library wrote it. */
export type RealEntry = Readonly<{ name: string; text: string; model: string }>;

/** One discussion, as the Python library wrote it. */
export type RealDiscussion = Readonly<{
  id: string;
  /** The name of its folder: `<model>_<condition>`. */
  folder: string;
  users: readonly string[];
  moderator: string | null;
  logs: readonly RealEntry[];
}>;

/** Whether an entry is an opening comment, which no model generated. */
export function isOpening({ model }: RealEntry): boolean {
  return model === "hardcoded";
}

/** Whether an entry is silence: it has only quotation marks and spaces. */
export function isSilence({ text }: RealEntry): boolean {
  return /^[\s"']*$/.test(text);
}

/** All discussions, in the order of their folders and files. */
export async function* realDiscussions(): AsyncGenerator<RealDiscussion> {
  const root = join(FOLDER, "discussions");
  for (const folder of (await readdir(root)).sort()) {
    for (const file of (await readdir(join(root, folder))).sort()) {
      yield { ...JSON.parse(await readFile(join(root, folder, file), "utf8")), folder };
    }
  }
}

/** A file beside the discussions, such as `diversity.csv`. */
export async function realFile(name: string): Promise<string> {
  return await readFile(join(FOLDER, name), "utf8");
}

/** The events that an import makes from a discussion. */
export function* realEvents(
  { id, folder, users, moderator, logs }: RealDiscussion,
): Generator<DiscussionEvent> {
  const openings = logs.filter(isOpening);
  const spoken = logs.filter((entry) => !isOpening(entry));
  const turns = spoken.filter(({ name }) => name !== moderator).length;
  const imported = { name: "imported", options: {} };
  yield {
    type: "DiscussionOpened",
    data: designWith({
      id,
      condition: folder,
      participants: participantsNamed(...users),
      moderator: moderator === null ? null : moderatorWith({ name: moderator, schedule: imported }),
      openings: openings.map(({ name, text }) => ({ author: name, text })),
      turns,
      turnTaking: imported,
      imported: { format: "python", file: `${id}.json`, sha256: "0".repeat(64), members: {}, entries: {} },
    }),
  };
  let comment = 0;
  let turn = 0;
  for (const { name, text } of openings) {
    yield { type: "SeedCommentPosted", data: { comment: comment++, author: name, text } };
  }
  for (const entry of spoken) {
    const { name, text } = entry;
    const byModerator = name === moderator;
    const silence = { reason: "empty", raw: text } as const;
    if (!byModerator) {
      yield isSilence(entry)
        ? { type: "TurnPassed", data: { turn, participant: name, ...silence } }
        : { type: "TurnTaken", data: { turn, comment: comment++, participant: name, text } };
      turn++;
    } else {
      yield isSilence(entry)
        ? { type: "ModeratorAbstained", data: { turn: turn - 1, moderator: name, ...silence } }
        : {
          type: "ModeratorIntervened",
          data: { turn: turn - 1, comment: comment++, moderator: name, text },
        };
    }
  }
  yield { type: "DiscussionCompleted", data: { reason: "turns", turns, comments: comment } };
}

/**
 * A mixed model of the discussions, as in `reference.json`. It was computed by statsmodels 0.13.5: MixedLM
 * with a random intercept for each discussion, REML.
 */
export type ReferenceModel = Readonly<{
  log_likelihood_reml: number;
  group_variance: number;
  residual_variance: number;
  coefficients: Readonly<Record<string, Readonly<{ estimate: number; se: number; z: number; p: number }>>>;
}>;

/** The names of the conditions of moderation in the reference figures. */
const STRATEGIES: Readonly<Record<string, string>> = {
  nomod: "No Facilitator",
  vanilla: "No Instructions",
  erulemaking: "E-Rulemaking",
  constructive_communications: "Constr. Comms",
};

/** The factors of a discussion: the model, and the name of the moderation strategy in the reference figures. */
export function realFactors({ folder }: RealDiscussion): Readonly<{ model: string; strategy: string }> {
  const [model, ...strategy] = folder.split("_");
  return { model: model!, strategy: STRATEGIES[strategy.join("_")]! };
}

/** `<discussion>/<position>` → toxicity, for all entries, even silent ones. */
export async function realScores(): Promise<ReadonlyMap<string, number>> {
  const lines = (await realFile("toxicity.csv")).trim().split("\n").slice(1).map((line) => line.split(","));
  return new Map(lines.map(([id, position, score]) => [`${id}/${position}`, Number(score)]));
}

const SCORED = passWith({
  pass: "classifier",
  codebook: {
    version: "1",
    hash: "c".repeat(64),
    scales: [{ name: "toxicity", type: "interval", min: 0, max: 1, question: "How toxic is it?" }],
  },
  annotators: [{ name: "classifier", persona: {}, instructions: "" }],
});

/**
 * The events that the import of a discussion and the import of its scores make, with the discussion's
 * factors.
 *
 * @param scores See {@linkcode realScores}.
 */
export function* scoredEvents(
  discussion: RealDiscussion,
  scores: ReadonlyMap<string, number>,
): Generator<DiscussionEvent> {
  for (const event of realEvents(discussion)) {
    if (event.type !== "DiscussionOpened") yield event;
    else yield { ...event, data: { ...event.data, factors: realFactors(discussion) } };
  }
  yield { type: "AnnotationPassStarted", data: SCORED };
  let comment = 0;
  for (const [position, entry] of discussion.logs.entries()) {
    const values = { toxicity: scores.get(`${discussion.id}/${position}`)! };
    const annotation = { pass: "classifier", annotator: "classifier", values };
    yield isSilence(entry)
      ? { type: "SilenceAnnotated", data: { ...annotation, position } }
      : { type: "CommentAnnotated", data: { ...annotation, comment: comment++ } };
  }
}
