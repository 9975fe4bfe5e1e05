/** The waits that servers state in headers, messages and bodies. */
import assert from "node:assert/strict";
import { failureOf, NOW_MS } from "../testing/stub_models.ts";
import { durationMs } from "./waits.ts";

type Headers = Readonly<Record<string, string>>;

const DAYS_30 = 30 * 24 * 3600;

const named = (ms: number | undefined) => ms === undefined ? "no wait" : `a wait of ${ms} ms`;

/** Headers → the wait at 2026-03-01, 12:00 UTC, which is 1772366400 seconds since 1970. */
const IN_HEADERS: readonly (readonly [headers: Headers, ms: number | undefined])[] = [
  [{ "retry-after": "7" }, 7_000],
  [{ "retry-after": "Sun, 01 Mar 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Sun, 01 Mar 2026 11:59:00 GMT" }, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-3" }, undefined],
  [{ "retry-after": "2", "retry-after-ms": "1500" }, 1_500],
  [{ "retry-after": "130" }, 130_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "0" }, undefined],
  [{ "retry-after": "86400" }, 86_400_000],
  [{ "retry-after": `${DAYS_30}` }, DAYS_30 * 1000],
  [{ "retry-after": `${DAYS_30 + 1}` }, undefined],
  [{ "retry-after": "2m10s" }, 130_000],
  [{ "retry-after": "36s" }, 36_000],
  [{ "retry-after": "1772366436" }, 36_000],
  [{ "retry-after": "Sunday, 01-Mar-26 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Sun Mar  1 12:00:30 2026" }, 30_000],
  [{ "retry-after": "2026-03-01T12:00:30Z" }, 30_000],
  [{ "x-ratelimit-reset-requests": "36.4s", "x-ratelimit-remaining-requests": "0" }, 36_400],
  [{ "x-ratelimit-reset-tokens": "1m30s" }, 90_000],
  [{ "x-ratelimit-reset-tokens": "2m10.5s" }, 130_500],
  [{ "x-ratelimit-reset-tokens": "120ms" }, 120],
  [{ "x-ratelimit-reset-tokens": "1h2m" }, 3_720_000],
  [{ "x-ratelimit-reset-requests": "26" }, 26_000],
  [{ "x-ratelimit-reset": "1772366436" }, 36_000],
  [{ "x-ratelimit-reset": "1772366436000" }, 36_000],
  [{ "x-ratelimit-reset": "36" }, 36_000],
  [{ "x-ratelimit-reset": "1772366000" }, undefined],
  [{ "x-ratelimit-reset": "1872366436" }, undefined],
  [{ "x-ratelimit-reset": "soon" }, undefined],
  [{ "ratelimit-reset": "36" }, 36_000],
  [{ "ratelimit": '"default";r=0;t=36' }, 36_000],
  [{ "ratelimit": '"minute";r=0;t=36, "day";r=100;t=3600' }, 36_000],
  [{ "ratelimit": "limit=40, remaining=0, reset=36" }, 36_000],
  [{ "ratelimitbysize-reset": "34" }, 34_000],
  [{ "anthropic-ratelimit-requests-reset": "2026-03-01T12:00:36Z" }, 36_000],
  [
    {
      "x-ratelimit-remaining-requests": "100",
      "x-ratelimit-reset-requests": "2m59s",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "7.66s",
    },
    7_660,
  ],
  [
    {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "2m59s",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "7.66s",
    },
    179_000,
  ],
  [{ "x-ratelimit-reset-requests": "20s", "x-ratelimit-reset-tokens": "7.66s" }, 20_000],
  [{
    "x-ratelimit-reset-tokens-minute": "11.38",
    "x-ratelimit-remaining-tokens-minute": "0",
    "x-ratelimit-reset-requests-day": "33011.4",
  }, 11_380],
  [{ "retry-after": "5", "x-ratelimit-reset-requests": "36s", "x-ratelimit-remaining-requests": "0" }, 5_000],
  [{ "retry-after": "0", "x-ratelimit-reset-requests": "36s" }, 36_000],
  [{ "x-ratelimit-limit-requests": "40", "x-ratelimit-remaining-requests": "0" }, undefined],
];

