/** A source with many discussions, for tests of long lists. */
import { type DiscussionRow, listRows, waitingRow } from "../../../analysis/listing/mod.ts";
import type { ViewerSource } from "../api.ts";
import { type FixedSource, fixedSource } from "./fixed_source.ts";
import { SAMPLE_FACTS } from "./sample_source.ts";

/** A source, and a way to add discussions to its run. */
export type LargeSource = FixedSource & Readonly<{ add: (name: string) => void }>;

/** A run of this many discussions, named `d000000`, `d000001` and so on. Every tenth has failed. */
export function largeSource(count: number, answers: Partial<ViewerSource> = {}): LargeSource {
  const rows = Array.from({ length: count }, (_, index) => rowOf(index));
  const indexed = { done: count, of: count };
  const fixed = fixedSource({
    runs: () => Promise.resolve([SAMPLE_FACTS]),
    overview: () => Promise.resolve({ runs: [], indexed }),
    list: (query) => Promise.resolve(listRows(rows, query)),
    ...answers,
  });
  return { ...fixed, add: (name) => void rows.push({ ...rowOf(0), discussion: name }) };
}

function rowOf(index: number): DiscussionRow {
  const condition = index % 2 === 0 ? "moderator=gentle" : "moderator=none";
  return {
    ...waitingRow(SAMPLE_FACTS.name, `d${String(index).padStart(6, "0")}`),
    status: index % 10 === 0 ? "failed" : "completed",
    condition,
    factors: { moderator: condition.slice("moderator=".length) },
    speakers: ["Amara", "Bengt"],
    models: ["test-model"],
    turns: index % 20,
    plannedTurns: 20,
    comments: index,
  };
}
