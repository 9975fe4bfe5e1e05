/** The figures that were published beside the discussions, as other programs computed them. */
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../../shared/program.ts";
import { readRecords } from "./records.ts";

/** What the publication calls moderators → what the names of folders call them. */
const LEVELS: ReadonlyMap<string, string> = new Map([
  ["No Facilitator", "nomod"],
  ["No Instructions", "vanilla"],
  ["E-Rulemaking", "erulemaking"],
  ["Constr. Comms", "constructive_communications"],
]);

/** The level that a published strategy is in the report; the strategy itself where it is none that is known. */
export function levelOf(strategy: string): string {
  return LEVELS.get(strategy) ?? strategy;
}

const coefficientSchema = z.object({ estimate: z.number(), se: z.number() });

const modelSchema = z.object({
  log_likelihood_reml: z.number(),
  group_variance: z.number(),
  residual_variance: z.number(),
  coefficients: z.record(z.string(), coefficientSchema),
});

const referenceSchema = z.object({
  discussions: z.number(),
  entries: z.number(),
  seed_comments: z.number(),
  synthetic_entries: z.number(),
  user_turns: z.number(),
  moderator_turns: z.number(),
  /** Model → turns. */
  silent_user_turns: z.record(z.string(), z.number()),
  silent_moderator_turns: z.record(z.string(), z.number()),
  words_per_synthetic_entry_mean: z.number(),
  respond_events: z.object({
    n: z.number(),
    second_to_last_speaker_again: z.number(),
    rate: z.number(),
    same_speaker_twice_in_a_row: z.number(),
  }),
  /** Strategy → what was scored. */
  toxicity_by_strategy_user_turns: z.record(
    z.string(),
    z.object({ n: z.number(), mean: z.number(), sd: z.number() }),
  ),
  mixed_model_strategy: modelSchema,
  mixed_model_strategy_x_turn: modelSchema.extend({ mean_turn: z.number() }),
});

/** `reference.json`, as far as it is compared. */
export type Reference = z.infer<typeof referenceSchema>;

/** One of its mixed models. */
export type PublishedModel = z.infer<typeof modelSchema>;

/** What was published of the discussions. */
export type Published = Readonly<{
  reference: Reference;
  /** The discussion's id in its file → its diversity. */
  diversity: ReadonlyMap<string, number>;
}>;

/** The files that hold published figures. */
export const PUBLISHED_FILES = ["reference.json", "diversity.csv"] as const;

/**
 * Reads what was published.
 *
 * @param folder The folder of the discussions and of the files beside them.
 * @throws {UsageError} When something is not there, or is not what it should be.
 */
export async function readPublished(folder: string): Promise<Published> {
  const path = join(folder, "reference.json");
  const { success, data, error } = referenceSchema.safeParse(await readJson(path));
  if (!success) {
    const [issue] = error.issues;
    throw new UsageError(`Cannot compare with "${path}": ${issue!.path.join(".")}: ${issue!.message}`);
  }
  const rows = await readRecords(join(folder, "diversity.csv"));
  return {
    reference: data,
    diversity: new Map(rows.map((row) => [row.text("discussion_id"), row.needed("diversity")])),
  };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw new UsageError(`Cannot read the published figures in "${path}": ${(error as Error).message}`);
  }
}
