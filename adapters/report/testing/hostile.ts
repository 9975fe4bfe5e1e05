/**
 * Hostile texts for tests. A page that does not escape them sets `window.harmed`, makes requests or misleads its
 * reader.
 */
import type { Report, Table } from "../../../analysis/report/mod.ts";

/** One text for each trick. */
export const HOSTILE_TEXTS: readonly string[] = [
  `<script>window.harmed = true</script>`,
  `</title></style></script><script>window.harmed = true</script>`,
  `<img src=x onerror="window.harmed = true">`,
  `"><svg onload="window.harmed = true">`,
  `' onmouseover='window.harmed = true' x='`,
  "` onfocus=window.harmed=true autofocus tabindex=1 `",
  `<svg><style><!--</style><img src=x onerror=window.harmed=true>--></style></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=window.harmed=true>`,
  `<svg><foreignObject><iframe src="javascript:parent.harmed = true"></iframe></foreignObject></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' onload='window.harmed=true'/>#x"/></svg>`,
  `<a href="javascript:window.harmed = true">read on</a>`,
  `[read on](javascript:window.harmed=true)`,
  `<!-- a comment that does not end`,
  `--> <b>bold</b> <!--`,
  `]]> <![CDATA[ <script>window.harmed = true</script> ]]>`,
  `<template><script>window.harmed = true</script></template>`,
  `{{constructor.constructor("window.harmed = true")()}} \${window.harmed = true} <%= harmed %>`,
  `&lt;script&gt;window.harmed = true&lt;/script&gt; &#x3c;img src=x&#x3e; &amp;amp; &NotEqualTilde`,
  `<link rel="stylesheet" href="https://tracker.invalid/style.css"><style>@import url(https://tracker.invalid)</style>`,
  `<meta http-equiv="refresh" content="0; url=https://tracker.invalid/">`,
  `<base href="https://tracker.invalid/"><form action="/steal"><button autofocus>Go on</button></form>`,
  `<iframe srcdoc="<script>parent.harmed = true</script>"></iframe><object data="https://tracker.invalid"></object>`,
  `<plaintext><textarea><noscript><xmp>`,
  `</main></body></html><h1>Another report</h1>`,
  `url(https://tracker.invalid/x.png) ; } body { display: none } /* var(--paper) */`,
  `red: \x1b[31mred\x1b[0m, bell: \x07, title: \x1b]0;owned\x07, back: 1\b\b\b0`,
  `nothing: \0, delete: \x7f, next line: \x85, soft: \xad, page: \f, return: over\rwritten`,
  `turned: \u202egnp.exe\u202c, isolated: \u2066abc\u2069, marked: \u200e\u200f\u061c`,
  `lines: \u2028 and \u2029, annotation: \ufff9a\ufffab\ufffb, no character: \uffff \u{1fffe}`,
  `halves: \ud800 and \udc00, whole: \u{1f600}`,
  `Z${"\u0301\u0316\u035c".repeat(60)}algo`,
  "x".repeat(3000),
  `https://example.invalid/${"a-long-path/".repeat(40)}?q=${"%20".repeat(100)}`,
  "مرحبا بالعالم، كيف حالكم اليوم؟",
  `${"\u{1f468}\u200d\u{1f469}\u200d\u{1f467}".repeat(50)}`,
];

/** All hostile texts as one text. */
export const HOSTILE: string = HOSTILE_TEXTS.join("\n");

const INTERVAL = { level: 0.95, lower: -0.25, upper: 1.5 };

