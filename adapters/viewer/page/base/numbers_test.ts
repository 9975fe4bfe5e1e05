import assert from "node:assert/strict";
import { compact, count, counted, duration, money, rate, share, time, timeSpan } from "./numbers.ts";

Deno.test("numbers are written with the digits that count", () => {
  assert.deepEqual([count(12345), rate(1240.4), rate(0.2512), compact(1_230_000)], [
    "12,345",
    "1,240",
    "0.251",
    "1.23M",
  ]);
  assert.deepEqual([counted(1, "comment"), counted(2, "match", "matches")], ["1 comment", "2 matches"]);
  assert.deepEqual([money(12.5, "USD"), money(0.0012, null)], ["12.50 USD", "0.0012"]);
});

Deno.test("share() says 0 % and 100 % only if nothing or everything is meant", () => {
  assert.deepEqual([share(0, 9), share(1, 1000), share(999, 1000), share(9, 9), share(1, 2), share(0, 0)], [
    "0 %",
    "< 1 %",
    "> 99 %",
    "100 %",
    "50 %",
    "–",
  ]);
});

Deno.test("duration() gives the two largest units", () => {
  assert.deepEqual([duration(0), duration(59), duration(61), duration(7_200), duration(190_000)], [
    "0 s",
    "59 s",
    "1 min 1 s",
    "2 h",
    "2 d 4 h",
  ]);
});

Deno.test("time() gives times in UTC, and a dash if there is no time", () => {
  assert.equal(time("2026-11-30T09:20:41.000Z"), "30 Nov 2026, 09:20 UTC");
  assert.deepEqual([time(null), time("no time")], ["–", "–"]);
});

Deno.test("timeSpan() writes a day or a time only once if both ends share it", () => {
  const from = "2026-11-30T09:20:41.000Z";
  assert.equal(timeSpan(from, "2026-11-30T09:20:59.000Z"), "30 Nov 2026, 09:20 UTC");
  assert.equal(timeSpan(from, "2026-11-30T10:01:00.000Z"), "30 Nov 2026, 09:20 to 10:01 UTC");
  assert.equal(timeSpan(from, "2026-12-01T10:01:00.000Z"), "30 Nov 2026, 09:20 to 1 Dec 2026, 10:01 UTC");
  assert.equal(timeSpan(from, null), "30 Nov 2026, 09:20 UTC");
});
