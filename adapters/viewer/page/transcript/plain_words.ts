/** Plain words for the codes in a log. */
import {
  type Annotation,
  type DiscussionSlots,
  type End,
  type Failure,
  type Slot,
  wasAsked,
} from "../../../../analysis/projections/mod.ts";
import { wordCount } from "../../../../analysis/texts/text_measures.ts";
import type { DiscussionDesign, Generation, MODEL_ERROR_KINDS } from "../../../../core/events/mod.ts";
import { counted } from "../base/numbers.ts";

const SILENCES: Readonly<Record<NonNullable<Slot["silence"]>, string>> = {
  empty: "the reply was empty",
  "pass-word": "chose to say nothing",
  refused: "the model or its server refused to answer",
  "cut-before-text": "the limit of tokens cut the reply before any text",
  "timed-out": "gave no answer in time",
  declined: "does not take part",
};

const ONLY_QUOTES = /^[\s\p{Quotation_Mark}`´]*$/u;

const WITHHELD: Readonly<Record<NonNullable<Slot["withheld"]>, string>> = {
  withdrawn: "the person withdrew, so the words can no longer be read",
  sealed: "the words of a person are encrypted, and the key is not here",
};

/** Why a slot shows no words, as a phrase. */
export function silenceWords(
  { silence, withheld, raw }: Pick<Slot, "silence" | "withheld" | "raw">,
  passWord: string,
): string {
  if (withheld !== undefined) return WITHHELD[withheld];
  if (silence === "empty" && raw !== undefined && raw.trim() !== "") {
    return ONLY_QUOTES.test(raw)
      ? "the reply had only quotation marks"
      : "no words of the reply were left after it was read";
  }
  const words = SILENCES[silence!] ?? `silent (${silence})`;
  return silence === "pass-word" && raw !== undefined && passWord !== ""
    ? `${words} (replied with the pass word)`
    : words;
}

/** The same, as a sentence: `No comment: the reply was empty.` */
export function missingWords(slot: Pick<Slot, "silence" | "withheld" | "raw">, passWord: string): string {
  const kind = slot.withheld === undefined
    ? "No comment"
    : slot.withheld === "withdrawn"
    ? "Withdrawn"
    : "Sealed";
  return `${kind}: ${silenceWords(slot, passWord)}.`;
}

const FAILURES: Readonly<Record<(typeof MODEL_ERROR_KINDS)[number], string>> = {
  unauthorised: "the server did not accept the key",
  "unknown-model": "the server does not know the model",
  "bad-request": "the server refused the request",
  "rate-limited": "the server takes no more requests for now",
  "server-error": "the server had an error",
  unreachable: "the server could not be reached",
  "time-out": "the server did not answer in time",
  "malformed-reply": "the server's answer could not be read",
  "broken-model": "the model stopped working",
};

/** Why a request failed. */
export function failureWords({ error }: Pick<Failure, "error">): string {
  return FAILURES[error] ?? `the request failed (${error})`;
}

/** How a discussion ended. */
export function endWords({ end, reason, note }: End): string {
  if (end === "aborted") return `Aborted: ${reason}`;
  if (reason === "turns") return "Completed: all turns were taken";
  return note === undefined ? "Ended before all turns" : `Ended before all turns: ${note}`;
}

/** How a reply ended, as a phrase; `null` if it ended normally, or if there is no reply. */
export function cutWords(
  generation: Pick<Generation, "finishReason" | "finishReasonGiven"> | undefined,
): string | null {
  switch (generation?.finishReason) {
    case undefined:
    case "stop":
    case "sent":
    case "timed-out":
    case "declined":
      return null;
    case "length":
      return "the limit of tokens cut the reply";
    case "refused":
      return "the model or its server refused to answer";
    case "other":
      return `the reply ended for another reason: ${generation!.finishReasonGiven ?? "not kept"}`;
    default:
      return generation!.finishReason satisfies never;
  }
}

/** The slot's part in the discussion, after the speaker's name. */
export function partWords({ by, turn, role, author }: Pick<Slot, "by" | "turn" | "role" | "author">): string {
  switch (by) {
    case "opening":
      return "opening comment";
    case "intervention":
      return `scripted, after turn ${turn! + 1}`;
    case "moderator":
      return isNamedModerator(author) ? `after turn ${turn! + 1}` : `moderator, after turn ${turn! + 1}`;
    case "participant":
      return role === null ? `turn ${turn! + 1}` : `${role}, turn ${turn! + 1}`;
    default:
      return by satisfies never;
  }
}

/** What the figures of the speakers leave out: `Not counted: openings (136 words).`; `null` for nothing. */
export function leftOutWords({ slots }: Pick<DiscussionSlots, "slots">): string | null {
  const left = slots.filter((slot) => !wasAsked(slot) && slot.text !== null);
  if (left.length === 0) return null;
  const words = left.reduce((sum, { text }) => sum + wordCount(text!), 0);
  const kinds = [
    ...left.some(({ by }) => by === "opening") ? ["openings"] : [],
    ...left.some(({ by }) => by === "intervention") ? ["scripted comments"] : [],
    ...left.some(wasGenerated) ? ["turns copied from the origin"] : [],
  ];
  return `Not counted: ${LIST.format(kinds)} (${counted(words, "word")}).`;
}

const LIST = new Intl.ListFormat("en");

/**
 * Whether a model or a person wrote the comment. Openings and scripted comments come from the experiment
 * file.
 */
export function wasGenerated({ by }: Pick<Slot, "by">): boolean {
  return by === "participant" || by === "moderator";
}

/** Who takes part, on one line. */
export function peopleWords({ participants, moderator }: DiscussionDesign): string {
  const people = `${participants.length} ${participants.length === 1 ? "participant" : "participants"}`;
  if (moderator === null) return `${people}, no moderator`;
  return isNamedModerator(moderator.name)
    ? `${people} and a moderator`
    : `${people}, moderator ${moderator.name}`;
}

/** Whether the name of a moderator already says that this is the moderator. */
export function isNamedModerator(name: string): boolean {
  return name.toLowerCase() === "moderator";
}

/** A value of an annotator, with its label if the scale has one. */
export function valueWords(value: NonNullable<Annotation["values"]>[string]): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? String(Math.round(value * 1000) / 1000) : value;
}
