/** A quota that is used up, and limits by the minute that are told in much the same words. */
import assert from "node:assert/strict";
import type { ModelErrorKind } from "../../../core/events/models.ts";
import { failureOf } from "../testing/stub_models.ts";

const SENTENCE = "You exceeded your current quota, please check your plan and billing details.";
const perMinute = { quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier" };

const CASES: readonly (readonly [name: string, status: number, body: unknown, kind: ModelErrorKind])[] = [
  [
    "a type alone",
    429,
    { error: { message: SENTENCE, type: "insufficient_quota", param: null, code: null } },
    "unauthorised",
  ],
  ["a code alone", 429, { error: { message: "No", type: "x", code: "insufficient_quota" } }, "unauthorised"],
  [
    "a type beside another code",
    429,
    { error: { message: "No", type: "insufficient_quota", code: "429" } },
    "unauthorised",
  ],
  ["words alone", 429, { error: { message: SENTENCE, type: null, code: null } }, "unauthorised"],
  [
    "a limit of billing",
    400,
    { error: { message: "No", code: "billing_hard_limit_reached" } },
    "unauthorised",
  ],
  [
    "an account without billing",
    429,
    { error: { message: "No", type: "billing_not_active" } },
    "unauthorised",
  ],
  ["a status", 402, { error: { message: "Insufficient Balance", type: "unknown_error" } }, "unauthorised"],
  [
    "a type of Moonshot",
    429,
    { error: { type: "exceeded_current_quota_error", message: "No" } },
    "unauthorised",
  ],
  [
    "a quota of a reseller",
    403,
    { error: { code: "insufficient_user_quota", message: "No" } },
    "unauthorised",
  ],
  ["a name that can mean both", 429, { error: { code: "quota_exceeded", message: "No" } }, "unauthorised"],
  [
    "a wrong request of Anthropic",
    400,
    {
      type: "error",
      error: { type: "invalid_request_error", message: "Your credit balance is too low to access the API." },
    },
    "unauthorised",
  ],
  ["a status of 403", 403, { error: "Your team has used all available credits" }, "unauthorised"],
  [
    "a problem of RFC 9457",
    402,
    { status: 402, title: "Payment Required", detail: "Credits expired" },
    "unauthorised",
  ],
  [
    "a quota by the minute, as Gemini tells it",
    429,
    [{
      error: {
        code: 429,
        message: SENTENCE,
        status: "RESOURCE_EXHAUSTED",
        details: [{ violations: [perMinute] }, { retryDelay: "36s" }],
      },
    }],
    "rate-limited",
  ],
  [
    "a quota by the minute in words",
    429,
    { error: { message: "Quota exceeded for requests per minute" } },
    "rate-limited",
  ],
  [
    "a name with a period",
    429,
    { error: { code: "quota_exceeded", message: "60 requests per minute" } },
    "rate-limited",
  ],
  [
    "a day's free requests",
    429,
    {
      error: {
        message: "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000",
        code: 429,
      },
    },
    "rate-limited",
  ],
  ["an exhausted resource", 429, {
    error: { message: "Resource has been exhausted (e.g. check quota).", status: "RESOURCE_EXHAUSTED" },
  }, "rate-limited"],
  [
    "a throttled request of status 400",
    400,
    { error: { code: "ThrottlingException", message: "slower" } },
    "rate-limited",
  ],
  ["a limit of 3 / min", 429, { error: { message: "Quota exceeded: 3 / min" } }, "rate-limited"],
  [
    "an address with short names",
    429,
    { error: { message: `${SENTENCE} See https://example.org/d/s` } },
    "unauthorised",
  ],
  ["a full disk of the server", 429, { error: { message: "Disk quota exceeded" } }, "rate-limited"],
  ["a request that is too large for a minute", 413, {
    error: { code: "rate_limit_exceeded", message: "too large" },
  }, "bad-request"],
];

for (const [name, status, body, kind] of CASES) {
  Deno.test(`openaiAdapter takes ${name} for ${kind}`, async () => {
    const error = await failureOf({ kind: "answer", status, body });
    assert.equal(error.kind, kind);
    assert.equal(error.retryable, kind === "rate-limited");
    if (kind === "unauthorised") {
      assert.match(
        error.message,
        /the account of the key in STUB_KEY \(\d+\): its quota or credit is used up/,
      );
      assert.equal(error.retryAfterMs, undefined);
    }
  });
}
