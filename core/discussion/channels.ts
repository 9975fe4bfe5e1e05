/** Divides replies that consist of channels or sections. These formats mark the answer as well as the thoughts. */
import type { Divided } from "./thoughts.ts";

/** The control tokens of the format that gpt-oss writes. */
const CONTROL = /<\|(channel|message|start|end|return|call|constrain)\|>/giu;
const HAS_CHANNELS = /<\|(?:channel|message)\|>/iu;

/** The channel whose text is the answer. */
const FINAL = "final";

/** The name of a channel. If no `<|message|>` follows, the rest of the header is the text. */
const HEADER = /^\s{0,9}([a-z]{1,20})/iu;

/** Matches channels whose control tokens a server dropped: `analysisWe need …assistantfinalI agree`. */
const BARE_ANALYSIS = /^\s{0,9}analysis(?=\p{Lu})/u;
const BARE_FINAL = /assistant\s{0,3}final(?=[\s\p{Lu}"“*_\d])/u;

/** The beginnings of Granite's sections. */
const GRANITE_THOUGHT = /^\s{0,9}here(?:['’]s| is) my thought process:/iu;
const GRANITE_ANSWER = /here(?:['’]s| is) my response:/iu;

/** The marks around the answer of Apriel. The text before them is the thoughts. */
const APRIEL_ANSWER = "[BEGIN FINAL RESPONSE]";
const APRIEL_END = "[END FINAL RESPONSE]";

/**
 * Divides a reply that consists of channels or sections; `null` if the reply has neither.
 *
 * @param isCut Whether the limit of tokens cut the reply.
 */
export function dividedByChannels(text: string, isCut: boolean): Divided | null {
  if (HAS_CHANNELS.test(text)) return byControlTokens(text);
  return byAnswer(text, BARE_ANALYSIS, { answer: BARE_FINAL, isCut: true }) ??
    byAnswer(text, GRANITE_THOUGHT, { answer: GRANITE_ANSWER, isCut }) ?? byApriel(text);
}

/** Divides a reply at its answer. Without an answer, a cut reply is one thought, and any other reply is not divided. */
function byAnswer(
  text: string,
  thought: RegExp,
  { answer, isCut }: Readonly<{ answer: RegExp; isCut: boolean }>,
): Divided | null {
  const begin = thought.exec(text);
  if (begin === null) return null;
  const end = answer.exec(text);
  if (end === null) {
    return isCut ? { said: "", thoughts: kept([text.slice(begin[0].length)]), isOpen: true } : null;
  }
  return {
    said: text.slice(end.index + end[0].length),
    thoughts: kept([text.slice(begin[0].length, end.index)]),
    isOpen: false,
  };
}

function byApriel(text: string): Divided | null {
  const at = text.indexOf(APRIEL_ANSWER);
  if (at === -1) return null;
  const begin = at + APRIEL_ANSWER.length;
  const end = text.indexOf(APRIEL_END, begin);
  return {
    said: text.slice(begin, end === -1 ? undefined : end),
    thoughts: kept([text.slice(0, at)]),
    isOpen: false,
  };
}

type Segment = { channel: string | null; text: string };

function byControlTokens(text: string): Divided {
  const segments: Segment[] = [];
  let state: "header" | "role" | "text" = "text";
  // The channel of the text; `null` outside of channels.
  let channel: string | null = null;
  let header = "";
  let at = 0;
  let isClosed = true;
  const flush = (end: number) => {
    const part = text.slice(at, end);
    if (state === "header") header += part;
    else if (state === "text") segments.push({ channel, text: part });
  };
  const leaveHeader = () => {
    if (state !== "header") return;
    const name = HEADER.exec(header);
    segments.push({ channel: name?.[1]?.toLowerCase() ?? "", text: header.slice(name?.[0].length ?? 0) });
  };
  for (const { 0: token, 1: name, index } of text.matchAll(CONTROL)) {
    flush(index);
    at = index + token.length;
    switch (name!.toLowerCase()) {
      case "channel":
        leaveHeader();
        [state, header, isClosed] = ["header", "", false];
        break;
      case "message":
        if (state === "header") channel = HEADER.exec(header)?.[1]?.toLowerCase() ?? "";
        else if (state === "role") channel = null;
        state = "text";
        break;
      case "start":
        leaveHeader();
        [state, channel] = ["role", null];
        break;
      case "constrain":
        break;
      default:
        leaveHeader();
        [state, channel, isClosed] = ["text", null, true];
    }
  }
  flush(text.length);
  leaveHeader();
  const final = segments.findIndex(({ channel }) => channel === FINAL);
  const isSaid = (segment: Segment, index: number) =>
    segment.channel === FINAL || (segment.channel === null && (final === -1 || index > final));
  const last = segments.at(-1);
  return {
    said: segments.filter(isSaid).map(({ text }) => text).join(""),
    thoughts: kept(segments.filter((segment, index) => !isSaid(segment, index)).map(({ text }) => text)),
    isOpen: !isClosed && last !== undefined && !isSaid(last, segments.length - 1),
  };
}

function kept(thoughts: readonly string[]): readonly string[] {
  return thoughts.map((thought) => thought.trim()).filter((thought) => thought !== "");
}
