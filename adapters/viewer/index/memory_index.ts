/** An index in memory, without a search for texts. */
import { DamagedStream, readStream } from "../../../core/engine/mod.ts";
import type { Envelope } from "../../../core/events/mod.ts";
import type { RunReader } from "../../../core/ports/mod.ts";
import {
  compareRows,
  type ListedLog,
  listLog,
  listRows,
  runOverview,
} from "../../../analysis/listing/mod.ts";
import { evolve, initialState, result } from "../../../analysis/projections/slots.ts";
import { priceLookUp, readPrices } from "../../local/run_prices.ts";
import { nativeSha256 } from "../../system.ts";
import type { GrownLog, IndexProgress, RunIndex } from "../server/run_index.ts";

type IndexedRun = Readonly<{ reader: RunReader; logs: Map<string, ListedLog> }>;

/** Reads all logs, one after the other. */
export function memoryIndex(): RunIndex {
  const runs = new Map<string, IndexedRun>();
  const listeners: ((progress: IndexProgress) => void)[] = [];
  const indexed = { done: 0, of: 0 };
  const allLogs = () => [...runs.values()].flatMap(({ logs }) => [...logs.values()]);
  const conditions = (run: string) =>
    [
      ...new Set(
        [...runs.get(run)?.logs.values() ?? []].map(({ row }) => row.condition).filter((name) => name !== ""),
      ),
    ].sort();

  async function readLog(run: string, { reader, logs }: IndexedRun, discussion: string): Promise<boolean> {
    const pricesFor = priceLookUp(await readPrices(reader));
    let damage: string | null = null;
    let state = initialState();
    let last: Envelope | undefined;
    try {
      for await (const envelope of readStream(reader.store, discussion, nativeSha256)) {
        state = evolve(state, envelope);
        last = envelope;
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      damage = error.message;
    }
    reader.store.release(discussion);
    const facts = { run, events: last === undefined ? 0 : last.seq + 1, hash: last?.hash ?? null, pricesFor };
    const isNew = logs.get(discussion)?.row.hash !== facts.hash;
    logs.set(discussion, listLog({ discussion, damage, slots: result(state) }, facts));
    return isNew;
  }

  return {
    async open(run, reader) {
      const opened = { reader, logs: new Map() };
      runs.set(run, opened);
      const names = await Array.fromAsync(reader.store.streams());
      indexed.of += names.length;
      for (const name of names) {
        await readLog(run, opened, name);
        indexed.done++;
      }
      for (const listener of listeners) listener({ kind: "indexed", ...indexed });
    },
    async update(run, streams) {
      const opened = runs.get(run)!;
      const grown: GrownLog[] = [];
      for (const discussion of streams) {
        if (!opened.logs.has(discussion)) {
          indexed.of++;
          indexed.done++;
        }
        if (!await readLog(run, opened, discussion)) continue;
        grown.push({ discussion, events: opened.logs.get(discussion)!.row.events });
      }
      return grown;
    },
    conditions,
    overview: () =>
      Promise.resolve({
        runs: [...runs].map(([run, { reader: { manifest: { plan } }, logs }]) =>
          runOverview(logs.values(), { run, ...plan, conditions: conditions(run), paused: new Map() })
        ),
        indexed: { ...indexed },
      }),
    list: (query, outcomeOf) =>
      Promise.resolve(listRows(allLogs().map(({ row }) => row).sort(compareRows), query, outcomeOf)),
    search: () =>
      Promise.resolve({
        hits: [],
        total: 0,
        isTotalCut: false,
        indexed: { done: 0, of: indexed.of },
        problem: "There is no index of the texts",
      }),
    follow: (listener) => void listeners.push(listener),
    close: () => Promise.resolve(),
  };
}
