/** Reads the stored replies of a log again, and records the result as a new pass. */
import {
  annotationStart,
  type AnnotationState,
  evolveAnnotation,
  reparse,
  type Reparsed,
  type ReparseOptions,
  type StoredReply,
} from "../annotation/mod.ts";
import { sameDesign } from "../events/annotation_design.ts";
import { type DiscussionEvent, eventOf } from "../events/mod.ts";
import { type AnnotationEnvironment, otherPass } from "./annotation.ts";
import { evolveLogged, readStream, StreamWriter } from "./stream.ts";

/**
 * Reads the replies of a pass again.
 *
 * @param stream The discussion's id.
 * @param options The pass, the new codebook, the name of the new pass (or the pass's own), and whether to record the result.
 * @param environment Store, clock, hash function.
 * @returns The new reading; `null` if the pass is not completed for this discussion.
 * @throws {OtherPass} If the log has a different pass of the new name.
 * @throws {RangeError} If the pass cannot be read with this codebook.
 */
export async function reparseDiscussion(
  stream: string,
  { pass, record, ...options }: ReparseOptions & Readonly<{ pass: string; record: boolean }>,
  environment: Pick<AnnotationEnvironment, "store" | "clock" | "sha256">,
): Promise<Reparsed | null> {
  const { store, sha256 } = environment;
  const writer = new StreamWriter(stream, environment);
  const stored: StoredReply[] = [];
  let state: AnnotationState = annotationStart();
  for await (const envelope of readStream(store, stream, sha256)) {
    state = evolveLogged(state, envelope, { evolve: evolveAnnotation, store });
    writer.pass(envelope);
    const event = eventOf(envelope);
    const isReply = event.type === "CommentAnnotated" || event.type === "AnnotationUnparsed";
    if (isReply && event.data.pass === pass) stored.push(event);
  }
  const progress = state.passes.get(pass);
  if (progress === undefined || !progress.completed) return null;
  const reparsed = reparse(progress, stored, options);
  if (!record && options.as === pass) return reparsed;
  const logged = state.passes.get(options.as);
  if (logged !== undefined && !sameDesign(logged.design, reparsed.design)) {
    throw otherPass(stream, options.as);
  }
  if (!record || logged?.completed) return reparsed;
  // A kill can have cut an earlier append short, so only missing events are written.
  const missing: DiscussionEvent[] = [
    ...(logged === undefined ? [{ type: "AnnotationPassStarted", data: reparsed.design } as const] : []),
    ...reparsed.replies.slice(logged?.settled ?? 0),
    completed(reparsed),
  ];
  for (const event of missing) writer.push({ event });
  await writer.write();
  return reparsed;
}

function completed({ design: { pass }, replies }: Reparsed): DiscussionEvent {
  const annotated = replies.filter(({ type }) => type === "CommentAnnotated").length;
  return { type: "AnnotationPassCompleted", data: { pass, annotated, unparsed: replies.length - annotated } };
}
