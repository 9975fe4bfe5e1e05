import assert from "node:assert/strict";
import fc from "fast-check";
import type { Report, Table } from "../../analysis/report/mod.ts";
import { LATEX_LETTER, latexLines, latexText } from "./latex_text.ts";
import { latexTables } from "./mod.ts";
import { NASTY_TEXTS, nastyReport, nastyTable } from "./testing/hostile.ts";
import { texTest } from "./testing/tex.ts";

/** Characters copied from a page of TeX → their ASCII. TeX's plain fonts lack some characters, and have ligatures. */
const COPIED: Readonly<Record<string, string>> = {
  "’": "'",
  "‘": "`",
  "”": '"',
  "ˆ": "^",
  "˜": "~",
  "ﬀ": "ff",
  "ﬁ": "fi",
  "ﬂ": "fl",
  "ﬃ": "ffi",
  "ﬄ": "ffl",
};

/** A text without spaces, because TeX changes their number, and without underscores, because TeX draws them. */
function copied(text: string): string {
  return text.normalize("NFC").replace(/[\s_]/g, "").replace(/[^ -~]/g, (char) => COPIED[char] ?? char);
}

function document(body: string, preamble = ""): string {
  return `\\documentclass{article}\n\\usepackage{array,booktabs,longtable}\n${preamble}
\\begin{document}\n${body}\n\\end{document}\n`;
}

function reportOf(tables: readonly Table[]): Report {
  const blocks = tables.map((table) => ({ kind: "table", table }) as const);
  return { title: "", subtitle: "", sections: [{ id: "results", title: "", blocks }] };
}

/** A page so wide that TeX breaks no text into lines. */
const WIDE_PAGE = String
  .raw`\pdfpagewidth=500cm \hoffset=0pt \textwidth=490cm \pagestyle{empty} \parindent=0pt`;

const nasty = fc.array(
  fc.oneof(
    fc.constantFrom(...NASTY_TEXTS.filter((text) => /^[ -~]+$/.test(text))),
    fc.string(),
    fc.constantFrom(..."\\{}$&#%_^~<>|\"'`[]*-,?!".split(""), "\\\\", "^^5c", "{}", "''", "--", "?`"),
  ),
  { minLength: 1, maxLength: 6 },
).map((parts) => parts.join("")).filter((text) => text.trim() !== "");

texTest("latexText() shows every character of ASCII as it is, in any order", async (compile) => {
  const texts = [...NASTY_TEXTS.filter((text) => /^[ -~]+$/.test(text)), ...fc.sample(nasty, 300)];
  const body = texts.map((text) => `x${latexText(`\\ ${text}`)}`).join("\n\\newpage\n");
  const { pages } = await compile(document(body, WIDE_PAGE), new Map());
  assert.equal(pages.length, texts.length);
  texts.forEach((text, index) => assert.equal(copied(pages[index]!), copied(`x\\${text}`), text));
});

texTest(
  "latexText() shows Latin letters and common signs, and other characters by number",
  async (compile) => {
    const cases = [
      ["Żów, Ærø, Ñandú, Škoda, Größe, ő", "Żów, Ærø, Ñandú, Škoda, Größe, ő"],
      ["e\u0301", "é"],
      ["α κ ρ − × ± ≤ ≥ ≈ – — “x” ‘y’ • §", "α κ ρ − × ± ≤ ≥ ≈ – — “x\" `y' • §"],
      ["你 😀 € \u202e", "U+4F60 U+1F600 U+20AC \\u{202e}"],
      ["\x1b[1m\ud83d", "\\u{1b}[1m\\u{d83d}"],
    ] as const;
    const body = cases.map(([text]) => latexText(text)).join("\n\\newpage\n");
    const { pages } = await compile(document(`${LATEX_LETTER}\n${body}`, WIDE_PAGE), new Map());
    assert.deepEqual(pages.map(copied), cases.map(([, shown]) => copied(shown)));
  },
);

texTest(
  "latexTables() writes tables that compile with any text, also in captions and the list of tables",
  async (compile) => {
    const tables = NASTY_TEXTS.map((text, index) => nastyTable(text, `nasty-${index}`));
    const { pages } = await compile(
      document("\\listoftables\n\\input{tables}\n\\ref{tab:nasty-3}"),
      latexTables(reportOf(tables)),
    );
    const shown = pages.join("");
    assert.equal(shown.match(/12,345/g)?.length, tables.length);
    assert.equal(shown.match(/there is one cluster/g)?.length, tables.length);
    assert.equal(shown.includes("??"), false);
    for (const cell of ["−0.50", "−0.25 to 1.50", "12.5 %", "< 0.001", "–1", "–2"]) {
      assert.ok(
        shown.includes(cell),
        cell,
      );
    }
  },
);

texTest("latexTables() writes files that also compile alone, in any folder", async (compile) => {
  const files = latexTables(nastyReport("50 % & more"));
  assert.deepEqual([...files.keys()], ["tables.tex", "tables/nasty.tex", "tables/nasty-figure.tex"]);
  const { pages } = await compile(document("\\input{tables/nasty}\n\\input{tables/nasty-figure.tex}"), files);
  assert.equal(pages.join("").match(/Table \d: 50 % & more/g)?.length, 2);
});

texTest("latexTables() repeats the head of a long table on each of its pages", async (compile) => {
  const table: Table = {
    id: "long",
    title: "Discussions",
    note: "",
    columns: [
      { key: "name", title: "Discussion", format: { kind: "text" } },
      { key: "tokens", title: "Tokens", format: { kind: "count" } },
    ],
    rows: Array.from({ length: 120 }, (_, index) => ({ cells: [`[d${index}`, 1000 + index] })),
  };
  const { pages } = await compile(document("\\input{tables}"), latexTables(reportOf([table])));
  assert.ok(pages.length > 2);
  for (const page of pages) assert.match(page, /Discussion Tokens/);
  for (let index = 0; index < 120; index++) {
    assert.ok(pages.join("").includes(`[d${index} 1,${`${index}`.padStart(3, "0")}`));
  }
});

texTest(
  "latexTables() breaks columns of text into lines, so that tables fit on the page",
  async (compile) => {
    const text = "a text that says at some length what has been compared with what";
    const columns = [1, 2, 3, 4].map((n) => ({
      key: `n${n}`,
      title: "Mean of means",
      format: { kind: "p" } as const,
    }));
    const table: Table = {
      id: "wide",
      title: "",
      note: "",
      columns: [
        ...["a", "b"].map((key) => ({ key, title: text, format: { kind: "text" } as const })),
        ...columns,
      ],
      rows: [{ cells: [text, text, 0.5, 0.5, 0.5, 0.5] }],
    };
    const { pages, overfull } = await compile(document("\\input{tables}"), latexTables(reportOf([table])));
    assert.match(pages.join(""), /0\.500 0\.500 0\.500 0\.500/);
    assert.deepEqual(overfull.filter((points) => points > 5), []);
  },
);

Deno.test("latexLines() keeps lines, leaves out empty ones, and escapes commands", () => {
  assert.equal(latexLines("one\r\n\n\ttwo \\x", "\\newline"), "one\\newline two \\textbackslash{}x");
  assert.equal(latexLines("", "\\par"), "");
});

Deno.test("latexTables() refuses a number that is not finite", () => {
  const table = { ...nastyTable("x", "t"), rows: [{ cells: ["x", 1, Infinity, null, null, null] }] };
  assert.throws(
    () => latexTables(reportOf([table])),
    /table "t", row 1, column "mean": Infinity is not a finite number/,
  );
});
