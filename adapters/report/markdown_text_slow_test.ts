import assert from "node:assert/strict";
import fc from "fast-check";
import MarkdownIt from "npm:markdown-it@15.0.3";
import { fromMarkdown } from "npm:mdast-util-from-markdown@2.1.0";
import { gfmFromMarkdown } from "npm:mdast-util-gfm@3.1.0";
import { gfm } from "npm:micromark-extension-gfm@3.0.0";
import {
  markdownBold,
  markdownCell,
  markdownFenced,
  markdownInline,
  markdownLine,
  markdownProse,
} from "./markdown_text.ts";
import { NASTY_TEXTS } from "./testing/hostile.ts";

type Node = Readonly<{ type: string; value?: string; children?: readonly Node[] }>;

/** The result of a parser: the kinds of all nodes, and the text with its line breaks. */
type Found = Readonly<{ kinds: readonly string[]; text: string }>;

/** Reads Markdown as GitHub does, and finds addresses in text as GitHub does. */
function byMicromark(markdown: string): Found {
  const kinds = new Set<string>();
  const textOf = ({ type, value, children }: Node): string => {
    kinds.add(type === "html" && value === "<br>" ? "break" : type);
    if (type === "break" || value === "<br>") return "\n";
    return value ?? children!.map(textOf).join(type === "root" || type === "blockquote" ? "\n\n" : "");
  };
  const text = textOf(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  return { kinds: [...kinds], text };
}

const markdownIt = new MarkdownIt({ html: true, linkify: true });
markdownIt.linkify.set({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true });

/** Reads Markdown as editors do, which find more addresses in text. */
function byMarkdownIt(markdown: string): Found {
  const kinds = new Set<string>();
  const texts: string[] = [];
  for (const block of markdownIt.parse(markdown, {})) {
    if (block.type !== "inline") {
      kinds.add(block.type);
      continue;
    }
    texts.push(
      block.children!.map(({ type, content }) => {
        if (type !== "text" && type !== "code_inline") kinds.add(content === "<br>" ? "hardbreak" : type);
        return type === "hardbreak" || content === "<br>" ? "\n" : content;
      }).join(""),
    );
  }
  return { kinds: [...kinds], text: texts.join("\n\n") };
}

/** The text that a reader sees. Markdown never keeps the amount of space between words. */
function seen(text: string): string {
  return text.replace(/[^\S\n]+/g, " ").replace(/ *\n */g, "\n").trim();
}

/** The text that a reader should see, computed without the tested code: invisible characters are escapes. */
function expected(text: string, { lines }: { lines: boolean }): string {
  const shown = [...(lines ? text.replaceAll("\r\n", "\n") : text)].map((char) => {
    if (lines && (char === "\n" || char === "\t")) return char;
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/u.test(char)
      ? `\\u{${char.codePointAt(0)!.toString(16)}}`
      : char;
  }).join("");
  return seen(lines ? shown.replace(/\n\s*\n/g, "\n\n") : shown);
}

/** Marks of Markdown and of its extensions, in any order. */
const nasty = fc.oneof(
  fc.constantFrom(...NASTY_TEXTS),
  fc.array(
    fc.oneof(
      fc.constantFrom(...NASTY_TEXTS),
      fc.constantFrom(..."\\`*_{}[]()<>#+-.!|~$^&:@/='\"%;? \t\n\r1aBr".split("")),
      fc.constantFrom("\n\n", "http://a.bc", "www.", "www.a.bc", "a@b.cd", "```", "`r ", "{{<", "&#", "]("),
      fc.constantFrom("a.bc", "//", "://", "mailto:", "<!--", "-->", "[^1]", "**", "\u00a0", "\u3000", "é"),
      fc.string({ unit: "grapheme" }),
    ),
    { maxLength: 12 },
  ).map((parts) => parts.join("")),
);

const PARSERS = {
  micromark: [byMicromark, ["root", "paragraph", "text", "inlineCode", "break"]],
  "markdown-it": [byMarkdownIt, ["paragraph_open", "paragraph_close", "hardbreak"]],
} as const;

function assertReads(markdown: string, text: string, more: readonly string[] = []): void {
  for (const [name, [parse, plain]] of Object.entries(PARSERS)) {
    const found = parse(markdown);
    const strange = found.kinds.filter((kind) =>
      !(plain as readonly string[]).includes(kind) && !more.includes(kind)
    );
    assert.deepEqual(strange, [], `${name}: ${markdown}`);
    assert.equal(seen(found.text), text, `${name}: ${markdown}`);
  }
}

Deno.test("markdownLine() and markdownInline() write text without markup", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      assertReads(markdownLine(text), expected(text, { lines: false }));
      assertReads(
        `x ${markdownInline(expected(text, { lines: false }))}`,
        seen(`x ${expected(text, { lines: false })}`),
      );
    }),
    { numRuns: 2000 },
  );
});

