/** Figures in a page: the plot, what its marks mean, and the table of what it shows. */
import type { Figure } from "../../analysis/report/mod.ts";
import { anchor } from "./html_anchor.ts";
import { type Markup, markup, NOTHING, shownInline } from "./html_markup.ts";
import { tableHtml } from "./html_table.ts";
import type { Drawing, DrawPlot, Image, Panel } from "./plots_drawing.ts";

/**
 * Writes a figure.
 *
 * @param figure The figure.
 * @param number Its place among the report's figures, from 1.
 * @param draw Draws plots.
 */
export function figureHtml(figure: Figure, number: number, draw: DrawPlot): Markup {
  const id = anchor("figure", figure.table.id);
  return markup`<figure id="${id}">
<figcaption><b>Figure ${number}.</b> ${shownInline(figure.title)}</figcaption>
${drawingHtml(draw(figure.plot), figure, id)}
<details><summary>Figure ${number} as a table</summary>
${tableHtml(figure.table, `Figure ${number} as a table`)}
</details>
</figure>`;
}

function drawingHtml(drawing: Drawing | null, figure: Figure, id: string): Markup {
  if (drawing === null) return markup`<p class="empty">There is nothing to plot.</p>`;
  const { x, y } = drawing;
  const up = y === ""
    ? NOTHING
    : markup`<p class="axis"><span aria-hidden="true">↑</span> ${shownInline(y)}</p>`;
  if ("panels" in drawing) {
    return markup`<div class="plot many">
${up}
<p class="axis"><span aria-hidden="true">→</span> ${shownInline(x)}</p>
${panelsHtml(drawing.panels, figure, id)}
</div>`;
  }
  const { legend } = drawing;
  return markup`<div class="plot">
<ul class="legend" role="list">${
    legend.map(({ swatch, name }) => markup`<li>${swatch} <span>${shownInline(name)}</span></li>`)
  }</ul>
${up}
${imagesHtml(drawing.wide, drawing.narrow, figure, id)}
<p class="axis across">${shownInline(x)} <span aria-hidden="true">→</span></p>
</div>`;
}

/** The same plot drawn for wide pages and for narrow ones: a style shows one of them. */
function imagesHtml(wide: Image, narrow: Image, { title, alt }: Figure, id: string): Markup {
  return markup`${imageHtml(wide, "wide", `${id}_wide`, title, alt)}
${imageHtml(narrow, "narrow", `${id}_narrow`, title, alt)}`;
}

/** What the figure shows is told once, by the first of its panels. */
function panelsHtml(panels: readonly Panel[], { title, alt }: Figure, id: string): Markup {
  return markup`<ul class="panels" role="list">${
    panels.map(({ name, image }, index) =>
      markup`<li><p>${shownInline(name)}</p>${
        imageHtml(image, "panel", `${id}_${index + 1}`, `${title}: ${name}`, index === 0 ? alt : "")
      }</li>`
    )
  }</ul>`;
}

function imageHtml(
  { width, height, content }: Image,
  kind: string,
  id: string,
  title: string,
  alt: string,
): Markup {
  return markup`<svg class="${kind}" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" \
aria-labelledby="${id}_title${alt === "" ? "" : ` ${id}_alt`}"><title id="${id}_title">${title}</title>${
    alt === "" ? NOTHING : markup`<desc id="${id}_alt">${alt}</desc>`
  }${content}</svg>`;
}
