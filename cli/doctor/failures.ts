/** Explains a failed request, and says what to change. */
import type { ModelErrorKind } from "../../core/events/mod.ts";
import type { ModelError } from "../../core/ports/mod.ts";
import type { CheckResult, Level } from "./result.ts";

/** What to change if a reply has no text. */
export const EMPTY_CHANGE =
  "look at the server's chat template, or use a model that is trained to follow instructions";

/**
 * What to change for a failure whose message names its cause. The first pattern that fits counts. Servers name the fields
 * that they refuse.
 */
const CAUSES: Readonly<Partial<Record<ModelErrorKind, readonly (readonly [RegExp, string])[]>>> = {
  "bad-request": [
    [/systemRole/, "set systemRole: merge, and check again"],
    [/structuredOutput/, "set structuredOutput to another value, or leave it out"],
    [/topLogprobs/, "leave topLogprobs out, or use a server that reports log-probabilities"],
    [
      /\bseed\b/i,
      "set seedField to the server's name for the seed, or sendSeed: false; replies then cannot be repeated",
    ],
    [/max_completion_tokens/, "set maxTokensField to the name that the server's message gives"],
    [/max_tokens/, "set maxTokensField: max_completion_tokens"],
    [/\btemperature\b/i, "leave temperature out, or set a value that the model accepts"],
    [/\btop_p\b/i, "leave topP out"],
    [/\bstop\b/i, "leave stop out"],
  ],
  "malformed-reply": [[/message holds no text/, EMPTY_CHANGE]],
  "broken-model": [
    [/redirects elsewhere/, "set baseUrl to the address that the server redirects to"],
    [/port \d+ (?:is|are) blocked/i, "start the server at another port, and set baseUrl to it"],
  ],
};

/** What to change for each kind of failure, if its message names no cause in {@linkcode CAUSES}. */
const KINDS: Readonly<Record<ModelErrorKind, string>> = {
  "unauthorised": "set the variable that apiKeyEnv names to a key that is valid for this server",
  "unknown-model": "set model to a name that the server knows",
  "bad-request": "change what the server's message names, and check again",
  "rate-limited": "wait, and check again; set limits.requestsPerMinute to what the server allows",
  "server-error": "look at the server's own log, and check again",
  "unreachable": "start the server, or correct baseUrl",
  "time-out": "check that the server is not overloaded; give a slow model more time with --timeout",
  "malformed-reply": "check that baseUrl is the address of the API, which usually ends in /v1",
  "broken-model": "correct the model's entry or its adapter",
};

/** The result of a check whose request failed. */
export function failureOf(check: string, { kind, message }: ModelError, level: Level): CheckResult {
  const named = CAUSES[kind]?.find(([pattern]) => pattern.test(message));
  return { check, level, found: message, change: named?.[1] ?? KINDS[kind] };
}
