/** A report as one page: it needs nothing else, asks nobody for anything, and runs nothing. */
import { createHash } from "node:crypto";
import { type Block, checkReport, type Report, type Section } from "../../analysis/report/mod.ts";
import { anchor } from "./html_anchor.ts";
import { blockHtml, type Place } from "./html_blocks.ts";
import { Markup, markup, shown, shownInline } from "./html_markup.ts";
import { openPlots } from "./plots.ts";
import type { DrawPlot } from "./plots_drawing.ts";
import { STYLE } from "./style.ts";

/** What the page may do: look as its own style says. */
const POLICY = `default-src 'none'; style-src 'sha256-${
  createHash("sha256").update(STYLE).digest("base64")
}'; base-uri 'none'; form-action 'none'`;

/**
 * Writes a report as one HTML page, for screens of any width, for paper and for screen readers.
 *
 * @param report The report; its texts can say anything.
 * @returns The page.
 * @throws TypeError as `checkReport()` does.
 */
export async function reportHtml(report: Report): Promise<string> {
  checkReport(report);
  const draw = hasFigures(report) ? await openPlots() : () => null;
  const places = placesOf(report, draw);
  return `${
    markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${report.title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1 dir="auto">${shown(report.title)}</h1>
<p dir="auto">${shown(report.subtitle)}</p>
</header>
<nav aria-labelledby="contents">
<p id="contents">Contents</p>
<ol>
${
      report.sections.map(({ id, title }) =>
        markup`<li><a href="#${anchor("section", id)}">${shownInline(title)}</a></li>`
      )
    }
</ol>
</nav>
<main id="report" tabindex="-1">
${report.sections.map((section) => sectionHtml(section, places))}
</main>
</body>
</html>`.text
  }\n`;
}

function sectionHtml({ id, title, blocks }: Section, places: ReadonlyMap<Block, Place>): Markup {
  const name = anchor("section", id);
  return markup`<section id="${name}" aria-labelledby="${name}_title">
<h2 id="${name}_title" dir="auto">${shown(title)}</h2>
${blocks.map((block) => blockHtml(block, places.get(block)!))}
</section>`;
}

function hasFigures({ sections }: Report): boolean {
  return sections.some(({ blocks }) => blocks.some(({ kind }) => kind === "figure"));
}

/** Numbers figures and tables through the report, and tells headings their level. */
function placesOf({ sections }: Report, draw: DrawPlot): ReadonlyMap<Block, Place> {
  const places = new Map<Block, Place>();
  const numbers = { table: 0, figure: 0, transcript: 0 };
  for (const { blocks } of sections) {
    let level: Place["level"] = 3;
    for (const block of blocks) {
      const number = block.kind in numbers ? ++numbers[block.kind as keyof typeof numbers] : 0;
      places.set(block, { id: anchor("transcript", String(number)), number, level, draw });
      if (block.kind === "heading") level = 4;
    }
  }
  return places;
}
