/** The figures that were published with the discussions, as other programs computed them; and rows of CSV files. */
import { parse } from "csv-parse/sync";
import { UsageError } from "../../shared/program.ts";
import { join } from "node:path";
import { z } from "../../../core/zod.ts";

/** The publication's name of a moderator → its name in the folders' names. */
const LEVELS: ReadonlyMap<string, string> = new Map([
  ["No Facilitator", "nomod"],
  ["No Instructions", "vanilla"],
  ["E-Rulemaking", "erulemaking"],
  ["Constr. Comms", "constructive_communications"],
]);

/** The report's level of a published strategy; the strategy itself when it is unknown. */
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
  /** Strategy → scores. */
  toxicity_by_strategy_user_turns: z.record(
    z.string(),
    z.object({ n: z.number(), mean: z.number(), sd: z.number() }),
  ),
  mixed_model_strategy: modelSchema,
  mixed_model_strategy_x_turn: modelSchema.extend({ mean_turn: z.number() }),
});

/** One of its mixed models. */
export type PublishedModel = z.infer<typeof modelSchema>;

/** The published figures. */
export type Published = Readonly<{
  reference: z.infer<typeof referenceSchema>;
  /** The discussion's id in its file → its diversity. */
  diversity: ReadonlyMap<string, number>;
}>;

/** The files that hold published figures. */
export const PUBLISHED_FILES = ["reference.json", "diversity.csv"] as const;

/** Reads the published figures beside the discussions. @throws {UsageError} When a file is missing or unexpected. */
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

/** A row. */
export interface TableRow {
  /** The text of a cell; throws a {@linkcode UsageError} when the file has no such column. */
  text(column: string): string;
  /** The number in a cell; `null` when it is empty. */
  number(column: string): number | null;
  /** The number in a cell that must not be empty. */
  needed(column: string): number;
}

/** Reads a CSV file. @throws {UsageError} When it cannot be read. */
export async function readRecords(path: string): Promise<readonly TableRow[]> {
  try {
    const records: Record<string, string>[] = parse(await Deno.readTextFile(path), {
      columns: true,
      bom: true,
    });
    return records.map((record) => rowOf(record, path));
  } catch (error) {
    throw new UsageError(`Cannot compare with "${path}": ${(error as Error).message}`);
  }
}

function rowOf(record: Readonly<Record<string, string>>, path: string): TableRow {
  const row: TableRow = {
    text(column) {
      const cell = record[column];
      if (cell === undefined) throw new UsageError(`Cannot compare with "${path}": no column "${column}"`);
      return cell;
    },
    number(column) {
      const text = row.text(column);
      const number = Number(text);
      if (Number.isNaN(number)) {
        throw new UsageError(`Cannot compare with "${path}": "${text}" in "${column}" is not a number`);
      }
      return text === "" ? null : number;
    },
    needed(column) {
      const number = row.number(column);
      if (number === null) throw new UsageError(`Cannot compare with "${path}": nothing in "${column}"`);
      return number;
    },
  };
  return row;
}
