/** The people of a run: who has which seat, and who annotates. */
import type {
  AnnotationDesign,
  DiscussionDesign,
  DiscussionEvent,
  ModelSpec,
} from "../../core/events/mod.ts";
import { seatOf } from "../../core/people/mod.ts";
import type { RequestOrigin } from "../../core/ports/model.ts";

/** A participant or moderator who is a person. */
export type Seat = Readonly<{
  kind: "seat";
  /** The pseudonym: `<discussion>/<name>`. It never leaves this machine, because it names the condition. */
  person: string;
  discussion: string;
  /** The name in the discussion. */
  name: string;
  role: "participant" | "moderator";
}>;

/** An annotator who is a person. */
export type Rater = Readonly<{ kind: "rater"; /** The annotator's name. */ person: string; pass: string }>;

/** A person who is asked on a page. */
export type Person = Seat | Rater;

/** A person's own link. It is a secret of this person and the researcher. */
export type PersonLink = Readonly<{ person: Person; link: string }>;

/** Whether a model is a person. */
export type IsPerson = (spec: ModelSpec) => boolean;

/** The pseudonym of the person whom a request asks. */
export function personOf({ discussion, speaker, role }: RequestOrigin): string {
  return role === "annotator" ? speaker : seatOf(discussion, speaker);
}

/** The seats of people in a discussion. */
export function seatsOf(
  { id, participants, moderator, models }: DiscussionDesign,
  isPerson: IsPerson,
): Seat[] {
  const speakers = [
    ...participants.map(({ name, model }) => ({ name, model, role: "participant" } as const)),
    ...(moderator === null
      ? []
      : [{ name: moderator.name, model: moderator.model, role: "moderator" } as const]),
  ];
  return speakers.filter(({ model }) => isPerson(models[model]!)).map(({ name, role }) => ({
    kind: "seat",
    person: seatOf(id, name),
    discussion: id,
    name,
    role,
  }));
}

/** The annotators of a pass who are people. */
export function ratersOf({ pass, annotators, models }: AnnotationDesign, isPerson: IsPerson): Rater[] {
  return annotators.filter(({ model }) => model !== undefined && isPerson(models[model]!))
    .map(({ name }) => ({ kind: "rater", person: name, pass }));
}

/** The topic whose changes the pages of a person follow. All seats of a discussion share one topic. */
export function topicOf(person: Pick<Seat, "kind" | "discussion"> | Rater): string {
  return person.kind === "seat" ? seatTopic(person.discussion) : raterTopic(person.person);
}

/** The topic of a discussion's seats. */
export function seatTopic(discussion: string): string {
  return `seats of ${discussion}`;
}

/** The topic of an annotator. */
export function raterTopic(annotator: string): string {
  return `rater ${annotator}`;
}

/** The person whose answer an event records; `null` if it records no answer. */
export function personIn(discussion: string, event: DiscussionEvent): string | null {
  switch (event.type) {
    case "TurnTaken":
    case "TurnPassed":
      return seatOf(discussion, event.data.participant);
    case "ModeratorIntervened":
    case "ModeratorAbstained":
      return seatOf(discussion, event.data.moderator);
    case "CommentAnnotated":
    case "AnnotationUnparsed":
      return event.data.annotator;
    default:
      return null;
  }
}
