import assert from "node:assert/strict";
import { deadline, duration } from "./arguments.ts";

/** The value of a text; `null` if the parser refuses the text. */
function read<T>({ parse }: { parse(input: string): { success: boolean } }, input: string): T | null {
  const result = parse(input) as { success: boolean; value: T };
  return result.success ? result.value : null;
}

Deno.test("duration() reads days, hours, minutes and seconds in that order", () => {
  const durations: Readonly<Record<string, number>> = {
    "4h": 14_400_000,
    "1h30m": 5_400_000,
    "90s": 90_000,
    "2d": 172_800_000,
    "0s": 0,
    "1d2h3m4s": 93_784_000,
  };
  for (const [text, ms] of Object.entries(durations)) assert.deepEqual(read(duration(), text), { text, ms });
  for (const text of ["", "4", "h", "1.5h", "-1h", "30m1h", "31d", "1h 30m", "4H"]) {
    assert.equal(read(duration(), text), null, text);
  }
});

Deno.test("deadline() reads a time with a zone, and a duration from now", () => {
  const at = (text: string) =>
    read<{ atMs: (nowMs: number) => number }>(deadline(), text)?.atMs(1000) ?? null;
  assert.equal(at("2026-03-01T18:00Z"), Date.UTC(2026, 2, 1, 18));
  assert.equal(at("2026-03-01T18:00:30+02:00"), Date.UTC(2026, 2, 1, 16, 0, 30));
  assert.equal(at("2h"), 7_201_000);
  for (const text of ["", "tomorrow", "2026-03-01", "18:00", "2026-02-30T99:00Z", "March 1, 2026 18:00"]) {
    assert.equal(at(text), null, text);
  }
});
