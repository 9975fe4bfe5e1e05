import assert from "node:assert/strict";
import { isUnavailable } from "../mod.ts";
import type { Contrast } from "./effects.ts";
import { levelDifference } from "./level_differences.ts";

Deno.test("levelDifference() has Welch's interval if one level has fewer discussions than the other", () => {
  const [values, ofReference] = [30, 6].map((size) =>
    Array.from({ length: size }, (_, at) => ((at + 0.5) / size) ** 0.9)
  );
  const contrast = { factor: "moderator", level: "gentle", reference: "none" } as Contrast;
  const options = { seed: "42", resamples: 20_000, level: 0.95 };
  const found = levelDifference(contrast, [values!, ofReference!], options);
  assert.ok(!isUnavailable(found));
  const { interval: { lower, upper }, standardError } = found;
  const reach = (upper - lower) / 2 / standardError;
  // R: s <- c(30, 6); w <- sum(1 / s); df <- w^2 / sum(1 / (s^2 * (s - 1))); qt(0.975, df) * sqrt(sum(1 / (s - 1)) / w)
  assert.ok(Math.abs(reach / 2.5494722 - 1) < 0.04, `${reach}`);
});
