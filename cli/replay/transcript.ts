/** A log as people read it. */
import {
  type CommentAnnotated,
  type DiscussionDesign,
  type Envelope,
  eventOf,
  type SilenceReason,
} from "../../core/events/mod.ts";
import { wrap } from "../terminal/fit.ts";
import { neutralise, neutraliseLines } from "../terminal/neutralise.ts";
import { type Style, styled } from "../terminal/style.ts";
import type { TextSink } from "../terminal/text_sink.ts";

/** Comments are indented, so that nothing that is said can look like a line of ours. */
const INDENT = "      ";

/** Lines are not broken narrower than this. */
const WRAP_COLUMNS_MIN = 20;

/**
 * One event as lines of text: its number in the log, who, and what.
 *
 * @param envelope The event.
 * @param sink Where it will be written.
 */
export function transcriptEntry(envelope: Envelope, sink: TextSink): string {
  const event = eventOf(envelope);
  const entry = (style: Style | null, head: string, text = "") => {
    const number = String(envelope.seq).padStart(4);
    const title = neutralise(head);
    return `${styled(sink, "dim", number)}  ${style === null ? title : styled(sink, style, title)}\n${
      body(text, sink)
    }`;
  };
  switch (event.type) {
    case "DiscussionOpened":
      return entry("bold", `${event.data.id}`, summaryOf(event.data));
    case "SeedCommentPosted":
      return entry("bold", `${event.data.author}, opening`, event.data.text);
    case "TurnTaken":
      return entry("bold", `${event.data.participant}, turn ${event.data.turn + 1}`, event.data.text);
    case "TurnPassed": {
      const { participant, turn, reason } = event.data;
      return entry("dim", `${participant}, turn ${turn + 1}: ${silenceText(reason)}`);
    }
    case "ModeratorIntervened": {
      const { moderator, turn, text } = event.data;
      return entry("cyan", `${moderator}, after turn ${turn + 1}, as moderator`, text);
    }
    case "ModeratorAbstained": {
      const { moderator, turn, reason } = event.data;
      return entry("dim", `${moderator}, after turn ${turn + 1}, as moderator: ${silenceText(reason)}`);
    }
    case "GenerationFailed": {
      const { speaker, turn, kind, model } = event.data;
      const said = typeof envelope.meta?.message === "string" ? envelope.meta.message : "";
      return entry("yellow", `request for ${speaker}, turn ${turn + 1}, to ${model} failed: ${kind}`, said);
    }
    case "DiscussionCompleted": {
      const { reason, note } = event.data;
      return entry("bold", reason === "turns" ? "completed" : "completed early", note);
    }
    case "DiscussionAborted":
      return entry("yellow", "given up", event.data.reason);
    case "AnnotationPassStarted": {
      const { pass, annotators, codebook } = event.data;
      const scales = codebook.scales.map(({ name }) => name).join(", ");
      return entry(
        "bold",
        `annotation pass ${pass}`,
        `${scales}; by ${annotators.map(({ name }) => name).join(", ")}`,
      );
    }
    case "CommentAnnotated": {
      const { annotator, comment, values } = event.data;
      return entry(null, `${annotator} on comment ${comment}: ${judgement(values)}`);
    }
    case "SilenceAnnotated": {
      const { annotator, position, values } = event.data;
      return entry(null, `${annotator} on the silence in slot ${position}: ${judgement(values)}`);
    }
    case "AnnotationUnparsed": {
      const { annotator, comment, problem, raw } = event.data;
      return entry("yellow", `${annotator} on comment ${comment}: not readable, ${problem}`, raw);
    }
    case "AnnotationFailed": {
      const { annotator, comment, kind, model } = event.data;
      const said = typeof envelope.meta?.message === "string" ? envelope.meta.message : "";
      return entry(
        "yellow",
        `request for ${annotator}, comment ${comment}, to ${model} failed: ${kind}`,
        said,
      );
    }
    case "AnnotationPassCompleted": {
      const { pass, annotated, unparsed } = event.data;
      return entry("bold", `annotation pass ${pass} completed: ${annotated} read, ${unparsed} not readable`);
    }
    default:
      return unknownEvent(event);
  }
}

function unknownEvent(event: never): never {
  throw new TypeError(`Cannot show the event "${JSON.stringify(event)}": its type is unknown`);
}

function judgement(values: CommentAnnotated["data"]["values"]): string {
  return Object.entries(values).map(([scale, value]) => `${scale} ${value}`).join(", ");
}

function summaryOf(
  { condition, replicate, participants, moderator, turns, turnTaking }: DiscussionDesign,
): string {
  const names = participants.map(({ name, role }) => role === undefined ? name : `${name} (${role.name})`);
  return `condition ${condition}, replicate ${replicate}; ${turns} turns, ${turnTaking.name}\n` +
    `${names.join(", ")}${
      moderator === null ? "" : `; moderator ${moderator.name} (${moderator.schedule.name})`
    }`;
}

function body(text: string, sink: TextSink): string {
  if (text === "") return "";
  const columns = Math.max(WRAP_COLUMNS_MIN, sink.columns() - 1 - INDENT.length);
  const lines = neutraliseLines(text);
  return (sink.isTerminal ? wrap(lines, columns) : lines.split("\n")).map((line) => `${INDENT}${line}\n`)
    .join("");
}

function silenceText(reason: SilenceReason): string {
  return reason === "cut-before-text"
    ? "no comment, the limit of tokens cut the reply before any text"
    : `silent (${reason})`;
}
