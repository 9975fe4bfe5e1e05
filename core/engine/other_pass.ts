/** Keeping a pass one and the same in all logs of a run. */
import { type AnnotationDesign, eventOf, sameDesign } from "../events/mod.ts";
import type { EventStore } from "../ports/event_store.ts";
import type { Sha256 } from "../sha256.ts";
import { DamagedStream, readStream } from "./read_stream.ts";

/** A pass of that name asks something else of the discussion than it is asked for now. */
export class OtherPass extends Error {
  /** Tells this error from others. */
  override readonly name = "OtherPass";
}

/** What says that a pass of that name is another one. */
export function otherPass(stream: string, pass: string): OtherPass {
  return new OtherPass(
    `Cannot go on with the annotation pass "${pass}": in the log of "${stream}" it has other annotators, scales, models ` +
      `or targets; undo that change, or give the new pass another name`,
  );
}

/**
 * Refuses a pass before it has begun anywhere: with another one of its name in a single log, judgements that were asked
 * for in two ways would stand in one run under one name. Damaged logs are left to whoever works on them.
 *
 * @param streams The discussions' ids.
 * @param design The pass.
 * @param environment Store and hash function.
 * @throws {OtherPass} When a log holds a pass of the same name that asks something else.
 */
export async function refuseOtherPass(
  streams: Iterable<string> | AsyncIterable<string>,
  design: AnnotationDesign,
  { store, sha256 }: Readonly<{ store: EventStore; sha256: Sha256 }>,
): Promise<void> {
  for await (const stream of streams) {
    try {
      for await (const envelope of readStream(store, stream, sha256)) {
        const { type, data } = eventOf(envelope);
        if (type !== "AnnotationPassStarted" || data.pass !== design.pass) continue;
        if (!sameDesign(data, design)) throw otherPass(stream, design.pass);
        break;
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
    } finally {
      store.release(stream);
    }
  }
}
