/** The prices of a run's models. The run's description leaves them out, because they can change between starts. */
import { pricesSchema } from "../../core/experiment/models.ts";
import { RUN_TEXTS, type RunReader, type RunWriter } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import type { RunPrices } from "./price_look_up.ts";

/**
 * Reads the prices of a run.
 *
 * @throws {RunError} If they are not valid.
 */
export async function readPrices(
  { place, readText }: Pick<RunReader, "place" | "readText">,
): Promise<RunPrices> {
  const text = await readText(RUN_TEXTS.prices);
  if (text === null) return new Map();
  try {
    const entries = Object.entries<unknown>(JSON.parse(text));
    return new Map(entries.map(([key, prices]) => [key, pricesSchema.parse(prices)]));
  } catch (cause) {
    const remedy = "Delete it, and start the run or the annotation again: this writes the prices again";
    throw new RunError(
      "damaged-manifest",
      `Cannot read "${RUN_TEXTS.prices}" of the run "${place}": it does not contain valid prices. ${remedy}`,
      { cause },
    );
  }
}

/** Writes prices to a run. Other models keep their prices. */
export async function keepPrices(run: RunWriter, prices: RunPrices): Promise<void> {
  const before = await readPrices(run);
  const all = new Map([...before, ...prices]);
  const text = `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
  if (text !== `${JSON.stringify(Object.fromEntries(before), null, 2)}\n`) {
    await run.writeText(RUN_TEXTS.prices, text);
  }
}
