/** Observations of discussions that a test sketches. */
import { measureTexts } from "../../texts/text_measures.ts";
import { type Observation, observe } from "../../outcomes/mod.ts";
import { slotsOf } from "../../projections/mod.ts";
import type { Scale, ScaleValue } from "../../../core/annotation/scales/mod.ts";
import type { DiscussionEvent } from "../../../core/events/mod.ts";
import {
  abstained,
  designWith,
  intervened,
  moderatorWith,
  participantsNamed,
  passWith,
  seedPosted,
  turnPassed,
  turnTaken,
} from "../../../core/testing/mod.ts";

/** What annotators say of every turn: annotator → turn → value of the scale, `null` for none. */
export type Annotated = Readonly<
  { pass: string; scale: Scale; annotators: readonly (readonly (ScaleValue | null)[])[] }
>;

/** What a test says of a discussion. */
export type Sketch = Readonly<{
  id: string;
  run?: string;
  factors?: Readonly<Record<string, string>>;
  /** What is said at each turn; `null` for silence. Participants take turns. */
  turns: readonly (string | null)[];
  /** What the moderator says after each turn, where there is one. */
  moderator?: readonly (string | null)[];
  /** Whether the first participant has a role. */
  role?: string;
  end?: Observation["end"];
  annotated?: readonly Annotated[];
}>;

/** Observes a sketched discussion of Ann, Bob and Cem, opened by Ann. */
export async function observed(sketch: Sketch): Promise<Observation> {
  const { id, run = "first", factors = {}, turns, moderator, role, end = "completed", annotated = [] } =
    sketch;
  const participants = participantsNamed("Ann", "Bob", "Cem").map((participant, place) =>
    place > 0 || role === undefined ? participant : { ...participant, role: { name: role, instructions: "" } }
  );
  const condition = Object.values(factors).join("+") || "base";
  const events: DiscussionEvent[] = [{
    type: "DiscussionOpened",
    data: designWith({
      id,
      condition,
      factors,
      participants,
      turns: turns.length,
      moderator: moderator ? moderatorWith() : null,
    }),
  }];
  const places: Readonly<{ comment: number | null; position: number }>[] = [];
  let [comment, position] = [0, 0];
  events.push(seedPosted(comment++, "Ann", "Should buses run at night?"));
  position++;
  for (const [turn, text] of turns.entries()) {
    const participant = participants[turn % 3]!.name;
    places.push({ comment: text === null ? null : comment, position: position++ });
    events.push(
      text === null
        ? turnPassed(turn, participant)
        : turnTaken({ turn, comment: comment++, participant, text }),
    );
    const said = moderator?.[turn];
    if (said === undefined) continue;
    position++;
    events.push(said === null ? abstained(turn) : intervened(turn, comment++, said));
  }
  const counts = { turns: turns.length, comments: comment };
  if (end === "completed") events.push({ type: "DiscussionCompleted", data: { reason: "turns", ...counts } });
  if (end === "aborted") events.push({ type: "DiscussionAborted", data: { reason: "stopped", ...counts } });
  for (const one of annotated) events.push(...judgements(one, places));
  return await observe(run, slotsOf(events), (texts) => Promise.resolve(measureTexts(texts)));
}

function* judgements(
  { pass, scale, annotators }: Annotated,
  places: readonly Readonly<{ comment: number | null; position: number }>[],
): Generator<DiscussionEvent> {
  const names = annotators.map((_, place) => `annotator ${place + 1}`);
  yield {
    type: "AnnotationPassStarted",
    data: passWith({
      pass,
      codebook: { version: "1", hash: "c".repeat(64), scales: [scale] },
      annotators: names.map((name) => ({ name, persona: {}, instructions: "" })),
      targets: { of: "participants" },
    }),
  };
  for (const [place, values] of annotators.entries()) {
    for (const [turn, value] of values.entries()) {
      const slot = places[turn];
      if (slot === undefined || value === null) continue;
      const { comment, position } = slot;
      const said = { pass, annotator: names[place]!, values: { [scale.name]: value } };
      yield comment === null
        ? { type: "SilenceAnnotated", data: { ...said, position } }
        : { type: "CommentAnnotated", data: { ...said, comment } };
    }
  }
}
