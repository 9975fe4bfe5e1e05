import assert from "node:assert/strict";
import { Markup, markup, plain, shown, shownInline } from "./html_markup.ts";

Deno.test("markup`` escapes what is no markup, for text and for attributes", () => {
  const text = `<&>"'`;
  assert.equal(markup`<p title="${text}">${text}</p>`.text.match(/&lt;&amp;&gt;&quot;&#39;/g)?.length, 2);
  assert.equal(
    markup`<ul>${[markup`<li>1</li>`, new Markup("<li>2</li>")]}</ul>`.text,
    "<ul><li>1</li>\n<li>2</li></ul>",
  );
  assert.equal(markup`${0}${""}`.text, "0");
});

Deno.test("shown() sets off characters that nobody would see, and keeps them from acting", () => {
  assert.equal(shown("a\u202eb").text, `a<span class="unseen">\\u{202e}</span>b`);
  assert.equal(shown("\\u{202e}").text, "\\u{202e}");
  assert.equal(shown("a\tb\r\nc").text, "a\tb\nc");
  assert.equal(shownInline("<").text, "<bdi>&lt;</bdi>");
});

Deno.test("plain() leaves no character that a page cannot hold, and no command", () => {
  const all =
    "\0\x07\b\r\x1b\x7f\x85\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufff9\uffff\u{1fffe}\ud800";
  assert.match(plain(all), /^(?:\\u\{[0-9a-f]+\})+$/);
  assert.equal(plain(all).match(/\\u/g)?.length, [...all].length);
  // Joiners belong to letters and to emoji.
  assert.equal(plain("\u{1f468}\u200d\u{1f469} می\u200cخواهم"), "\u{1f468}\u200d\u{1f469} می\u200cخواهم");
});
