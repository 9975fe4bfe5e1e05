/**
 * Reads the past of branches from the logs of another run. A branch copies the beginning of a discussion: this is its
 * past.
 */
import { resolve } from "node:path";
import { upToTurn } from "../../core/discussion/mod.ts";
import { readStream } from "../../core/engine/stream.ts";
import type { DiscussionDesign, Envelope, StoredLine } from "../../core/events/mod.ts";
import { type EventStore, type PastSource, readingAhead, type RunReader } from "../../core/ports/mod.ts";
import { isAddress, readRun } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";

/** At most this many names are listed in a message. */
const LISTED_MAX = 10;

/** Makes a function that reads pasts. The paths of the runs' folders are relative to `folder`. */
export function folderPasts(folder: string): (past: PastSource) => Promise<string> {
  return async (past) => {
    const place = isAddress(past.run) ? past.run : resolve(folder, past.run);
    return await pastLines(await readRun(place), past);
  };
}

/**
 * The lines of a past as they are in the logs of its run, one log after the other.
 *
 * @throws {Error} If a discussion is missing, damaged or too short, or not all discussions of the condition have begun.
 */
export async function pastLines(run: RunReader, past: PastSource): Promise<string> {
  const { discussions, condition, at } = past;
  const { store } = run;
  const lines: StoredLine[] = [];
  for (const name of discussions ?? await discussionsOf(run, condition!)) {
    lines.push(...await beginningOf(store, name, at));
    store.release(name);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** The names of a condition's discussions, in the order of their replicates. */
async function discussionsOf(
  { store, manifest, experimentText }: RunReader,
  condition: string,
): Promise<readonly string[]> {
  const found: DiscussionDesign[] = [];
  const others = new Set<string>();
  const streams = await Array.fromAsync(store.streams());
  const ahead = readingAhead(store, streams);
  for (const stream of streams) {
    const [opening] = await firstEvents(ahead, stream, 1);
    store.release(stream);
    if (opening?.type !== "DiscussionOpened") continue;
    const design = opening.data as DiscussionDesign;
    if (design.condition === condition) found.push(design);
    else others.add(design.condition);
  }
  if (found.length === 0) {
    const known = [...others].sort().slice(0, LISTED_MAX).map((name) => `"${name}"`).join(", ");
    throw new Error(
      `no discussion has the condition "${condition}"${known === "" ? "" : `; the conditions are ${known}`}`,
    );
  }
  // Imported discussions have no planned number: their conditions can have different numbers of replications.
  const planned = experimentText === null ? found.length : manifest.plan.replications;
  if (found.length < planned) {
    throw new Error(
      `only ${found.length} of ${planned} discussions of the condition "${condition}" have begun. ` +
        "Finish the run first, or name discussions instead of the condition",
    );
  }
  return found.sort((a, b) => a.replicate - b.replicate || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}

async function beginningOf(store: EventStore, stream: string, at: number): Promise<StoredLine[]> {
  const log = await firstEvents(store, stream, Infinity);
  if (log.length === 0) throw new Error(`there is no discussion "${stream}"`);
  const { events, turns } = upToTurn(log, at);
  if (turns < at) {
    throw new Error(
      `the discussion "${stream}" has only ${turns} turns, so it has no turn ${at}. Continue after an earlier turn`,
    );
  }
  return await firstOf(store.read(stream), events.length);
}

async function firstEvents(store: EventStore, stream: string, count: number): Promise<Envelope[]> {
  return await firstOf(readStream(store, stream, nativeSha256), count);
}

async function firstOf<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const first: T[] = [];
  for await (const item of items) {
    first.push(item);
    if (first.length >= count) break;
  }
  return first;
}