/** Texts with markup of Markdown and LaTeX, and formulas of spreadsheets. */
export const NASTY_TEXTS: readonly string[] = [
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)"> <!-- --> <?php ?> <![CDATA[x]]>',
  "[click](javascript:alert(1)) ![x](http://evil.example/x.png) [a]: http://evil.example",
  "see http://evil.example/a?b=c, www.evil.example, WWW.1.example, ftp://evil.example and //evil.example",
  "mail me@evil.example or mailto:me@evil.example or xmpp:me@evil.example/x; @someone, #1, !2, GH-3, &4, %5",
  "<http://evil.example> <me@evil.example>",
  "# heading",
  "> quote",
  "- item\n+ item\n* item\n1. item\n2) item\n- [ ] task",
  "text\n===\ntext\n---\ntext",
  "***bold*** __bold__ *em* _em_ ~~gone~~ ~sub~ ^sup^ ==mark== a_b_c",
  "`code` ``code`` ```\nfence\n``` ~~~\nfence\n~~~",
  "```{python}\nimport os\n```\n```{r}\nx\n```\n`r system('x')` @r system('x')@ `{python} x`",
  "{{< include secret.md >}} {.class #id} ::: {.x}\n:::",
  "a | b\n--|--\nc | d",
  "a\n:-\nb",
  "| cell \\| cell |",
  "$x$ $$\\int$$ \\(x\\) \\[x\\] $`x`$ costs $5 to $10",
  "a[^1]\n\n[^1]: note ^[inline note]",
  "term\n: definition\n\nTable: caption\n\n    code\n\tcode",
  "&amp; &lt; &#60; &copy; & \\& \\ \\\\",
  ":smile: :+1: 10:30:45 ::a:: a:b",
  "trailing\\\nbackslash\\",
  "\\input{secret} \\write18{x} \\end{document} \\\\ [1pt] {\\bf x} ^^41 ^^5cinput",
  "[1ex] * [x",
  "100 % & more # $ _ ~ ^ { } | \" ' `` '' ?` !` -- --- << >> ,, <>",
  "fi ff ffi don't \"quoted\" 'single'",
  "=1+1",
  "+cmd|' /C calc'!A0",
  "-2+3",
  "@SUM(A1)",
  "'=quoted",
  'a,b;c\td"e"',
  " spaces around ",
  "line\r\nline\rline\nline",
  "\x1b[31mred\x07\x00 \x9b31m \u202eright to left\u202c \u2066x\u2069 \u2028 \ufeff",
  "half \ud83d and \ude00",
  "😀 👩‍👩‍👧 你好 שלום مرحبا Ελληνικά русский é e\u0301 ﬁ ½ €",
  "α κ ρ χ² Δ − × ± ≤ ≥ ≈ ≠ – — … “quoted” ‘x’ • § ° µ",
  "",
];

export function nastyTable(text: string, id: string): Table {
  return {
    id,
    title: text,
    note: text,
    columns: [
      { key: "text", title: text, format: { kind: "text" } },
      { key: "n", title: "Comments", format: { kind: "count" } },
      { key: "mean", title: "Mean", format: { kind: "number", decimals: 2 } },
      { key: "interval", title: "95 % interval", format: { kind: "number", decimals: 2 } },
      { key: "share", title: "Share", format: { kind: "share" } },
      { key: "p", title: "p", format: { kind: "p" } },
    ],
    rows: [
      { cells: [text, 12345, -0.5, INTERVAL, 0.125, 0.0004] },
      {
        cells: [text, 0, { unavailable: text }, { unavailable: "there is one cluster" }, null, 1],
        tone: "flag",
      },
    ],
  };
}

export function nastyReport(text: string): Report {
  return {
    title: text,
    subtitle: text,
    sections: [{
      id: "everything",
      title: text,
      blocks: [
        { kind: "heading", title: text },
        { kind: "paragraph", text },
        { kind: "list", items: [text, text] },
        { kind: "facts", entries: [{ term: text, value: text }] },
        { kind: "callout", tone: "flag", title: text, text },
        { kind: "source", title: text, text },
        { kind: "table", table: nastyTable(text, "nasty") },
        {
          kind: "figure",
          title: text,
          alt: text,
          plot: {
            kind: "forest",
            x: text,
            effects: [{ label: text, standing: "confirmatory", estimate: 0.5, interval: INTERVAL }],
          },
          table: nastyTable(text, "nasty-figure"),
        },
        {
          kind: "transcript",
          title: text,
          text,
          comments: [
            { by: "opening", author: text, role: null, text, annotations: "" },
            { by: "participant", author: text, role: text, text: null, annotations: text },
            { by: "moderator", author: text, role: null, text, annotations: "toxicity 3.5" },
          ],
        },
      ],
    }],
  };
}
