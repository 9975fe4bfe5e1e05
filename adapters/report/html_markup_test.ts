import assert from "node:assert/strict";
import { Markup, markup, shown, shownInline } from "./html_markup.ts";

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