Deno.test("markdownProse() keeps lines and paragraphs, and writes no other markup", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      assertReads(markdownProse(text), expected(text, { lines: true }));
      const quote = ["blockquote", "blockquote_open", "blockquote_close"];
      assertReads(`> ${markdownProse(text, "> ")}`, expected(text, { lines: true }), quote);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("markdownBold() makes the whole text bold, and writes no other markup", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      fc.pre(text.trim() !== "");
      const bold = ["strong", "strong_open", "strong_close"];
      assertReads(`${markdownBold(text)} x`, seen(`${expected(text, { lines: false })} x`), bold);
      assert.match(markdownIt.renderInline(markdownBold(text)), /^<strong>[^]*<\/strong>$/);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("markdownCell() writes text that stays within its cell", () => {
  const table = ["table", "tableRow", "tableCell"];
  const parts = ["table", "thead", "tbody", "tr", "th", "td"].flatMap((
    tag,
  ) => [`${tag}_open`, `${tag}_close`]);
  fc.assert(
    fc.property(nasty, (text) => {
      const markdown = `| first | last |\n| --- | --- |\n| ${markdownCell(text)} | end |`;
      const cell = expected(text, { lines: true }).replace(/\n+/g, "\n");
      for (const [parse, mark] of [[byMicromark, ""], [byMarkdownIt, "\n\n"]] as const) {
        const { text: all } = parse(markdown);
        assert.equal(
          seen(all).replace(/\n+/g, "\n"),
          seen(["first", "last", cell, "end"].join(mark)).replace(/\n+/g, "\n"),
          markdown,
        );
      }
      assert.deepEqual(
        byMicromark(markdown).kinds.filter((kind) => ![...table, ...PARSERS.micromark[1]].includes(kind)),
        [],
      );
      assert.deepEqual(
        byMarkdownIt(markdown).kinds.filter((kind) => ![...parts, "hardbreak"].includes(kind)),
        [],
      );
    }),
    { numRuns: 2000 },
  );
});

Deno.test("markdownFenced() writes one code block, and escapes marks that Quarto or R Markdown would run", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const tokens = markdownIt.parse(`${markdownFenced(text)}\n\nend`, {});
      assert.deepEqual(tokens.map(({ type }) => type), [
        "fence",
        "paragraph_open",
        "inline",
        "paragraph_close",
      ]);
      assert.equal(tokens[0]!.info, "");
      assert.doesNotMatch(markdownFenced(text), /`\{|`r[ #]|\{\{</);
      const kept = text.replaceAll("\r\n", "\n");
      if (/^[\n -~]*$/.test(kept) && !/`\{|`r[ #]|\{\{</.test(kept)) {
        assert.equal(tokens[0]!.content, kept.endsWith("\n") ? kept : `${kept}\n`);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("no function writes a mark that R Markdown or Quarto would run", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      for (const write of [markdownLine, markdownBold, markdownCell, (text: string) => markdownProse(text)]) {
        assert.doesNotMatch(write(text), /`\{|`r[ #]|\{\{</);
      }
    }),
    { numRuns: 2000 },
  );
});
