import assert from "node:assert/strict";
import { extractText, getDocumentProxy, getMeta } from "npm:unpdf@1.8.1";
import { figureFiles } from "./figure_files.ts";
import { parsedHtml } from "./testing/parsed_html.ts";
import { sampleReport } from "./testing/sample_report.ts";

const FILES = await figureFiles(sampleReport());

async function pdfTextOf(name: string) {
  const pdf = await getDocumentProxy((FILES.get(name) as Uint8Array).slice());
  const { totalPages, text } = await extractText(pdf, { mergePages: true });
  return { totalPages, text };
}

Deno.test("figureFiles() draws every figure that has something to plot, and no other", () => {
  const figures = sampleReport().sections.flatMap(({ blocks }) => blocks).filter(({ kind }) =>
    kind === "figure"
  );
  assert.equal(figures.length, 22);
  // Five figures have nothing to plot.
  assert.equal(FILES.size, 2 * 17);
  assert.ok(FILES.has("panels.svg") && FILES.has("panels.pdf") && !FILES.has("forest-none.svg"));
});

Deno.test("figureFiles() writes SVG files that need no style sheet, with legend and labels of axes", () => {
  for (const [name, content] of FILES) {
    if (typeof content !== "string") continue;
    assert.doesNotMatch(content, /var\(|currentColor|<style|<script|NaN|undefined/, name);
  }
  const svg = parsedHtml(`<html><body>${FILES.get("forest.svg")}</body></html>`).querySelector("svg")!;
  const texts = Array.from(svg.querySelectorAll("text"), ({ textContent }) => textContent);
  for (const text of ["exploratory", "moderator × turn", "standardised difference (Hedges' g)"]) {
    assert.ok(texts.includes(text), text);
  }
  assert.equal(svg.querySelector("title")!.textContent, "Effects on toxicity, in standard deviations");
});

Deno.test("figureFiles() writes SVG files that are XML: each attribute has a value, and each element ends", () => {
  const tag = /<(\/?)([\w]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g;
  for (const [name, content] of FILES) {
    if (typeof content !== "string") continue;
    assert.doesNotMatch(content.replaceAll(tag, ""), /[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/, name);
    const open: string[] = [];
    for (const [, end, element, , isEmpty] of content.matchAll(tag)) {
      if (end === "/") assert.equal(open.pop(), element, name);
      else if (isEmpty === "") open.push(element!);
    }
    assert.deepEqual(open, [], name);
  }
});

Deno.test("figureFiles() breaks long names in legends, so that no text leaves the figure", () => {
  const svg = parsedHtml(`<html><body>${FILES.get("curve.svg")}</body></html>`).querySelector("svg")!;
  const texts = Array.from(svg.querySelectorAll("text"), ({ textContent }) => textContent);
  assert.ok(texts.includes("target: 0.8") && texts.includes("toxicity by moderator"));
  assert.ok(texts.includes("moderator=facilitator, participants=mixed-trolls-and-"), texts.join("\n"));
});

Deno.test("figureFiles() writes PDF files of one page with the same texts, and equal files for equal reports", async () => {
  const { totalPages, text } = await pdfTextOf("forest.pdf");
  assert.equal(totalPages, 1);
  for (const part of ["exploratory", "moderator × turn", "moderator: with – without"]) {
    assert.ok(text.includes(part), text);
  }
  const again = await figureFiles(sampleReport());
  for (const [name, content] of FILES) assert.deepEqual(again.get(name), content, name);
  const long = await pdfTextOf("forest-long.pdf");
  assert.match(long.text, /U\+8BA8/);
});

Deno.test("figureFiles() writes texts that look like markup of SVG or PDF as texts", async () => {
  const texts = ["]]>", "<![CDATA[a]]>", "</text><script>", ") Tj ET endstream endobj", "(\\", "%PDF >> <<"];
  const interval = { level: 0.95, lower: 0, upper: 2 };
  const effects = texts.map((label) => ({ label, standing: "exploratory", estimate: 1, interval }) as const);
  const { sections, ...report } = sampleReport();
  const forest = sections.flatMap(({ blocks }) => blocks).find((block) =>
    block.kind === "figure" && block.table.id === "forest"
  )!;
  const title = texts.join(" ");
  const figure = { ...forest, title, plot: { kind: "forest", x: "]]>", effects } } as typeof forest;
  const files = await figureFiles({ ...report, sections: [{ ...sections[0]!, blocks: [figure] }] });
  const svg = String(files.get("forest.svg"));
  assert.doesNotMatch(svg, /\]\]>|<script|<!\[CDATA/);
  const pdf = await getDocumentProxy((files.get("forest.pdf") as Uint8Array).slice());
  const { totalPages, text } = await extractText(pdf, { mergePages: true });
  assert.equal(totalPages, 1);
  for (const part of texts) assert.ok(text.includes(part), `${part} is not in ${text}`);
  assert.equal((await getMeta(pdf)).info.Title, title);
});
