import assert from "node:assert/strict";
import { beginningOf, snippetOf } from "./snippet.ts";

const terms = (...phrases: readonly string[]) =>
  phrases.map((phrase) => ({ words: phrase.replace("*", "").split(" "), isPrefix: phrase.endsWith("*") }));

const shown = (text: string, ...phrases: readonly string[]) =>
  snippetOf(text, terms(...phrases))?.map(({ text, hit }) => hit ? `[${text}]` : text).join("") ?? null;

Deno.test("snippetOf() marks words, phrases and beginnings, in the spelling of the text", () => {
  assert.equal(shown("The Buses run, the BUSES stop.", "buses"), "The [Buses] run, the [BUSES] stop.");
  assert.equal(shown("at night, at noon", "at noon"), "at night, [at noon]");
  assert.equal(shown("buses and bus", "bus*"), "[buses] and [bus]");
  assert.equal(shown("le café", "cafe", "le"), "[le] [café]");
  assert.equal(shown("私は東京都に住む", "東 京"), "私は[東京]都に住む");
  assert.equal(shown("buses", "bus"), null);
});

Deno.test("snippetOf() cuts a piece around the first match, between words and never within a character", () => {
  const snippet = shown(`${"long words ".repeat(50)}here${" and more".repeat(50)}`, "here")!;
  assert.match(snippet, /^… (?:words|long) .*\[here\] and more.* …$/);
  assert.ok(snippet.length < 300);
  const emoji = shown(`${"🚌".repeat(100)} x ${"🚌".repeat(200)}`, "x")!;
  assert.ok(emoji.isWellFormed());
});

Deno.test("snippetOf() leaves hostile texts as they are", () => {
  const text = "<script>alert(1)</script> \u202e bus \0";
  assert.equal(shown(text, "bus"), text.replace("bus", "[bus]"));
});

Deno.test("beginningOf() gives the beginning of a text", () => {
  assert.deepEqual(beginningOf("short"), [{ text: "short", hit: false }]);
  assert.equal(beginningOf("x".repeat(1_000)).at(-1)!.text, " …");
});
