/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The columns: one table, whose rows are turns, so that all columns scroll together. */
import { Fragment, type VNode } from "npm:preact@11.2.0";
import { useMemo, useRef } from "npm:preact@11.2.0/hooks";
import type { Slot } from "../../../../analysis/projections/mod.ts";
import { useKeys } from "../base/keys.ts";
import { OneLine, shortName, WholeName } from "../base/names.tsx";
import { Link } from "../base/parts.tsx";
import { discussionRoute } from "../base/router.ts";
import { Words } from "../base/words.tsx";
import { isNamedModerator, missingWords } from "../transcript/plain_words.ts";
import { readingsOf } from "../transcript/readings.ts";
import { speakerClassOf } from "../transcript/speaker_class.ts";
import { SpreadBar } from "../transcript/spread_bar.tsx";
import { LongText } from "../transcript/texts.tsx";
import { type AlignedRow, alignedRows, firstDifference } from "./aligned.ts";
import { DifferenceRows } from "./difference_rows.tsx";
import type { Column } from "./use_logs.ts";

/** Scales that a cell shows. */
const SCALES_SHOWN_MAX = 2;

/** Texts with more characters are folded, because columns are narrow and many texts are drawn at once. */
const FOLDED_CHARS = 5_000;

/** The least widths of the first column and of the others. */
const FIRST_REM = 6;
const COLUMN_REM = 16;

/** A column to draw. */
export type Drawn = Readonly<{
  title: string;
  /** `null` if the condition has no such discussion, or the discussion is not read yet. */
  column: Column | null;
  isMissing: boolean;
}>;

