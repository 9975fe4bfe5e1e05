/** Examples of discussions, read again from their logs. */
import type { ExamplePlace, Valued } from "../../analysis/statistics/quantile_examples.ts";
import { eventOf } from "../../core/events/mod.ts";
import { formatCell } from "../../analysis/report/format_cell.ts";
import type { Example } from "../../analysis/report/sections/mod.ts";
import { TranscriptTally } from "../../analysis/report/transcript.ts";
import type { Logs } from "../shared/logs.ts";

/** A discussion that is to be shown. */
export type Chosen = Valued & Readonly<{ condition: string; place: ExamplePlace }>;

/** How the figure of an example is written. */
const FIGURE = { kind: "number", decimals: 3 } as const;

/**
 * Reads examples: nothing but their logs, one after the other.
 *
 * @param chosen The discussions, and where they stand among the others.
 * @param options The logs of each run, by its name, and the outcome that the examples were chosen by.
 * @throws {DamagedStream} When a log that was whole before is no more.
 */
export async function readExamples(
  chosen: readonly Chosen[],
  { logs, outcome }: Readonly<{
    logs: ReadonlyMap<string, Pick<Logs, "events">>;
    outcome: string;
  }>,
): Promise<readonly Example[]> {
  const examples: Example[] = [];
  for (const { run, discussion, condition, place, value } of chosen) {
    const transcript = new TranscriptTally();
    for await (const envelope of logs.get(run)!.events(discussion)) transcript.add(eventOf(envelope));
    const title = logs.size === 1 ? discussion : `${run}: ${discussion}`;
    const text = `The ${place} of ${outcome}: ${formatCell(value, FIGURE)}. Condition ${condition}.`;
    examples.push({ place, transcript: transcript.transcript(title, text) });
  }
  return examples;
}
