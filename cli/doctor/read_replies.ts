/** What the replies to the questions of `doctor` say about a model. Each function returns the results of one check. */
import { type CleanReply, cleanReply, READING_VERSION } from "../../core/discussion/mod.ts";
import {
  ModelError,
  type ModelFacts,
  type ModelReply,
  type ReadAnswer,
  readAnswer,
} from "../../core/ports/mod.ts";
import { PROVIDERS } from "../../adapters/models/openai/providers.ts";
import { formatCount, formatDuration } from "../terminal/numbers.ts";
import { EMPTY_CHANGE, failureOf } from "./failures.ts";
import { followsSystem, type QuestionName, QUESTIONS, replyTokensMax } from "./questions.ts";
import type { CheckResult } from "./result.ts";
import type { FormName, Service } from "./services.ts";

/** Adapters that run a model themselves. They enforce the form of answers, and shorten prompts that are too long. */
const LOCAL: ReadonlySet<string> = new Set(["llama", "transformers"]);

/** A reply, and how long it took. */
export type TimedReply = Readonly<{ reply: ModelReply; ms: number }>;

/** The replies to the questions. A question that failed has its error. */
export type Answered = ReadonlyMap<QuestionName, TimedReply | ModelError>;

function replyTo(answered: Answered, name: QuestionName): TimedReply | null {
  const found = answered.get(name);
  return found === undefined || found instanceof ModelError ? null : found;
}

/** The reply to the first question. It always exists. */
function first(answered: Answered): TimedReply & Readonly<{ clean: CleanReply }> {
  const timed = replyTo(answered, "first")!;
  return { ...timed, clean: cleanReply(timed.reply, { reading: READING_VERSION }) };
}

const THOUGHTS_CHANGE = "set a high maxTokens, or turn thoughts off with extraBody if the server can";

export function answering(answered: Answered, { isListed }: ModelFacts): CheckResult[] {
  const { reply, ms, clean } = first(answered);
  const check = "answers";
  const hasText = clean.text !== "";
  if (reply.finishReason === "refused") {
    const change = "use a model or a server that does not withhold harmless replies";
    return [{
      check,
      level: "problem",
      found: "the server withheld the reply to a harmless question",
      change,
    }];
  }
  if (!hasText && reply.finishReason !== "length") {
    return [
      clean.thoughts === null
        ? { check, level: "problem", found: "the reply is empty", change: EMPTY_CHANGE }
        : { check, level: "problem", found: "the reply has only thoughts", change: THOUGHTS_CHANGE },
    ];
  }
  const after = `after ${formatDuration(ms)}`;
  const results: CheckResult[] = [
    hasText
      ? { check, level: "ok", found: after }
      : { check, level: "note", found: `${after}, but the reply was cut before any text` },
  ];
  if (isListed === false) {
    results.push({
      check,
      level: "warning",
      found: "the server answers, but its list of models does not have this name",
      change: "set model to a name in the list: some servers ignore the name and answer with any model",
    });
  }
  if (reply.servedBy !== undefined) {
    const found = `the server says that the model is ${
      JSON.stringify(reply.servedBy)
    }; logs record this name`;
    results.push({ check, level: "note", found });
  }
  return results;
}

export function systemRole(answered: Answered, { setup: { adapter } }: Service): CheckResult[] {
  const check = "system role";
  if (adapter === "scripted") return [{ check, level: "note", found: "a script does not read its prompt" }];
  const { clean } = first(answered);
  if (clean.text === "") return [{ check, level: "note", found: "unknown, since the reply has no text" }];
  if (followsSystem(clean.text)) {
    return [{ check, level: "ok", found: "the reply follows the system message" }];
  }
  return [{
    check,
    level: "warning",
    found: "the reply does not follow the system message, which holds personas and instructions",
    change: adapter === "openai"
      ? "set systemRole: merge if the server drops system messages, or use a larger model"
      : "use a larger model",
  }];
}

