/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
import assert from "node:assert/strict";
import { renderToString } from "npm:preact-render-to-string@6.8.2";
import { Inline, Shown, TableView } from "./html_table.tsx";

Deno.test("components escape text between tags and in attributes", () => {
  const text = `<&>"'`;
  const html = renderToString(<p title={text}>{text}</p>);
  assert.equal(html.match(/&lt;&amp;>&quot;'/g)?.length, 2, html);
});

Deno.test("Shown writes invisible characters as escapes, so that they have no effect", () => {
  const shown = (text: string) => renderToString(<Shown text={text} />);
  assert.equal(shown("a\u202eb"), `a<span class="unseen">\\u{202e}</span>b`);
  assert.equal(shown("\\u{202e}"), "\\u{202e}");
  assert.equal(shown("a\tb\r\nc"), "a\tb\nc");
  assert.equal(renderToString(<Inline text="<" />), "<bdi>&lt;</bdi>");
});

Deno.test("TableView keeps the interval of an estimate together", () => {
  const columns = [{ key: "x", title: "X", format: { kind: "number", decimals: 1 } }] as const;
  const rows = [{ cells: [{ level: 0.95, estimate: 0.5, lower: -1, upper: 2 }] }];
  const html = renderToString(
    <TableView table={{ id: "t", title: "", note: "", columns, rows }} label="Table 1" />,
  );
  assert.ok(
    html.includes(
      '<td class="figures estimate"><bdi>0.5</bdi> <span class="range"><bdi>(−1.0 to 2.0)</bdi></span></td>',
    ),
    html,
  );
});
