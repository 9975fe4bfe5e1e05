import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Block, Plot, Report, Table } from "../../analysis/report/mod.ts";
import { reportHtml } from "./mod.ts";
import { type Elements, parsedHtml } from "./testing/parsed_html.ts";
import { sampleReport } from "./testing/sample_report.ts";

async function pageOf(...blocks: Block[]): Promise<Elements> {
  const report: Report = { title: "A run", subtitle: "", sections: [{ id: "part", title: "Part", blocks }] };
  return parsedHtml(await reportHtml(report));
}

function texts(page: Elements, selectors: string): string[] {
  return Array.from(page.querySelectorAll(selectors), ({ textContent }) => textContent.trim());
}

const TABLE: Table = {
  id: "means",
  title: "Means",
  note: "Of discussions.",
  columns: [
    { key: "condition", title: "Condition", format: { kind: "text" } },
    { key: "mean", title: "Mean", format: { kind: "number", decimals: 1 } },
    { key: "p", title: "p", format: { kind: "p" } },
  ],
  rows: [
    { cells: ["a", 1.25, { unavailable: "there is one" }] },
    { cells: ["b", { unavailable: "there are none" }, { unavailable: "there is one" }], tone: "flag" },
  ],
};

Deno.test("reportHtml() allows only its own style sheet, which it identifies by a hash", async () => {
  const page = parsedHtml(await reportHtml(sampleReport()));
  const style = page.querySelector("style")!.textContent;
  const hash = createHash("sha256").update(style).digest("base64");
  assert.equal(
    page.querySelector("meta[http-equiv=Content-Security-Policy]")!.getAttribute("content"),
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  assert.deepEqual(texts(page, "script, link, img, iframe, [style], [src], svg style"), []);
  assert.deepEqual([...page.querySelectorAll("style")].length, 1);
});

Deno.test("reportHtml() gives elements unique ids, and every reference leads to an element", async () => {
  const page = parsedHtml(await reportHtml(sampleReport()));
  const ids = Array.from(page.querySelectorAll("[id]"), (element) => element.getAttribute("id")!);
  assert.equal(new Set(ids).size, ids.length);
  const references = [
    ...Array.from(page.querySelectorAll("[href]"), (element) => element.getAttribute("href")!.slice(1)),
    ...Array.from(
      page.querySelectorAll("[aria-labelledby]"),
      (element) => element.getAttribute("aria-labelledby")!,
    )
      .flatMap((names) => names.split(" ")),
  ];
  assert.ok(references.length > 60, String(references.length));
  assert.deepEqual(references.filter((name) => !ids.includes(name)), []);
});

Deno.test("reportHtml() gives each figure a caption, a title for screen readers and a table", async () => {
  const page = parsedHtml(await reportHtml(sampleReport()));
  const figures = [...page.querySelectorAll("figure")];
  assert.equal(figures.length, 22);
  for (const figure of figures) {
    assert.match(figure.querySelector("figcaption")!.textContent, /^Figure \d+\. \S/);
    assert.equal([...figure.querySelectorAll("details table")].length, 1);
    for (const svg of figure.querySelectorAll("svg:not([aria-hidden])")) {
      assert.equal(svg.getAttribute("role"), "img");
      assert.notEqual(svg.querySelector("title")!.textContent, "");
    }
  }
  assert.equal(texts(page, "figure .empty").length, 5);
});

Deno.test("reportHtml() writes tables with headers, and says below each table why values are missing", async () => {
  const page = await pageOf({ kind: "table", table: TABLE });
  assert.deepEqual(texts(page, "caption"), ["Table 1. Means"]);
  assert.deepEqual(texts(page, "th[scope=col]"), ["Condition", "Mean", "p"]);
  assert.deepEqual(texts(page, "th[scope=row]"), ["a", "flag b"]);
  assert.deepEqual(texts(page, "td.figures"), ["1.3", "–1", "–2", "–1"]);
  assert.deepEqual(texts(page, ".reasons li"), [
    "Cannot be computed: there is one.",
    "Cannot be computed: there are none.",
  ]);
  assert.deepEqual(texts(page, "p.under"), ["Of discussions."]);
});

Deno.test("reportHtml() skips no level of headings, with or without headings within a section", async () => {
  const transcript: Block = { kind: "transcript", title: "T", text: "", comments: [] };
  const levels = async (...blocks: Block[]) =>
    Array.from((await pageOf(...blocks)).querySelectorAll("h1, h2, h3, h4"), ({ localName }) => localName);
  assert.deepEqual(await levels(transcript), ["h1", "h2", "h3"]);
  assert.deepEqual(await levels({ kind: "heading", title: "H" }, transcript), ["h1", "h2", "h3", "h4"]);
});

Deno.test("reportHtml() folds sections behind the first page, and opens them in a full report", async () => {
  const blocks: Block[] = [{ kind: "paragraph", text: "Text." }];
  const sections = [
    { id: "one", title: "One", blocks },
    { id: "two", title: "Two", depth: "folded", blocks },
    { id: "three", title: "Three", depth: "detail", blocks },
  ] as const;
  const open = async (isFull: boolean) => {
    const page = parsedHtml(await reportHtml({ title: "A run", subtitle: "", sections, isFull }));
    assert.deepEqual(texts(page, "section > h2"), ["One"]);
    assert.deepEqual(texts(page, "details.folded > #section-two, details.detail > #section-three"), [
      "Text.",
      "Text.",
    ]);
    assert.deepEqual(texts(page, "summary h2"), ["Two", "Three"]);
    return Array.from(page.querySelectorAll("details"), (details) => details.getAttribute("open") !== null);
  };
  assert.deepEqual(await open(false), [false, false]);
  assert.deepEqual(await open(true), [true, true]);
});

Deno.test("reportHtml() shows who spoke, in which role, and who said nothing", async () => {
  const by = { role: null, text: "Hello", annotations: "" };
  const page = await pageOf({
    kind: "transcript",
    title: "One",
    text: "Any.",
    comments: [
      { ...by, by: "opening", author: "ann" },
      { ...by, by: "participant", author: "bob", role: "troll", annotations: "toxicity 3.5" },
      { ...by, by: "moderator", author: "cat", text: null },
    ],
  });
  assert.deepEqual(texts(page, ".by"), ["ann Opening", "bob, troll", "cat Moderator"]);
  assert.deepEqual(texts(page, ".said"), ["Hello", "Hello", "said nothing"]);
  assert.deepEqual(texts(page, ".annotations"), ["Annotated: toxicity 3.5"]);
});

async function figureOf(plot: Plot): Promise<Elements> {
  return await pageOf({ kind: "figure", title: "F", alt: "What it shows.", plot, table: TABLE });
}

Deno.test("reportHtml() plots a dot for each discussion", async () => {
  const groups = [{ name: "a", values: [1, 2, 2], mean: 5 / 3, interval: null }];
  const page = await figureOf({ kind: "discussions", y: "toxicity", groups });
  assert.equal([...page.querySelectorAll("svg.image circle")].length, 3);
});

Deno.test("reportHtml() plots confirmatory effects filled, and all others hollow", async () => {
  const interval = { level: 0.95, lower: -1, upper: 2 };
  const effects = [
    { label: "first", standing: "confirmatory", estimate: 0.5, interval },
    { label: "second", standing: "sample-changed", estimate: 0.5, interval },
    { label: "third", standing: "exploratory", estimate: 0.5, interval },
  ] as const;
  const page = await figureOf({ kind: "forest", x: "difference", effects });
  const fills = Array.from(page.querySelectorAll("svg.image [fill]"), (shape) => shape.getAttribute("fill"));
  assert.deepEqual(fills.filter((fill) => fill === "var(--series-1)" || fill === "var(--paper)"), [
    "var(--series-1)",
    "var(--paper)",
    "var(--paper)",
  ]);
  assert.deepEqual(texts(page, ".legend li"), [
    "declared before the run: confirmatory",
    "declared, but the sample changed after results were seen",
    "exploratory",
  ]);
});

Deno.test("reportHtml() plots up to five series together, and more series each in its own row", async () => {
  const series = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `series ${index + 1}`,
      points: [{ x: 1, y: index, interval: null }, { x: 2, y: index, interval: null }],
    }));
  const few = await figureOf({ kind: "turns", x: "turn", y: "y", series: series(5) });
  assert.equal(texts(few, ".legend li").length, 5);
  // The line of the first series is not dashed.
  assert.equal(
    new Set(
      Array.from(
        few.querySelectorAll("svg.image path[stroke-dasharray], svg.image g[stroke-dasharray]"),
        (line) => line.getAttribute("stroke-dasharray"),
      ),
    ).size,
    4,
  );
  const many = await figureOf({ kind: "turns", x: "turn", y: "y", series: series(6) });
  const labels = texts(many, "svg.image text");
  assert.deepEqual(labels.filter((label) => label.startsWith("series")), series(6).map(({ name }) => name));
});

Deno.test("reportHtml() writes the shares of labels into wide parts of a bar, and plots panels with one legend", async () => {
  const groups = [{ name: "a", shares: [0.96, 0.04] }, { name: "b", shares: [0.5, 0.5] }];
  const stances = await figureOf({ kind: "shares", x: "share", labels: ["yes", "no"], groups });
  assert.deepEqual(texts(stances, ".legend li"), ["yes", "no"]);
  const written = texts(stances, "svg.image text").filter((text) => /^(96|4|50)$/.test(text));
  assert.deepEqual(written, ["96", "50", "50"]);
  const turns = (name: string): Plot => ({
    kind: "turns",
    x: "turn",
    y: "y",
    series: [{ name, points: [{ x: 1, y: 2, interval: null }] }],
  });
  const panels = await figureOf({
    kind: "panels",
    panels: ["first", "second"].map((title) => ({ title, plot: turns("small") })),
  });
  assert.deepEqual(texts(panels, ".legend li"), ["small"]);
  assert.deepEqual(texts(panels, ".axis"), ["↑ y", "turn →"]);
  assert.deepEqual(texts(panels, "svg.image text").filter((text) => /[a-z]/.test(text)), ["first", "second"]);
});
