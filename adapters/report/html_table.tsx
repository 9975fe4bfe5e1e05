/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Texts, tables and figures of the page. Texts of unknown origin are escaped. */
// deno-lint-ignore-file jsx-key -- the page is rendered once
import type { VNode } from "npm:preact@11.2.0";
import {
  type Cell,
  type Column,
  type Figure,
  formatCell,
  isEstimate,
  isNumeric,
  reasonsOf,
  type Row,
  type Table,
  UNSEEN,
  visibleCharacter,
  visibleLines,
} from "../../analysis/report/mod.ts";
import { isUnavailable } from "../../analysis/mod.ts";
import type { Image } from "./plots/canvas.ts";
import type { DrawPlot } from "./plots/draw_plot.ts";

const PARTS = new RegExp(`(${UNSEEN.source})`, "u");

/** A text. Newlines and tabs stay; other invisible characters are shown as escapes, such as `\u{202e}`. */
export function Shown({ text }: Readonly<{ text: string }>): VNode {
  const parts = text.replaceAll("\r\n", "\n").split(PARTS);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 0 || part === "\n" || part === "\t"
          ? part
          : <span class="unseen">{visibleCharacter(part)}</span>
      )}
    </>
  );
}

/** A text within a line: it cannot change the writing direction of the text around it. */
export function Inline({ text }: Readonly<{ text: string }>): VNode {
  return (
    <bdi>
      <Shown text={text} />
    </bdi>
  );
}

/** A cell of at most this many characters stays on one line. */
const BRIEF_MAX = 26;

/** A table with more columns has smaller text on paper. */
const COLUMNS_MANY = 10;

/** A table, which scrolls sideways if the page is narrower. A list below it says why values are missing. */
export function TableView({ table, label }: Readonly<{ table: Table; label: string }>): VNode {
  const { columns, rows, note } = table;
  const id = `table-${table.id}`;
  const reasons = reasonsOf(table);
  return (
    <div class={columns.length > COLUMNS_MANY ? "table wide" : "table"} id={id}>
      <div class="scroll" role="region" tabindex={0} aria-labelledby={`${id}_title`}>
        <table>
          <caption>
            <span id={`${id}_title`}>
              <b>{label}.</b> <Inline text={table.title} />
            </span>
          </caption>
          <thead>
            <tr>{columns.map((column) => <ColumnTitle {...column} />)}</tr>
          </thead>
          <tbody>
            {rows.length === 0
              ? (
                <tr>
                  <td class="words" colspan={columns.length}>There is nothing to show.</td>
                </tr>
              )
              : rows.map((row) => <RowView row={row} columns={columns} id={id} reasons={reasons} />)}
          </tbody>
        </table>
      </div>
      {note === "" ? null : (
        <p class="under" dir="auto">
          <Shown text={note} />
        </p>
      )}
      {reasons.length === 0 ? null : (
        <ol class="under reasons">
          {reasons.map((reason, index) => (
            <li id={`${id}_reason-${index + 1}`}>
              Cannot be computed: <Inline text={reason} />.
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function ColumnTitle({ title, format }: Column): VNode {
  if (title === "") return <td></td>;
  return (
    <th scope="col" class={isNumeric(format) ? "figures" : "words"}>
      <Inline text={title} />
    </th>
  );
}

type RowProps = Readonly<
  { row: Row; columns: readonly Column[]; id: string; reasons: readonly string[] }
>;

function RowView({ row: { cells, tone }, columns, id, reasons }: RowProps): VNode {
  return (
    <tr class={tone}>
      {columns.map(({ format }, index) => {
        const cell = cells[index] ?? null;
        const isBrief = String(cell).length <= BRIEF_MAX;
        const kind = isEstimate(cell)
          ? "figures estimate"
          : isNumeric(format)
          ? "figures"
          : isBrief
          ? "words brief"
          : "words";
        const content = (
          <>
            {index === 0 && tone !== undefined
              ? (
                <>
                  <span class="badge">{tone}</span>
                  {" "}
                </>
              )
              : null}
            <CellText cell={cell} text={formatCell(cell, format)} id={id} reasons={reasons} />
          </>
        );
        return index === 0 && typeof cell === "string" && cell !== ""
          ? <th scope="row" class={kind}>{content}</th>
          : <td class={kind}>{content}</td>;
      })}
    </tr>
  );
}

type CellProps = Readonly<{ cell: Cell; text: string; id: string; reasons: readonly string[] }>;

function CellText({ cell, text, id, reasons }: CellProps): VNode | null {
  if (text === "") return null;
  if (isEstimate(cell)) return <EstimateText text={text} />;
  if (!isUnavailable(cell)) return <Inline text={text} />;
  const number = reasons.indexOf(cell.unavailable) + 1;
  return (
    <>
      {text}
      <sup>
        <a href={`#${id}_reason-${number}`} aria-label={`cannot be computed, see note ${number}`}>{number}</a>
      </sup>
    </>
  );
}

/** An estimate with its interval. In a narrow cell, the interval moves to a line of its own. */
function EstimateText({ text }: Readonly<{ text: string }>): VNode {
  const start = text.indexOf(" (");
  return (
    <>
      <Inline text={text.slice(0, start)} />{" "}
      <span class="range">
        <Inline text={text.slice(start + 1)} />
      </span>
    </>
  );
}

/** A plot with its legend, and the same results as a table. */
export function FigureView(
  { figure, number, draw }: Readonly<{ figure: Figure; number: number; draw: DrawPlot }>,
): VNode {
  const { title, estimator = "", table } = figure;
  return (
    <figure id={`figure-${table.id}`}>
      <figcaption>
        <b>Figure {number}.</b> <Inline text={estimator === "" ? title : `${title}.`} />
        {estimator === "" ? null : (
          <span class="estimator">
            {" "}
            <Inline text={estimator} />
          </span>
        )}
      </figcaption>
      <Plotted figure={figure} draw={draw} />
      <details>
        <summary>Figure {number} as a table</summary>
        <TableView table={table} label={`Figure ${number} as a table`} />
      </details>
    </figure>
  );
}

function Plotted({ figure, draw }: Readonly<{ figure: Figure; draw: DrawPlot }>): VNode {
  const drawing = draw(figure.plot);
  if (drawing === null) return <p class="empty">There is nothing to plot.</p>;
  const { image, x, y, legend } = drawing;
  const id = `figure-${figure.table.id}`;
  return (
    <div class="plot">
      {legend.length === 0 ? null : (
        <ul class="legend" role="list">
          {legend.map(({ swatch, name }) => (
            <li>
              <Svg image={swatch} aria-hidden="true" />{" "}
              <span>
                <Inline text={name} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {y === "" ? null : (
        <p class="axis">
          <span aria-hidden="true">↑</span> <Inline text={y} />
        </p>
      )}
      <Svg image={image} class="image" role="img" aria-labelledby={`${id}_title ${id}_alt`}>
        <title id={`${id}_title`}>{visibleLines(figure.title)}</title>
        <desc id={`${id}_alt`}>{visibleLines(figure.alt)}</desc>
      </Svg>
      {x === "" ? null : (
        <p class="axis across">
          <Inline text={x} /> <span aria-hidden="true">→</span>
        </p>
      )}
    </div>
  );
}

type SvgProps = Readonly<{
  image: Image;
  class?: string;
  role?: "img";
  "aria-hidden"?: "true";
  "aria-labelledby"?: string;
  children?: VNode[];
}>;

function Svg({ image: { width, height, content }, children, ...rest }: SvgProps): VNode {
  return (
    <svg {...rest} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      {children}
      {content}
    </svg>
  );
}