for (const [headers, ms] of IN_HEADERS) {
  Deno.test(`openaiAdapter reads ${JSON.stringify(headers)} as ${named(ms)}`, async () => {
    assert.equal(new Date(NOW_MS).toUTCString(), "Sun, 01 Mar 2026 12:00:00 GMT");
    assert.equal((await failureOf({ kind: "answer", status: 429, headers })).retryAfterMs, ms);
  });
}

const IN_WORDS: readonly (readonly [words: string, ms: number | undefined])[] = [
  ["Rate limit reached: 40 requests per minute. Please try again in 36.4s.", 36_400],
  ["Rate limit reached, try again in 2m10s", 130_000],
  ["Limit: 3 / min. Please try again in 20s. Contact us if you continue to have issues.", 20_000],
  ["Please try again in 6ms.", 6],
  ["Try again in 20 seconds", 20_000],
  ["Requests exceeded the limit. Please retry after 30 sec.", 30_000],
  ["Please retry after 26", 26_000],
  ["Please retry in 1 minute", 60_000],
  ["Please retry in 36.5s.", 36_500],
  ["Please wait 20 seconds before retrying", 20_000],
  ["Try again in 1 minute and 5 seconds", 65_000],
  ["Try again in an hour", 3_600_000],
  ["The limit resets at 2026-03-01T12:00:36Z", 36_000],
  ["Please wait before you send more: the limit is 40 requests per 60 seconds", undefined],
  ["Please try again later", undefined],
  ["40 requests per minute", undefined],
];

for (const [words, ms] of IN_WORDS) {
  Deno.test(`openaiAdapter reads "${words}" as ${named(ms)}`, async () => {
    const error = { message: words, type: "requests", code: "rate_limit_exceeded" };
    assert.equal((await failureOf({ kind: "answer", status: 429, body: { error } })).retryAfterMs, ms);
  });
}

const IN_BODY: readonly (readonly [error: unknown, ms: number])[] = [
  [{ details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "36s" }] }, 36_000],
  [{ details: [{ retryDelay: { seconds: 36, nanos: 500_000_000 } }] }, 36_500],
  [{ retry_after: 30 }, 30_000],
  [{ retry_after_ms: 1500 }, 1500],
];

for (const [error, ms] of IN_BODY) {
  Deno.test(`openaiAdapter reads ${JSON.stringify(error)} as a wait of ${ms} ms`, async () => {
    const found = await failureOf({ kind: "answer", status: 429, body: { error } });
    assert.deepEqual([found.kind, found.retryAfterMs], ["rate-limited", ms]);
  });
}

Deno.test("openaiAdapter compares the time of a reset with the server's own clock", async () => {
  const headers = { date: "Sun, 01 Mar 2026 15:00:00 GMT", "x-ratelimit-reset": "1772377236" };
  assert.equal((await failureOf({ kind: "answer", status: 429, headers })).retryAfterMs, 36_000);
});

Deno.test("openaiAdapter reads a reset as a wait only if the response reports a rate limit", async () => {
  const headers = { "x-ratelimit-reset-requests": "36s" };
  assert.equal((await failureOf({ kind: "answer", status: 500, headers })).retryAfterMs, undefined);
  const busy = { "retry-after": "36" };
  assert.equal((await failureOf({ kind: "answer", status: 503, headers: busy })).retryAfterMs, 36_000);
});

const DURATIONS: readonly (readonly [text: string, ms: number | undefined])[] = [
  ["PT1M30S", 90_000],
  ["00:01:30", 90_000],
  ["2 minutes and 10 seconds", 130_000],
  ["1d2h", 93_600_000],
  ["500µs", 0.5],
  ["36.4 messages", undefined],
  ["36", undefined],
  ["P", undefined],
  ["", undefined],
];

for (const [text, ms] of DURATIONS) {
  Deno.test(`durationMs() reads "${text}" as ${ms} ms`, () => assert.equal(durationMs(text), ms));
}
