/** Shows a log as text for people. */
import { type Annotation, isCut, readEvent, type Said } from "../../analysis/projections/mod.ts";
import type { DiscussionDesign, Envelope } from "../../core/events/mod.ts";
import { neutralise, neutraliseLines } from "../terminal/neutralise.ts";
import { type Style, styled, wrap } from "../terminal/text.ts";
import type { TextSink } from "../terminal/text_sink.ts";

/** Comments are indented, so that no comment looks like a heading of the transcript. */
const INDENT = "      ";

/** Lines of text are at least this wide, even in a narrower terminal. */
const WRAP_COLUMNS_MIN = 20;

/** One event as lines of text: its number in the log, the speaker, and the content. */
export function transcriptEntry(envelope: Envelope, sink: TextSink): string {
  const read = readEvent(envelope);
  const entry = (style: Style | null, head: string, text = "") => {
    const number = String(envelope.seq).padStart(4);
    const title = neutralise(head);
    return `${styled(sink, "dim", number)}  ${style === null ? title : styled(sink, style, title)}\n${
      body(text, sink)
    }`;
  };
  switch (read.kind) {
    case "opened":
      return entry("bold", `${read.design.id}`, summaryOf(read.design));
    case "said": {
      if (read.withheld !== undefined) return entry("dim", `${speakerOf(read)}: ${read.withheld}`);
      if (read.silence !== null) return entry("dim", `${speakerOf(read)}: ${silenceText(read)}`);
      return entry(read.by === "moderator" ? "cyan" : "bold", speakerOf(read), read.text ?? "");
    }
    case "failure": {
      const { speaker, turn, comment, error, model, meta } = read;
      const asked = turn === null ? `comment ${comment}` : `turn ${turn + 1}`;
      const said = typeof meta?.message === "string" ? meta.message : "";
      return entry("yellow", `request for ${speaker}, ${asked}, to ${model} failed: ${error}`, said);
    }
    case "end": {
      const { end, reason, note } = read;
      if (end === "aborted") return entry("yellow", "aborted", reason);
      return entry("bold", reason === "turns" ? "completed" : "completed early", note);
    }
    case "pass-started": {
      const { pass, annotators, codebook } = read.design;
      const scales = codebook.scales.map(({ name }) => name).join(", ");
      return entry(
        "bold",
        `annotation pass ${pass}`,
        `${scales}; by ${annotators.map(({ name }) => name).join(", ")}`,
      );
    }
    case "annotation": {
      const { annotator, comment, silentPosition, values, problem, raw } = read;
      const about = comment === null ? `the silence in slot ${silentPosition}` : `comment ${comment}`;
      if (read.missing !== undefined) return entry("dim", `${annotator} on ${about}: ${read.missing}`);
      return values === null
        ? entry("yellow", `${annotator} on ${about}: unparsed, ${problem}`, raw)
        : entry(null, `${annotator} on ${about}: ${valuesText(values)}`);
    }
    case "pass-completed": {
      const { pass, annotated, unparsed } = read;
      return entry("bold", `annotation pass ${pass} completed: ${annotated} annotated, ${unparsed} unparsed`);
    }
    default:
      return entry("dim", envelope.type, JSON.stringify(envelope.data));
  }
}

function speakerOf({ by, author, turn }: Said): string {
  if (by === "opening") return `${author}, opening`;
  if (by === "intervention") return `${author}, after turn ${turn! + 1}, as scripted`;
  return by === "moderator"
    ? `${author}, after turn ${turn! + 1}, as moderator`
    : `${author}, turn ${turn! + 1}`;
}

function valuesText(values: NonNullable<Annotation["values"]>): string {
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

function silenceText(said: Said): string {
  return isCut(said)
    ? "no comment, the limit of tokens cut the reply before any text"
    : `silent (${said.silence})`;
}
