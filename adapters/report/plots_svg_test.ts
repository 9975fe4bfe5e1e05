import assert from "node:assert/strict";
import { imageOf, type SvgNode } from "./plots_svg.ts";
import { parsedHtml } from "./testing/parsed_html.ts";

function imageFrom(svg: string): string {
  const page = parsedHtml(`<html><body>${svg}</body></html>`);
  return imageOf(page.querySelector("svg") as unknown as SvgNode, 10, 10).content.text;
}

Deno.test("imageOf() keeps shapes and text, with places to a tenth of a pixel", () => {
  assert.equal(
    imageFrom(
      `<svg><g fill="none" stroke-opacity="0.125"><path d="M0.3333,-1.25e-7L3,99.96"></path></g></svg>`,
    ),
    `<g fill="none" stroke-opacity="0.125"><path d="M0.3,0L3,100"></path></g>`,
  );
});

Deno.test("imageOf() lets nothing pass that could act, or be styled from outside", () => {
  const svg =
    `<svg onload="x"><style>* { fill: red }</style><script>x</script><g onclick="x" style="x" class="x" ` +
    `fill="&quot;><script>x</script>"><text>&lt;b&gt;</text><a href="x"></a><foreignObject></foreignObject></g></svg>`;
  assert.equal(
    imageFrom(svg),
    `<g fill="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"><text>&lt;b&gt;</text></g>`,
  );
});
