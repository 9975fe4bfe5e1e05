import assert from "node:assert/strict";
import MarkdownIt from "npm:markdown-it@15.0.3";
import type { Report } from "../../analysis/report/mod.ts";
import { reportMarkdown } from "./mod.ts";
import { NASTY_TEXTS, nastyReport } from "./testing/hostile.ts";

const parser = new MarkdownIt({ html: true, linkify: true });

/** The blocks of a document. Neighbouring paragraphs count as one, because a text can have several paragraphs. */
function blocksOf(markdown: string): string[] {
  const blocks = parser.parse(markdown, {}).filter(({ type }) => type !== "inline").map(({ type, tag }) =>
    `${type} ${tag}`
  );
  return blocks.filter((block, index) =>
    block !== "paragraph_close p" &&
    !(block === "paragraph_open p" && blocks[index - 1] === "paragraph_close p")
  );
}

/** The markup within lines. */
function inlinesOf(markdown: string): Set<string> {
  return new Set(
    parser.parse(markdown, {}).flatMap(({ children }) => children ?? [])
      .filter(({ type }) => type !== "text")
      .map(({ type, content }) =>
        type === "code_inline" || type === "html_inline" ? `${type} ${content}` : type
      ),
  );
}

Deno.test("reportMarkdown() writes the same blocks for any texts", () => {
  const blocks = blocksOf(reportMarkdown(nastyReport("word")));
  for (const text of NASTY_TEXTS.filter((text) => text.trim() !== "")) {
    assert.deepEqual(blocksOf(reportMarkdown(nastyReport(text))), blocks, text);
  }
});

Deno.test("within lines, reportMarkdown() writes only emphasis, line breaks, and single marks as code", () => {
  const inlines = new Set(NASTY_TEXTS.flatMap((text) => [...inlinesOf(reportMarkdown(nastyReport(text)))]));
  const marks = [...inlines].filter((inline) => inline.startsWith("code_inline "));
  assert.ok(marks.every((mark) => /^code_inline [@$:.]+$/.test(mark)), marks.join("\n"));
  assert.deepEqual(
    [...inlines].filter((inline) => !marks.includes(inline)).sort(),
    ["em_close", "em_open", "hardbreak", "html_inline <br>", "strong_close", "strong_open"],
  );
});

Deno.test("reportMarkdown() writes headings, texts, callouts, sources, figures and transcripts", () => {
  const table = {
    id: "means",
    title: "Toxicity by condition",
    note: "Intervals at 95 %.",
    columns: [
      { key: "condition", title: "Condition", format: { kind: "text" } },
      { key: "mean", title: "Mean", format: { kind: "number", decimals: 2 } },
    ],
    rows: [
      { cells: ["troll", -1.5] },
      { cells: ["none", { unavailable: "there are no values" }], tone: "flag" },
      { cells: ["other", { unavailable: "there is one cluster" }] },
    ],
  } as const;
  const report: Report = {
    title: "Report",
    subtitle: "of a run",
    sections: [{
      id: "results",
      title: "Results",
      blocks: [
        { kind: "heading", title: "Outcomes" },
        { kind: "paragraph", text: "One.\nTwo.\n\nThree." },
        { kind: "list", items: ["a", "b\nc"] },
        { kind: "facts", entries: [{ term: "Seed", value: "42" }] },
        { kind: "callout", tone: "caution", title: "Few", text: "Five." },
        { kind: "source", title: "experiment.yaml", text: "a:\n  - b\n" },
        {
          kind: "figure",
          title: "Means",
          alt: "They differ.",
          plot: { kind: "forest", x: "", effects: [] },
          table,
        },
        {
          kind: "transcript",
          title: "Median",
          text: "The middle.",
          comments: [
            { by: "opening", author: "Ann", role: null, text: "Hi!", annotations: "" },
            {
              by: "participant",
              author: "Bob",
              role: "troll",
              text: "Well\nno",
              annotations: "toxicity 3.5",
            },
            { by: "moderator", author: "Mo", role: null, text: null, annotations: "" },
          ],
        },
      ],
    }],
  };
  assert.equal(
    reportMarkdown(report),
    `# Report

of a run

The plots are in the HTML form of this report; here, tables show the same results.

## Results

### Outcomes

One.\\
Two.

Three.

- a
- b\\
  c

- **Seed:** 42

> **Caution: Few**
>
> Five.

**experiment\\.yaml**

\`\`\`
a:
  - b
\`\`\`

Figure: **Means**

They differ.

Table: **Toxicity by condition**

| Condition |  Mean |
| :-------- | ----: |
| troll     | −1.50 |
| **none**  | – (1) |
| other     | – (2) |

Intervals at 95 %.

– (1): there are no values\\
– (2): there is one cluster

### Median

The middle.

**Ann** (opening)

> Hi!

**Bob** (troll) toxicity 3.5

> Well\\
> no

**Mo** (moderator)

> *said nothing*
`,
  );
});

Deno.test("reportMarkdown() refuses a number that is not finite", () => {
  const report = nastyReport("x");
  const [section] = report.sections;
  const table = {
    id: "t",
    title: "",
    note: "",
    columns: [{ key: "a", title: "", format: { kind: "p" } }],
    rows: [{ cells: [NaN] }],
  } as const;
  assert.throws(
    () => reportMarkdown({ ...report, sections: [{ ...section!, blocks: [{ kind: "table", table }] }] }),
    /table "t", row 1, column "a": NaN is not a finite number/,
  );
});

Deno.test("reportMarkdown() leaves out details, and names them, unless the report is full", () => {
  const blocks = [{ kind: "paragraph", text: "Text." }] as const;
  const sections = [
    { id: "one", title: "One", blocks },
    { id: "two", title: "Two", depth: "folded", blocks },
    { id: "three", title: "Three", depth: "detail", blocks },
  ] as const;
  const brief = reportMarkdown({ title: "A run", subtitle: "", sections });
  assert.match(brief, /## One\n\nText\.\n\n## Two\n\nText\.\n\nNot in this file: Three\./);
  const full = reportMarkdown({ title: "A run", subtitle: "", sections, isFull: true });
  assert.match(full, /## Three\n\nText\.\n$/);
});
