/** Shows a logged request: its prompt, the reply, the thoughts, and how the reply was read. */
import { readEvent } from "../../analysis/projections/mod.ts";
import type { SentRequest } from "../../core/engine/mod.ts";
import { neutralise, neutraliseLines } from "../terminal/neutralise.ts";
import { formatCount } from "../terminal/numbers.ts";
import { styled } from "../terminal/text.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { messagesText } from "./prompts_text.ts";

/** The event as one object: the rendered prompt, and the event's own data with the reply. */
export function requestObject({ envelope: { stream, seq, type, data }, ...request }: SentRequest) {
  return { discussion: stream, event: seq, type, ...request, reply: replyOf(data), data };
}

/** The request as text. */
export function requestText(request: SentRequest, sink: Pick<TextSink, "colours">): string {
  const { envelope, role, speaker, model, prompt } = request;
  const { seq, stream, data } = envelope;
  const about = role === "annotator" && "comment" in data ? ` of comment ${data.comment}` : "";
  const title = `event ${seq} of ${stream}: ${speaker}, ${role}${about}${
    model === null ? "" : `, to ${model}`
  }`;
  const generation = "generation" in data ? data.generation : undefined;
  const reply = replyOf(data);
  const usage = generation?.usage;
  const facts = [
    ...usage === undefined
      ? []
      : [`${formatCount(usage.promptTokens)} tokens in, ${formatCount(usage.completionTokens)} out`],
    ...generation === undefined ? [] : [`end: ${generation.finishReasonGiven ?? generation.finishReason}`],
  ];
  const part = (name: string, text: string) =>
    `${styled(sink, "bold", name)}\n${text === "" ? "" : `  ${neutraliseLines(text, "  ")}\n`}`;
  return [
    `${styled(sink, "bold", neutralise(title))}\n`,
    "unknown" in prompt
      ? `Prompt not shown: ${neutralise(prompt.unknown)}\n`
      : `${styled(sink, "bold", "Prompt")}, ${CHECKS[prompt.check]}\n${messagesText(prompt.messages)}`,
    reply === null ? "" : part(["Reply", ...facts].join(", "), reply),
    "thoughts" in data && data.thoughts !== undefined ? part("Thoughts", data.thoughts) : "",
    ...("removed" in data ? data.removed ?? [] : []).map((removed) =>
      part("Removed from the reply", removed)
    ),
    part("Read as", readingOf(request)),
    "\n",
  ].join("");
}

const CHECKS = {
  same: "as in the log (equal SHA-256)",
  different: "NOT as in the log: the SHA-256 differs",
  "not-logged": "as it would be rendered now: the log keeps no hash of a failed request",
} as const;

/** The reply, word for word; `null` if there was none. */
function replyOf(data: SentRequest["envelope"]["data"]): string | null {
  if ("raw" in data && data.raw !== undefined) return data.raw;
  return "text" in data ? data.text : null;
}

function readingOf({ envelope }: SentRequest): string {
  const read = readEvent(envelope);
  switch (read.kind) {
    case "said":
      if (read.withheld !== undefined) return `comment ${read.comment}: ${read.withheld}`;
      return read.silence === null ? `comment ${read.comment}: ${read.text}` : `silence: ${read.silence}`;
    case "annotation": {
      if (read.values === null) return `no value: ${read.problem}`;
      return Object.entries(read.values).map(([scale, value]) => `${scale}: ${value}`).join("\n");
    }
    case "failure":
      return `a failed request: ${read.error}`;
    default:
      return read.kind;
  }
}
