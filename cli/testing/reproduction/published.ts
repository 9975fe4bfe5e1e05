/** Reads the figures that were published with the discussions, and rows of CSV files. Other programs computed the figures. */
import { parse } from "npm:csv-parse@7.0.3/sync";
import { UsageError } from "../../shared/program.ts";
import { join } from "node:path";
import { z } from "../../../core/zod.ts";

const modelSchema = z.object({
  log_likelihood_reml: z.number(),
  group_variance: z.number(),
  residual_variance: z.number(),
  coefficients: z.record(z.string(), z.object({ estimate: z.number(), se: z.number() })),
});

const referenceSchema = z.object({
  discussions: z.number(),
  entries: z.number(),
  seed_comments: z.number(),
  synthetic_entries: z.number(),
  user_turns: z.number(),
  moderator_turns: z.number(),
  /** Model → number of silent turns. */
  silent_user_turns: z.record(z.string(), z.number()),
  silent_moderator_turns: z.record(z.string(), z.number()),
  words_per_synthetic_entry_mean: z.number(),
  respond_events: z.object({
    n: z.number(),
    second_to_last_speaker_again: z.number(),
    rate: z.number(),
    same_speaker_twice_in_a_row: z.number(),
  }),
  /** Strategy → number, mean and SD of the toxicity scores. */
  toxicity_by_strategy_user_turns: z.record(
    z.string(),
    z.object({ n: z.number(), mean: z.number(), sd: z.number() }),
  ),
  mixed_model_strategy: modelSchema,
  mixed_model_strategy_x_turn: modelSchema.extend({ mean_turn: z.number() }),
});

export type PublishedModel = z.infer<typeof modelSchema>;

export type Published = Readonly<{
  reference: z.infer<typeof referenceSchema>;
  /** The discussion's id in its file → its diversity. */
  diversity: ReadonlyMap<string, number>;
}>;

export const PUBLISHED_FILES = ["reference.json", "diversity.csv"] as const;

/**
 * Reads the published figures beside the discussions.
 *
 * @throws {UsageError} When a file is missing or unexpected.
 */
export function readPublished(folder: string): Published {
  const [path, diversity] = PUBLISHED_FILES.map((name) => join(folder, name)) as [string, string];
  const json = reading(path, (text) => JSON.parse(text));
  const { success, data, error } = referenceSchema.safeParse(json);
  if (!success) {
    const [issue] = error.issues;
    throw new UsageError(`Cannot compare with "${path}": ${issue!.path.join(".")}: ${issue!.message}`);
  }
  const rows = readRows(diversity);
  return {
    reference: data,
    diversity: new Map(rows.map((row) => [row.text("discussion_id"), row.needed("diversity")])),
  };
}

/**
 * Reads and parses a file.
 *
 * @throws {UsageError} When the file cannot be read or parsed.
 */
export function reading<T>(path: string, parse: (text: string) => T): T {
  try {
    return parse(Deno.readTextFileSync(path));
  } catch (error) {
    throw new UsageError(`Cannot read the figures in "${path}": ${(error as Error).message}`);
  }
}

/**
 * Reads a CSV file.
 *
 * @throws {UsageError} When the file cannot be read.
 */
export function readRows(path: string): readonly TableRow[] {
  const records: Record<string, string>[] = reading(
    path,
    (text) => parse(text, { columns: true, bom: true }),
  );
  return records.map((record) => new TableRow(record, path));
}

/** A row of a table. Its methods throw a `UsageError` if there is no such column, or if the cell has no number. */
export class TableRow {
  constructor(readonly cells: Readonly<Record<string, string>>, readonly path: string) {}

  text(column: string): string {
    return this.cells[column] ?? this.#refuse(`no column "${column}"`);
  }

  /** The number in a cell; `null` if the cell is empty. */
  number(column: string): number | null {
    const text = this.text(column);
    if (text === "") return null;
    const number = Number(text);
    return Number.isNaN(number) ? this.#refuse(`"${text}" in "${column}" is not a number`) : number;
  }

  needed(column: string): number {
    return this.number(column) ?? this.#refuse(`nothing in "${column}"`);
  }

  #refuse(reason: string): never {
    throw new UsageError(`Cannot compare with "${this.path}": ${reason}`);
  }
}
