import assert from "node:assert/strict";
import { h } from "npm:preact@11.2.0";
import { renderToString } from "npm:preact-render-to-string@6.8.2";
import { parsedHtml } from "../testing/parsed_html.ts";
import { domainOf, shapesIn, type SvgNode } from "./canvas.ts";

Deno.test("domainOf() leaves room beside the values, also for equal values and without values", () => {
  assert.deepEqual(domainOf([0, 100]), [-4, 104]);
  assert.deepEqual(domainOf([50]), [45, 55]);
  assert.deepEqual(domainOf([0, 0]), [-0.5, 0.5]);
  assert.deepEqual(domainOf([]), [0, 1]);
  // An axis should not show a difference that is only a rounding error.
  const [lowest, highest] = domainOf([0.3, 0.1 + 0.2]);
  assert.ok(highest - lowest > 0.05);
});

function imageFrom(svg: string): string {
  const page = parsedHtml(`<html><body>${svg}</body></html>`);
  return renderToString(h("svg", null, shapesIn(page.querySelector("svg") as unknown as SvgNode)));
}

Deno.test("shapesIn() keeps shapes and text, and rounds coordinates to a tenth of a pixel", () => {
  assert.equal(
    imageFrom(
      `<svg><g fill="none" stroke-opacity="0.125"><path d="M0.3333,-1.25e-7L3,99.96"></path></g></svg>`,
    ),
    `<svg><g fill="none" stroke-opacity="0.125"><path d="M0.3,0L3,100"></path></g></svg>`,
  );
});

Deno.test("shapesIn() leaves out scripts, links, styles and classes", () => {
  const svg =
    `<svg onload="x"><style>* { fill: red }</style><script>x</script><g onclick="x" style="x" class="x" ` +
    `fill="&quot;><script>x</script>"><text>&lt;b&gt;</text><a href="x"></a><foreignObject></foreignObject></g></svg>`;
  assert.equal(
    imageFrom(svg),
    `<svg><g fill="&quot;>&lt;script>x&lt;/script>"><text>&lt;b></text></g></svg>`,
  );
});