export function context(
  { setup: { adapter, sampling: { maxTokens = 0 } }, promptTokens }: Service,
  { contextTokens }: ModelFacts,
): CheckResult[] {
  const check = "context";
  const needed = promptTokens + maxTokens;
  const need = `prompts of about ${formatCount(promptTokens)} tokens` +
    (maxTokens > 0 ? `, and replies of up to ${formatCount(maxTokens)}` : "");
  if (contextTokens === undefined) {
    return [{ check, level: "note", found: `unknown; the experiment has ${need}` }];
  }
  const found = `${formatCount(contextTokens)} tokens; the experiment has ${need}`;
  if (needed <= contextTokens) return [{ check, level: "ok", found }];
  const change = "lower discussion.history or maxTokens, shorten the instructions, or use a longer context";
  return [{ check, level: LOCAL.has(adapter) ? "warning" : "problem", found, change }];
}

export function seed(answered: Answered, { questions, setup }: Service): CheckResult[] {
  const check = "seed";
  if (!questions.includes("repeated")) {
    const found = setup.adapter === "scripted"
      ? "a script repeats its replies"
      : "not sent, since sendSeed is false: the same request can get another reply";
    return [{ check, level: "note", found }];
  }
  const failed = (["repeated", "otherSeed"] as const).map((name) => answered.get(name))
    .find((result) => result instanceof ModelError);
  if (failed !== undefined) return [failureOf(check, failed, "warning")];
  const [one, same, other] = (["first", "repeated", "otherSeed"] as const)
    .map((name) => replyTo(answered, name)!.reply)
    .map(({ text, reasoning = "" }) => `${reasoning}\n${text}`);
  if (one!.trim() === "") return [{ check, level: "note", found: "unknown, since the reply has no text" }];
  if (one !== same) {
    return [{
      check,
      level: "warning",
      found:
        "two equal requests with the same seed got different replies, so a run cannot be repeated exactly",
      change: "say so in the paper; set sendSeed: false if the server does not know seeds",
    }];
  }
  if (one === other) {
    return [{
      check,
      level: "warning",
      found: "requests with different seeds got the same reply, so replications can be copies of each other",
      change: "set a temperature above 0, and check that the server uses it and the seed",
    }];
  }
  return [{
    check,
    level: "ok",
    found: "equal requests get equal replies, and another seed gets another reply",
  }];
}

export function forms(answered: Answered, service: Service): CheckResult[] {
  return [
    ...form("answers", answered, service),
    ...probabilities(answered, service),
    ...form("object", answered, service),
  ];
}

const FORMS: Readonly<Record<FormName, string>> = { answers: "answer list", object: "JSON answers" };

function form(name: FormName, answered: Answered, { setup, forms: needed }: Service): CheckResult[] {
  const check = FORMS[name];
  const isNeeded = needed.has(name);
  const result = answered.get(name)!;
  if (result instanceof ModelError) return [failureOf(check, result, isNeeded ? "problem" : "warning")];
  const { structuredOutput = "none" } = setup.options;
  const isEnforced = LOCAL.has(setup.adapter) || structuredOutput !== "none";
  const how = isEnforced ? "the model is restricted to this form" : "without being restricted to this form";
  const read = readForm(name, result);
  if ("text" in read) return [{ check, level: "ok", found: `an allowed answer, ${how}` }];
  if (result.reply.finishReason === "length") {
    const { isOwn, text: at } = limitOf(setup);
    const found = `unknown, since the reply was cut at ${at}`;
    if (!isOwn) return [{ check, level: "note", found }];
    return [{
      check,
      level: isNeeded ? "warning" : "note",
      found,
      change: "raise maxTokens, and check again",
    }];
  }
  const found = `the reply has another form: ${read.problem}`;
  if (setup.adapter !== "openai") return [{ check, level: "note", found }];
  const change = isEnforced
    ? "set structuredOutput to another value: the server seems to ignore this one"
    : `set structuredOutput to ${structuredOutputFor(setup)}`;
  return [{ check, level: isNeeded ? "warning" : "note", found, change }];
}

function readForm(name: FormName, { reply }: TimedReply): ReadAnswer {
  return readAnswer(QUESTIONS[name].form, cleanReply(reply, { reading: READING_VERSION }).text);
}

/** The `structuredOutput` that fits the server if its provider is known; otherwise, the values to try. */
function structuredOutputFor({ service: { baseUrl } }: Service["setup"]): string {
  const provider = Object.values(PROVIDERS).find(({ options }) => options.baseUrl === baseUrl);
  const { structuredOutput = "not documented", title } = provider ?? {};
  return structuredOutput === "not documented" || structuredOutput === "none"
    ? "response_format (most servers) or structured_outputs (vLLM)"
    : `${structuredOutput}, which fits ${title}`;
}

