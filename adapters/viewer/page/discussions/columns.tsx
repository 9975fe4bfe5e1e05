/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The columns of the list of discussions. */
import type { ComponentChildren, VNode } from "npm:preact@11.2.0";
import type { DiscussionRow } from "../../../../analysis/listing/mod.ts";
import { count, share, timeInUtc } from "../base/numbers.ts";
import { OneLine, shortName } from "../base/names.tsx";
import { useShared } from "../base/page.ts";
import { Words } from "../base/words.tsx";

/**
 * A column. The name of the discussion is not among these columns, because every row begins with the name.
 */
export type Column = Readonly<{
  /** The column's id. For columns that can be sorted, it is a member of the row. */
  id: string;
  title: string;
  /** The least width in rem, and the column's share of the remaining space. */
  width: readonly [rem: number, share: number];
  isNumber?: boolean;
  isSortable?: boolean;
  /** Whether a narrow screen shows the column. */
  isOnCards?: boolean;
  show: (row: DiscussionRow) => ComponentChildren;
}>;

type NumberMember = {
  [Member in keyof DiscussionRow]: DiscussionRow[Member] extends number ? Member : never;
}[keyof DiscussionRow];

function number(id: NumberMember, title: string, others: Partial<Column> = {}): Column {
  return {
    id,
    title,
    width: [4.75, 0],
    isNumber: true,
    isSortable: true,
    show: (row) => row[id] === 0 ? <span class="zero">0</span> : count(row[id]),
    ...others,
  };
}

function names(id: "speakers" | "roles" | "models", title: string): Column {
  return { id, title, width: [9, 1], show: (row) => <Words text={row[id].join(", ")} /> };
}

/** The width of a discussion's name: of a whole name, and of a name without the condition. */
const NAME_WIDTH: Column["width"] = [14, 3];
const SHORT_NAME_WIDTH: Column["width"] = [8.5, 1];

/** All columns, in the order of the list. */
export const COLUMNS: readonly Column[] = [
  {
    id: "run",
    title: "Run",
    width: [6, 1],
    isSortable: true,
    show: ({ run }) => <OneLine text={run} />,
  },
  {
    id: "condition",
    title: "Condition",
    width: [9, 3],
    isSortable: true,
    isOnCards: true,
    show: ({ condition }) => <OneLine text={condition} />,
  },
  {
    id: "status",
    title: "Status",
    width: [5.75, 0],
    isSortable: true,
    isOnCards: true,
    show: ({ run, status }) => <Status run={run} status={status} />,
  },
  {
    id: "turns",
    title: "Turns",
    width: [4, 0],
    isNumber: true,
    isSortable: true,
    isOnCards: true,
    show: ({ turns, plannedTurns }) => `${count(turns)} / ${count(plannedTurns)}`,
  },
  number("comments", "Comments", { isOnCards: true, width: [4.5, 0] }),
  number("silent", "Silent", { isOnCards: true, width: [3, 0] }),
  number("cut", "Cut", { isOnCards: true, width: [2.5, 0] }),
  number("unparsed", "Unparsed"),
  {
    id: "failures",
    title: "Failures",
    width: [3.75, 0],
    isNumber: true,
    isOnCards: true,
    show: ({ failures }) => {
      const all = Object.values(failures).reduce((sum, one) => sum + one, 0);
      return all === 0 ? <span class="zero">0</span> : count(all);
    },
  },
  {
    id: "disagreement",
    title: "Disagree",
    width: [5.5, 0],
    isNumber: true,
    isSortable: true,
    show: ({ disagreement }) => disagreement === null ? <span class="zero">–</span> : share(disagreement, 1),
  },
  number("interventions", "Moderated"),
  number("replicate", "Replicate"),
  number("promptTokens", "Tokens read", { width: [6, 0] }),
  number("completionTokens", "Tokens written", { width: [7.5, 0] }),
  names("speakers", "Participants"),
  names("roles", "Roles"),
  names("models", "Models"),
  {
    id: "origin",
    title: "Branch from",
    width: [8, 1],
    show: ({ origin }) => origin === null ? "" : <OneLine text={origin.discussion} />,
  },
  {
    id: "openedAt",
    title: "Opened (UTC)",
    width: [8.25, 0],
    isSortable: true,
    show: ({ openedAt }) => timeInUtc(openedAt),
  },
  {
    id: "lastAt",
    title: "Latest (UTC)",
    width: [8.25, 0],
    isSortable: true,
    show: ({ lastAt }) => timeInUtc(lastAt),
  },
];

/** The columns that are shown until the reader chooses others. */
const DEFAULT: readonly string[] = [
  "condition",
  "status",
  "turns",
  "comments",
  "silent",
  "cut",
  "failures",
  "disagreement",
  "lastAt",
];

/** The columns to show. With several runs, the default columns include the run. */
export function shownColumns(chosen: readonly string[] | null, hasRuns: boolean): readonly Column[] {
  const wanted = new Set(chosen ?? (hasRuns ? ["run", ...DEFAULT] : DEFAULT));
  return COLUMNS.filter(({ id }) => wanted.has(id));
}

/** The space between two columns in rem. `discussions.css` has the same. */
const GAP = 0.75;

/** Whether names are shown without the condition, because a column shows it. */
function isNameShort(columns: readonly Column[]): boolean {
  return columns.some(({ id }) => id === "condition");
}

/** The name of a discussion in the list. */
export function Name(
  { discussion, columns }: Readonly<{ discussion: string; columns: readonly Column[] }>,
): VNode {
  return isNameShort(columns) ? <Words text={shortName(discussion)} /> : <OneLine text={discussion} />;
}

/** The tracks of a CSS grid with the name and these columns, and the least width of the whole grid. */
export function tracksOf(columns: readonly Column[]): Readonly<{ tracks: string; least: string }> {
  const widths = [isNameShort(columns) ? SHORT_NAME_WIDTH : NAME_WIDTH, ...columns.map(({ width }) => width)];
  const sum = widths.reduce((all, [rem]) => all + rem + GAP, GAP);
  return {
    tracks: widths.map(([rem, share]) => share === 0 ? `${rem}rem` : `minmax(${rem}rem, ${share}fr)`).join(
      " ",
    ),
    least: `${sum}rem`,
  };
}

/** A status, with a dot in its colour. */
export function Status({ run, status }: Pick<DiscussionRow, "run" | "status">): VNode {
  const facts = useShared().runs.find(({ name }) => name === run);
  const isStopped = status === "in flight" && facts?.holders.length === 0;
  return (
    <span class={`status ${status.replace(" ", "-")}`}>
      <span class="dot" aria-hidden="true" />
      {isStopped ? "half-finished" : status}
    </span>
  );
}
