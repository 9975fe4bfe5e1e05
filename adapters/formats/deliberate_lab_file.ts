/** Reads the parts of an experiment that Deliberate Lab exported as JSON: its chats, people and mediators. */
import type { Json } from "../../core/json.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";
import { checkNesting, isRecord, readJson } from "./text_file.ts";

type Members = Readonly<Record<string, unknown>>;

/** The exported experiment. */
export type LabFile = Readonly<{
  experiment: Members;
  stages: Members;
  /** Public id → participant. */
  participants: Members;
  mediators: Members;
  cohorts: Members;
  alerts: Json | undefined;
}>;

/** Who wrote a message, as far as its type says. */
export type LabAuthor = "participant" | "mediator" | "experimenter" | "system" | "unknown";

/** A message of a chat. */
export type LabMessage = Readonly<{
  id: string;
  by: LabAuthor;
  text: string;
  /** The time in ISO 8601; `null` if the message has none. */
  at: string | null;
  name: string;
  senderId: string;
  agentId: string;
  isError: boolean;
  /** What else is known about the message, without empty values. */
  others: Readonly<Record<string, Json>>;
}>;

/** Types of messages. Versions up to 15 write other types, in capitals. */
const AUTHORS: Readonly<Record<string, LabAuthor>> = {
  participant: "participant",
  mediator: "mediator",
  experimenter: "experimenter",
  system: "system",
  unknown: "unknown",
  PARTICIPANT: "participant",
  HUMAN_AGENT: "experimenter",
  AGENT_AGENT: "mediator",
};

/**
 * Reads the file.
 *
 * @throws {FormatError} When the text is not an experiment that Deliberate Lab exported.
 */
export function readLabFile(text: string): LabFile {
  const file = readJson(text);
  checkNesting(file);
  if (!isRecord(file) || !isRecord(file.experiment) || !isRecord(file.cohortMap)) {
    throw new FormatError(
      'it is not an experiment of Deliberate Lab: expected an object with "experiment" and "cohortMap"',
    );
  }
  return {
    experiment: file.experiment,
    stages: recordOf(file.stageMap),
    participants: recordOf(file.participantMap),
    mediators: recordOf(file.agentMediatorMap),
    cohorts: file.cohortMap,
    alerts: file.alerts as Json | undefined,
  };
}

/**
 * Reads a message.
 *
 * @param place Which message it is, in words for errors, such as `message 3 of its chat`.
 */
export function readLabMessage(value: unknown, place: string): LabMessage {
  if (!isRecord(value)) throw new FormatError(`${place} is not an object`);
  const { type, message, timestamp, profile, agentId, explanation, reasoning, replyTo, reactionMap, files } =
    value;
  const by = typeof type === "string" && Object.hasOwn(AUTHORS, type) ? AUTHORS[type]! : undefined;
  if (by === undefined) throw new FormatError(`${place} has the unknown type ${quoted(String(type))}`);
  if (typeof message !== "string") throw new FormatError(`${place} has no text in "message"`);
  const { name, ...otherProfile } = recordOf(profile);
  return {
    id: textOf(value.id),
    by,
    text: message,
    at: timeOf(timestamp),
    name: textOf(name),
    senderId: textOf(value.senderId) || textOf(value.participantPublicId),
    agentId: textOf(agentId),
    isError: value.isError === true,
    others: filled({ explanation, reasoning, replyTo, reactionMap, files, profile: filled(otherProfile) }),
  };
}

const NANOSECONDS_PER_MS = 1_000_000;

/** The time of a timestamp `{seconds, nanoseconds}`. Older exports write `_` before these two names. */
export function timeOf(value: unknown): string | null {
  const { seconds, _seconds, nanoseconds, _nanoseconds } = recordOf(value);
  const whole = Number(seconds ?? _seconds ?? NaN);
  const ms = whole * 1000 + Math.floor(Number(nanoseconds ?? _nanoseconds ?? 0) / NANOSECONDS_PER_MS);
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The members of an object; none if it is something else. */
export function recordOf(value: unknown): Members {
  return isRecord(value) ? value : {};
}

/** A text; empty if it is something else. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The members that are not empty. */
export function filled(members: Members): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) =>
      value !== undefined && value !== null && value !== "" &&
      !(typeof value === "object" && Object.keys(value).length === 0)
    ),
  ) as Record<string, Json>;
}