function probabilities(answered: Answered, { setup: { adapter, options } }: Service): CheckResult[] {
  const check = "log-probs";
  const result = replyTo(answered, "answers");
  // The check of the answer list already reports the failed request.
  if (result === null) return [];
  if (result.reply.choice !== undefined) {
    return [{ check, level: "ok", found: "the reply has the probability of each answer" }];
  }
  if (adapter !== "openai" || (options.topLogprobs ?? 0) === 0) {
    const why = adapter === "openai" ? ", since topLogprobs is not set" : "";
    return [{ check, level: "note", found: `annotations get no probabilities of answers${why}` }];
  }
  if (!("text" in readForm("answers", result))) {
    return [{ check, level: "note", found: "unknown, since the reply is not an allowed answer" }];
  }
  return [{
    check,
    level: "warning",
    found: "asked for, but the reply does not have the log-probabilities of both answers",
    change: "set topLogprobs: 20; if it is 20 already, leave it out: the server reports too few of them",
  }];
}

export function thoughts(answered: Answered, { setup }: Service): CheckResult[] {
  const check = "thoughts";
  const { clean } = first(answered);
  if (clean.thoughts === null) return [{ check, level: "ok", found: "none in the reply" }];
  const found = `the reply has ${formatCount(clean.thoughts.length)} characters of thoughts`;
  if (setup.thoughts === "keep") {
    const change = "set thoughts: strip, unless other participants should read the thoughts";
    return [{ check, level: "warning", found: `${found}, which stay in comments`, change }];
  }
  return [{
    check,
    level: "note",
    found: `${found}, which comments leave out and maxTokens counts`,
    change: THOUGHTS_CHANGE,
  }];
}

export function cuts(answered: Answered, { setup, isSpeaker }: Service): CheckResult[] {
  const check = "length";
  const { clean } = first(answered);
  const { tokens, isOwn, text: at } = limitOf(setup);
  if (!clean.isCut) {
    return [{ check, level: "ok", found: `one sentence is complete within ${tokens} tokens` }];
  }
  const hasText = clean.text !== "";
  const cut = `the reply was cut at ${at}${hasText ? "" : " before any text"}`;
  if (!isOwn) {
    const change = "set maxTokens, and read some replies: the model writes much more than one sentence";
    return [{ check, level: hasText ? "note" : "warning", found: cut, change }];
  }
  if (!isSpeaker && hasText) {
    const found = `a reply of one sentence is cut at ${at}; annotations are shorter`;
    return [{ check, level: "note", found }];
  }
  const change = "raise maxTokens: the question asks for one sentence";
  return [{ check, level: hasText || !isSpeaker ? "warning" : "problem", found: cut, change }];
}

/** The reply's limit of tokens: the limit of the model's entry (`isOwn`), or the limit of this check. */
function limitOf(setup: Service["setup"]): Readonly<{ tokens: number; isOwn: boolean; text: string }> {
  const tokens = replyTokensMax(setup);
  const isOwn = setup.sampling.maxTokens === tokens;
  return {
    tokens,
    isOwn,
    text: isOwn ? `maxTokens: ${tokens}` : `${tokens} tokens, the limit of this check`,
  };
}

export function speed(answered: Answered): CheckResult[] {
  const check = "speed";
  // The first reply can include the time to load the model.
  const later = (["repeated", "otherSeed"] as const).flatMap((name) => replyTo(answered, name) ?? []);
  const timed = later.length > 0 ? later : [first(answered)];
  const tokens = timed.reduce((sum, { reply }) => sum + (reply.usage?.completionTokens ?? NaN), 0);
  if (Number.isNaN(tokens)) {
    return [{
      check,
      level: "note",
      found: "unknown: the model reports no tokens, so budgets cannot count them",
    }];
  }
  const seconds = timed.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const rate = tokens / Math.max(seconds, 1e-3);
  return [{
    check,
    level: "ok",
    found: `${rate < 10 ? rate.toFixed(1) : formatCount(rate)} tokens a second for one request at a time`,
  }];
}
