/** What the models of a run have cost together. */
import type { LogsStatus } from "./status_tally.ts";

/** What all models together have cost: one sum for each currency, none where nothing has a price. */
export function costsOf(
  { models }: Pick<LogsStatus, "models">,
): readonly Readonly<{ cost: number; currency?: string }>[] {
  const costs = new Map<string | undefined, number>();
  for (const { cost, currency } of models.values()) {
    if (cost !== null) costs.set(currency, (costs.get(currency) ?? 0) + cost);
  }
  return [...costs].map(([currency, cost]) => ({ cost, ...(currency === undefined ? {} : { currency }) }));
}
