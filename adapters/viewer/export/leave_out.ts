/** Removes from events all members that an exported page does not contain. */
import type { AnnotationDesign, DiscussionDesign, Envelope } from "../../../core/events/mod.ts";
import type { Content } from "../api.ts";

/** What to leave out, and the names that raters get. */
export type LeavingOut = Readonly<{
  leftOut: ReadonlySet<Content>;
  raterName: (name: string) => string;
}>;

/** Events that hold values of annotators. */
const ANNOTATION = /^(?:Annotation|CommentAnnotated|SilenceAnnotated)/;

/** Types of events for replies that gave no comment or no value. Such an event always has `raw`. */
const NEEDS_RAW = /^(?:TurnPassed|ModeratorAbstained|AnnotationUnparsed)$/;

/** The event without the members that are left out; `null` if the whole event is left out. */
export function leaveOut(envelope: Envelope, options: LeavingOut): Envelope | null {
  const { leftOut } = options;
  if (ANNOTATION.test(envelope.type) && leftOut.has("outcomes")) return null;
  return { ...envelope, data: dataOf(envelope, options) } as Envelope;
}

function dataOf({ type, data }: Envelope, { leftOut, raterName }: LeavingOut): unknown {
  if (type === "DiscussionOpened") return designOf(data as DiscussionDesign, leftOut);
  if (type === "AnnotationPassStarted") return passOf(data as AnnotationDesign, { leftOut, raterName });
  const { raw, thoughts, removed, ...others } = data as Readonly<Record<string, unknown>>;
  // A raw reply can contain the thoughts, so it is left out with them.
  const hasRaw = !leftOut.has("raw") && !leftOut.has("thoughts");
  return {
    ...others,
    ..."annotator" in others && { annotator: raterName(String(others.annotator)) },
    ...hasRaw && raw !== undefined && { raw },
    ...!hasRaw && NEEDS_RAW.test(type) && { raw: "" },
    ...hasRaw && removed !== undefined && { removed },
    ...!leftOut.has("thoughts") && thoughts !== undefined && { thoughts },
  };
}

function designOf(design: DiscussionDesign, leftOut: ReadonlySet<Content>): DiscussionDesign {
  const { imported, models, participants, moderator, prompt } = design;
  return {
    ...design,
    models: withoutServers(models),
    // The members of imported files can name people.
    ...imported !== undefined && {
      imported: { ...imported, members: {}, entries: {}, speakers: imported.speakers?.map(() => ({})) ?? [] },
    },
    ...leftOut.has("prompts") && {
      participants: participants.map(({ role, ...one }) => ({
        ...one,
        persona: {},
        ...role !== undefined && { role: { name: role.name, instructions: "" } },
      })),
      moderator: moderator && { ...moderator, persona: {}, instructions: "" },
      prompt: { layout: prompt.layout, version: prompt.version, context: "", instructions: "" },
    },
  };
}

function passOf(design: AnnotationDesign, { leftOut, raterName }: LeavingOut): AnnotationDesign {
  const hasPrompts = !leftOut.has("prompts");
  return {
    ...design,
    models: withoutServers(design.models),
    annotators: design.annotators.map(({ source: _, ...one }) => ({
      ...one,
      name: raterName(one.name),
      persona: hasPrompts ? one.persona : {},
      instructions: hasPrompts ? one.instructions : "",
    })),
    ...!hasPrompts && { prompt: { version: design.prompt.version } },
  };
}

/**
 * Options that say which model is used. Other options can name servers, files, and variables that hold keys.
 */
const KEPT_OPTIONS = ["model", "provider"];

function withoutServers(models: DiscussionDesign["models"]): DiscussionDesign["models"] {
  return Object.fromEntries(
    Object.entries(models).map(([name, spec]) => [name, {
      ...spec,
      options: Object.fromEntries(KEPT_OPTIONS.flatMap((key) => {
        return Object.hasOwn(spec.options, key) ? [[key, spec.options[key]!] as const] : [];
      })),
    }]),
  );
}