/** The columns. */
export function Columns(
  { columns, labels, hasValues }: Readonly<{
    columns: readonly Drawn[];
    labels: Readonly<Record<string, string>>;
    /** Whether the values of annotators are shown. */
    hasValues: boolean;
  }>,
): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const contents = columns.map(({ column }) => column?.log.content ?? null);
  const sizes = contents.map((content) => content?.slots.length ?? 0).join();
  const rows = useMemo(() => alignedRows(contents.map((content) => content?.slots ?? [])), [
    sizes,
    ...columns.map(({ column }) => column?.log),
  ]);
  const parting = useMemo(() => firstDifference(rows), [rows]);
  const move = (step: 1 | -1) => {
    const all = [...frame.current?.querySelectorAll<HTMLElement>("tbody tr") ?? []];
    const top = frame.current?.querySelector("thead")?.getBoundingClientRect().bottom ?? 0;
    const at = all.findIndex((row) => row.getBoundingClientRect().top >= top - 1);
    const from = at === -1 ? all.length : at;
    all[Math.max(0, Math.min(all.length - 1, from + step))]?.scrollIntoView({ block: "start" });
  };
  const scrollTo = (block: "start" | "end") =>
    frame.current?.querySelector(`tbody tr:${block === "start" ? "first" : "last"}-child`)?.scrollIntoView({
      block,
    });
  useKeys("side_by_side", {
    down: () => move(1),
    up: () => move(-1),
    first: () => scrollTo("start"),
    last: () => scrollTo("end"),
  });
  const classes = contents.map((content) => content === null ? () => "no-speaker" : speakerClassOf(content));
  return (
    <div class="columns-frame" ref={frame} role="region" aria-label="Discussions side by side" tabIndex={0}>
      <table class="columns" style={{ minWidth: `${FIRST_REM + COLUMN_REM * columns.length}rem` }}>
        <thead>
          <tr>
            <th scope="col" class="turn">Turn</th>
            {columns.map((drawn, index) => <Head key={index} {...drawn} />)}
          </tr>
        </thead>
        <tbody>
          <DifferenceRows
            titles={columns.map(({ title }) =>
              title
            )}
            designs={contents.map((content) =>
              content?.design ?? null
            )}
            labels={labels}
          />
          {rows.map((row, index) => (
            <Fragment key={row.place}>
              {index === parting && (
                <tr class="parting">
                  <td colSpan={columns.length + 1}>The discussions differ from here on.</td>
                </tr>
              )}
              <Row row={row} columns={columns} classes={classes} hasValues={hasValues} />
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ title, column, isMissing }: Drawn): VNode {
  const content = column?.log.content;
  const isNamed = column !== null && title === column.discussion;
  return (
    <th scope="col">
      <strong>
        {isNamed ? <ColumnLink column={column} isWhole /> : <OneLine text={title} />}
      </strong>
      <div class="under">
        {isMissing && "no such discussion"}
        {column !== null && !isNamed && <ColumnLink column={column} />}
        {content !== undefined && content !== null && content.ending === null && ", not ended"}
        {column !== null && !column.isRead && ", loading …"}
      </div>
      {column?.problem && <div class="flagged">{column.problem}</div>}
    </th>
  );
}

function ColumnLink(
  { column: { run, discussion }, isWhole }: Readonly<{ column: Column; isWhole?: boolean }>,
): VNode {
  return (
    <Link to={discussionRoute(run, discussion)} label={discussion}>
      {isWhole ? <WholeName discussion={discussion} /> : (
        <span title={discussion}>
          <Words text={shortName(discussion)} />
        </span>
      )}
    </Link>
  );
}

type RowProps = Readonly<{
  row: AlignedRow;
  columns: readonly Drawn[];
  classes: readonly ((author: string) => string)[];
  hasValues: boolean;
}>;

function Row({ row: { place, cells, isShared }, columns, classes, hasValues }: RowProps): VNode {
  const shared = isShared ? cells[0]! : null;
  return (
    <tr class={shared === null ? "" : "shared-row"}>
      <th scope="row" class="turn">{place}</th>
      {shared !== null
        ? (
          <td colSpan={cells.length} class={classes[0]!(shared.author)}>
            <Cell
              slot={shared}
              drawn={columns[0]!}
              hasValues={false}
              note={shared.by === "opening" ? "same in all columns" : "shared past"}
            />
          </td>
        )
        : cells.map((slot, index) =>
          slot === null
            ? (
              <td key={index} class="gap">
                <span class="aside">nothing here</span>
              </td>
            )
            : (
              <td key={index} class={`${classes[index]!(slot.author)} by-${slot.by}`}>
                <Cell slot={slot} drawn={columns[index]!} hasValues={hasValues} />
              </td>
            )
        )}
    </tr>
  );
}

function Cell(
  { slot, drawn: { column }, hasValues, note }: Readonly<{
    slot: Slot;
    drawn: Drawn;
    /**
     * Whether values of annotators are shown. A shared row shows none, since they can differ between the
     * columns.
     */
    hasValues: boolean;
    note?: string;
  }>,
): VNode {
  const content = column!.log.content!;
  const shown = hasValues ? readingsOf(slot, content.passes) : [];
  const readings = shown.filter(({ numbers }) => (numbers?.length ?? 0) > 0);
  return (
    <div class="cell">
      <p class="who">
        <Link
          className="author"
          to={discussionRoute(column!.run, column!.discussion, { at: slot.position })}
          label={`${slot.author}, comment ${slot.position + 1} of ${column!.discussion}`}
        >
          <Words text={slot.author} />
        </Link>{" "}
        <span class="part">
          {note ??
            (slot.role ?? (slot.by === "moderator" && !isNamedModerator(slot.author) ? "moderator" : ""))}
        </span>
        {readings.slice(0, SCALES_SHOWN_MAX).map((one) => (
          <SpreadBar key={one.pass + one.scale.name} {...one} />
        ))}
      </p>
      {slot.text === null
        ? <p class="silence">{missingWords(slot, content.design.passWord)}</p>
        : <LongText text={slot.text} foldedChars={FOLDED_CHARS} />}
    </div>
  );
}
