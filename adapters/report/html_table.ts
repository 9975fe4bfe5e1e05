/** Tables in a page. */
import { isUnavailable } from "../../analysis/mod.ts";
import {
  type Cell,
  type Column,
  formatCell,
  isNumeric,
  reasonsOf,
  type Row,
  type Table,
} from "../../analysis/report/mod.ts";
import { anchor } from "./html_anchor.ts";
import { Markup, markup, NOTHING, shown, shownInline } from "./html_markup.ts";

/** Characters that a cell has at most to be kept in one line. */
const BRIEF_MAX = 26;

/** More columns than a sheet of paper has room for at the usual size. */
const COLUMNS_MANY = 10;

/**
 * Writes a table, in a region of its own that scrolls where the page is narrower. Why figures are unavailable stands
 * below it.
 *
 * @param table The table.
 * @param label What it is called before its title, such as `Table 3`.
 */
export function tableHtml(table: Table, label: string): Markup {
  const id = anchor("table", table.id);
  const reasons = reasonsOf(table);
  return markup`<div class="table${table.columns.length > COLUMNS_MANY ? " wide" : ""}" id="${id}">
<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}_title">
<table>
<caption><span id="${id}_title"><b>${label}.</b> ${shownInline(table.title)}</span></caption>
<thead><tr>${table.columns.map(columnHtml)}</tr></thead>
<tbody>
${table.rows.length === 0 ? emptyHtml(table) : table.rows.map((row) => rowHtml(row, table, reasons))}
</tbody>
</table>
</div>
${table.note === "" ? NOTHING : markup`<p class="under" dir="auto">${shown(table.note)}</p>`}
${reasons.length === 0 ? NOTHING : reasonsHtml(id, reasons)}
</div>`;
}

function reasonsHtml(id: string, reasons: readonly string[]): Markup {
  return markup`<ol class="under reasons">
${
    reasons.map((reason, index) =>
      markup`<li id="${noteId(id, index)}">Cannot be computed: ${shownInline(reason)}.</li>`
    )
  }
</ol>`;
}

function noteId(table: string, index: number): string {
  return `${table}_reason-${index + 1}`;
}

function columnHtml({ title, format }: Column): Markup {
  if (title === "") return markup`<td></td>`;
  return markup`<th scope="col" class="${isNumeric(format) ? "figures" : "words"}">${
    shownInline(title)
  }</th>`;
}

function emptyHtml({ columns }: Table): Markup {
  return markup`<tr><td class="words" colspan="${columns.length}">There is nothing to show.</td></tr>`;
}

function rowHtml({ cells, tone }: Row, table: Table, reasons: readonly string[]): Markup {
  return markup`<tr${tone === undefined ? NOTHING : markup` class="${tone}"`}>${
    table.columns.map((column, index) => {
      const cell = cells[index] ?? null;
      const badge = index === 0 && tone !== undefined ? markup`<span class="badge">${tone}</span> ` : NOTHING;
      const content = markup`${badge}${cellHtml(cell, column, anchor("table", table.id), reasons)}`;
      const kind = isNumeric(column.format) ? "figures" : isBrief(cell) ? "words brief" : "words";
      return index === 0 && typeof cell === "string" && cell !== ""
        ? markup`<th scope="row" class="${kind}">${content}</th>`
        : markup`<td class="${kind}">${content}</td>`;
    })
  }</tr>`;
}

function isBrief(cell: Cell): boolean {
  return String(cell).length <= BRIEF_MAX;
}

function cellHtml(cell: Cell, { format }: Column, id: string, reasons: readonly string[]): Markup {
  const text = formatCell(cell, format);
  if (text === "") return NOTHING;
  if (!isUnavailable(cell)) return shownInline(text);
  const index = reasons.indexOf(cell.unavailable);
  return markup`${text}<sup><a href="#${noteId(id, index)}" aria-label="cannot be computed, see note ${
    index + 1
  }">${index + 1}</a></sup>`;
}
