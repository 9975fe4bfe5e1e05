/** What sections consist of, in a page. */
import type { Block, Callout, Facts, List, Source, TableBlock } from "../../analysis/report/mod.ts";
import { figureHtml } from "./html_figure.ts";
import { type Markup, markup, shown, shownInline } from "./html_markup.ts";
import { tableHtml } from "./html_table.ts";
import { transcriptHtml } from "./html_transcript.ts";
import type { DrawPlot } from "./plots_drawing.ts";

/** What a block is told by the page that it is in. */
export type Place = Readonly<{
  /** Its name in the page, for blocks that have none of their own. */
  id: string;
  /** Its place among the report's figures, or among its tables, from 1. */
  number: number;
  /** The level of a heading here. */
  level: 3 | 4;
  draw: DrawPlot;
}>;

/** Rows of a table that is not folded. */
const ROWS_UNFOLDED_MAX = 24;

/** What callouts are called, beside looking otherwise. */
const TONES = { flag: "Flag", caution: "Caution", note: "Note" } as const;

/**
 * Writes a block.
 *
 * @param block The block.
 * @param place Where it is.
 */
export function blockHtml(block: Block, place: Place): Markup {
  switch (block.kind) {
    case "heading":
      return markup`<h3 dir="auto">${shown(block.title)}</h3>`;
    case "paragraph":
      return markup`<p dir="auto">${shown(block.text)}</p>`;
    case "list":
      return listHtml(block);
    case "facts":
      return factsHtml(block);
    case "callout":
      return calloutHtml(block);
    case "source":
      return sourceHtml(block);
    case "table":
      return tableBlockHtml(block, `Table ${place.number}`);
    case "figure":
      return figureHtml(block, place.number, place.draw);
    case "transcript":
      return transcriptHtml(
        block,
        place.id,
        place.level === 3
          ? markup`<h3 id="${place.id}" dir="auto">${shown(block.title)}</h3>`
          : markup`<h4 id="${place.id}" dir="auto">${shown(block.title)}</h4>`,
      );
    default:
      block satisfies never;
      throw new TypeError(`Cannot show a block "${JSON.stringify(block)}"`);
  }
}

/** A long table is folded: whoever reads on need not scroll past it. */
function tableBlockHtml({ table }: TableBlock, label: string): Markup {
  const whole = tableHtml(table, label);
  return table.rows.length <= ROWS_UNFOLDED_MAX ? whole : markup`<details class="long"><summary>${label}. \
${shownInline(table.title)} (${String(table.rows.length)} rows)</summary>
${whole}
</details>`;
}

function listHtml({ items }: List): Markup {
  return markup`<ul>
${items.map((item) => markup`<li dir="auto">${shown(item)}</li>`)}
</ul>`;
}

function factsHtml({ entries }: Facts): Markup {
  return markup`<dl>
${
    entries.map(({ term, value }) =>
      markup`<div><dt>${shownInline(term)}</dt><dd dir="auto">${shown(value)}</dd></div>`
    )
  }
</dl>`;
}

function calloutHtml({ tone, title, text }: Callout): Markup {
  return markup`<div class="callout ${tone}" role="note">
<p class="title"><span class="badge">${TONES[tone]}</span> ${shownInline(title)}</p>
<p dir="auto">${shown(text)}</p>
</div>`;
}

function sourceHtml({ title, text }: Source): Markup {
  return markup`<details class="source"><summary>${shownInline(title)}</summary>
<pre dir="auto">${shown(text)}</pre>
</details>`;
}
