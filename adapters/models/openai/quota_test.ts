/** Used-up quotas, and rate limits that servers report in similar words. */
import assert from "node:assert/strict";
import type { ModelErrorKind } from "../../../core/events/models.ts";
import { failureOf } from "../testing/stub_models.ts";

const SENTENCE = "You exceeded your current quota, please check your plan and billing details.";
const perMinute = { quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier" };

const CASES: readonly (readonly [name: string, status: number, body: unknown, kind: ModelErrorKind])[] = [
  [
    "a quota in the type alone",
    429,
    { error: { message: SENTENCE, type: "insufficient_quota", param: null, code: null } },
    "unauthorised",
  ],
  [
    "a quota in the code alone",
    429,
    { error: { message: "No", type: "x", code: "insufficient_quota" } },
    "unauthorised",
  ],
  [
    "a quota in the type, beside another code",
    429,
    { error: { message: "No", type: "insufficient_quota", code: "429" } },
    "unauthorised",
  ],
  [
    "a quota in the message alone",
    429,
    { error: { message: SENTENCE, type: null, code: null } },
    "unauthorised",
  ],
  [
    "a billing limit",
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
  ["status 402", 402, { error: { message: "Insufficient Balance", type: "unknown_error" } }, "unauthorised"],
  [
    "the type that Moonshot uses",
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
  [
    "a code that can mean a quota or a rate limit",
    429,
    { error: { code: "quota_exceeded", message: "No" } },
    "unauthorised",
  ],
  [
    "Anthropic's low credit balance",
    400,
    {
      type: "error",
      error: { type: "invalid_request_error", message: "Your credit balance is too low to access the API." },
    },
    "unauthorised",
  ],
  [
    "used-up credits with status 403",
    403,
    { error: "Your team has used all available credits" },
    "unauthorised",
  ],
  [
    "a problem of RFC 9457",
    402,
    { status: 402, title: "Payment Required", detail: "Credits expired" },
    "unauthorised",
  ],
  [
    "Gemini's quota by the minute",
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
    "a quota by the minute in the message",
    429,
    { error: { message: "Quota exceeded for requests per minute" } },
    "rate-limited",
  ],
  [
    "a quota in the code, beside a period",
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
    "a quota beside an address that resembles a period",
    429,
    { error: { message: `${SENTENCE} See https://example.org/d/s` } },
    "unauthorised",
  ],
  ["a full disk of the server", 429, { error: { message: "Disk quota exceeded" } }, "rate-limited"],
  ["a request that is too large for the limit per minute", 413, {
    error: { code: "rate_limit_exceeded", message: "too large" },
  }, "bad-request"],
];

for (const [name, status, body, kind] of CASES) {
  Deno.test(`openaiAdapter reports this error as ${kind}: ${name}`, async () => {
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
