/** Reads the stored replies of an annotation pass again, in the log of a discussion. */
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
import { isWithheld } from "./compare_annotation.ts";
import { evolveLogged, readStream, StreamWriter } from "./stream.ts";
import { lockedPerson, withoutKey } from "./withdrawals.ts";

/**
 * Reads the stored replies of a pass again, with a new codebook. With `record`, the result is written as another pass.
 *
 * @returns The new reading; `null` if the pass is not completed for this discussion.
 * @throws {OtherPass} If the log has a different pass of the new name.
 * @throws {RangeError} If the pass cannot be read with this codebook.
 * @throws {RunError} If the run does not have the key that decrypts a person's replies.
 */
export async function reparseDiscussion(
  stream: string,
  { pass, record, ...options }:
    & Omit<ReparseOptions, "withdrew">
    & Readonly<{ pass: string; record: boolean }>,
  environment: Pick<AnnotationEnvironment, "store" | "clock" | "sha256">,
): Promise<Reparsed | null> {
  const { store, sha256 } = environment;
  const writer = new StreamWriter(stream, environment);
  const stored: StoredReply[] = [];
  /** The annotators of the pass who are people, and the people among them who withdrew. */
  const [people, withdrew] = [new Set<string>(), new Set<string>()];
  let state: AnnotationState = annotationStart();
  for await (const envelope of readStream(store, stream, sha256)) {
    state = evolveLogged(state, envelope, { evolve: evolveAnnotation, store });
    writer.pass(envelope);
    const event = eventOf(envelope);
    const isReply = event.type === "CommentAnnotated" || event.type === "AnnotationUnparsed";
    if (!isReply || event.data.pass !== pass) continue;
    const locked = lockedPerson(envelope);
    if (locked !== null) {
      throw withoutKey(`read the pass "${pass}" of the discussion "${stream}" again`, locked);
    }
    if (envelope.person !== undefined) people.add(event.data.annotator);
    if (isWithheld(event)) withdrew.add(event.data.annotator);
    else stored.push(event);
  }
  const progress = state.passes.get(pass);
  if (progress === undefined || !progress.completed) return null;
  const reparsed = reparse(progress, stored, { ...options, withdrew });
  if (!record && options.as === pass) return reparsed;
  const logged = state.passes.get(options.as);
  if (logged !== undefined && !sameDesign(logged.design, reparsed.design)) {
    throw otherPass(stream, logged.design, reparsed.design);
  }
  if (!record || logged?.completed) return reparsed;
  // If the process was killed during an earlier append, the log has some of the events. Only the others are
  // written.
  const missing: DiscussionEvent[] = [
    ...(logged === undefined ? [{ type: "AnnotationPassStarted", data: reparsed.design } as const] : []),
    ...reparsed.replies.slice(logged?.settled ?? 0),
    completed(reparsed),
  ];
  for (const event of missing) {
    const annotator = "annotator" in event.data ? event.data.annotator : "";
    writer.push(people.has(annotator) ? { event, person: annotator } : { event });
  }
  await writer.write();
  return reparsed;
}

function completed({ design: { pass }, replies }: Reparsed): DiscussionEvent {
  const annotated = replies.filter(({ type }) => type === "CommentAnnotated").length;
  return { type: "AnnotationPassCompleted", data: { pass, annotated, unparsed: replies.length - annotated } };
}
