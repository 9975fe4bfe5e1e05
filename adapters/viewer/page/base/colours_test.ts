import assert from "node:assert/strict";
import { annotatorMarks, HUES, speakerClasses } from "./colours.ts";

const SHEET = await Deno.readTextFile(new URL("../styles/colours.css", import.meta.url));

/** The colours of one theme, by name. */
function coloursOf(theme: "light" | "dark"): ReadonlyMap<string, string> {
  return new Map(
    [...SHEET.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)]
      .map(([, name, light, dark]) => [name!, theme === "light" ? light! : dark!]),
  );
}

/** Relative luminance and contrast, as the Web Content Accessibility Guidelines 2.2 define them. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

for (const theme of ["light", "dark"] as const) {
  Deno.test(`the ${theme} colours have enough contrast`, () => {
    const colours = coloursOf(theme);
    const of = (name: string) => colours.get(name)!;
    const speakers = Array.from({ length: HUES }, (_, index) => `speaker-${index + 1}`);
    const texts = ["ink", "soft", "accent", "flag", "caution", "good", ...speakers];
    const onGround = texts.flatMap((name) =>
      ["paper", "tint"].map((ground) => ({ name, ground, least: 4.5 }))
    );
    const marks = ["edge", "bar-completed", "bar-flight", "bar-failed"]
      .map((name) => ({ name, ground: "paper", least: 3 }));
    const tinted = [
      { name: "accent", ground: "accent-tint", least: 4.5 },
      { name: "ink", ground: "accent-tint", least: 4.5 },
      { name: "soft", ground: "accent-tint", least: 4.5 },
      { name: "flag", ground: "flag-tint", least: 4.5 },
      { name: "ink", ground: "flag-tint", least: 4.5 },
      { name: "ink", ground: "hit", least: 4.5 },
      { name: "on-accent", ground: "accent", least: 4.5 },
    ];
    const poor = [...onGround, ...marks, ...tinted]
      .map((pair) => ({ ...pair, contrast: contrast(of(pair.name), of(pair.ground)) }))
      .filter(({ contrast, least }) => !(contrast >= least));
    assert.deepEqual(poor, []);
  });
}

Deno.test("contrast() gives the values of the guidelines' examples", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

Deno.test("speakers get their colours in the order of their first turns", () => {
  const classes = speakerClasses(["Bob", "Ann", "Bob", "c", "d", "e", "f", "g", "h", "ninth"]);
  assert.deepEqual([...classes].slice(0, 3), [["Bob", "speaker-1"], ["Ann", "speaker-2"], [
    "c",
    "speaker-3",
  ]]);
  assert.equal(classes.get("ninth"), "speaker-1");
});

Deno.test("annotators get letters and shapes, and the first 26 annotators get different letters", () => {
  const marks = annotatorMarks(Array.from({ length: 28 }, (_, index) => `a${index}`));
  const letters = [...marks.values()].map(({ letter }) => letter);
  assert.deepEqual([letters[0], letters[25], letters[26], letters[27]], ["A", "Z", "AA", "AB"]);
  assert.notEqual(marks.get("a0")!.shape, marks.get("a1")!.shape);
});
