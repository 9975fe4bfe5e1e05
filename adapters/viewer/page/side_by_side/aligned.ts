/** Aligns discussions by turn, so that they can be read side by side. */
import type { Slot } from "../../../../analysis/projections/mod.ts";

/** One row: what each discussion has at the same place; `null` where it has nothing. */
export type AlignedRow = Readonly<{
  /** A stable name of the place, such as `turn 3`. */
  place: string;
  cells: readonly (Slot | null)[];
  /** Whether all discussions share the row, because it was copied into a branch, or is the same opening. */
  isShared: boolean;
}>;

const PARTS = [
  "opening",
  "participant",
  "intervention",
  "moderator",
] as const satisfies readonly Slot["by"][];

type Place = readonly [turn: number, part: number, nth: number];

/**
 * The rows of several discussions. Turns with the same number are in one row, whatever their speakers and
 * words are. Scripted comments after the same turn are in one row, too, and so are the moderator's comments
 * after the same turn.
 *
 * @param columns The slots of each discussion; empty for a missing discussion.
 */
export function alignedRows(columns: readonly (readonly Slot[])[]): readonly AlignedRow[] {
  const rows = new Map<string, { place: Place; cells: (Slot | null)[] }>();
  for (const [column, slots] of columns.entries()) {
    const seen = new Map<string, number>();
    for (const slot of slots) {
      const turn = slot.turn ?? -1;
      const part = PARTS.indexOf(slot.by);
      const base = `${turn}/${part}`;
      const nth = seen.get(base) ?? 0;
      seen.set(base, nth + 1);
      const key = `${base}/${nth}`;
      let row = rows.get(key);
      if (row === undefined) {
        rows.set(
          key,
          row = { place: [turn, part, nth], cells: columns.map(() => null) },
        );
      }
      row.cells[column] = slot;
    }
  }
  return [...rows.values()].toSorted((a, b) => compared(a.place, b.place)).map(({ place, cells }) => ({
    place: nameOf(place),
    cells,
    isShared: isShared(cells),
  }));
}

function compared(one: Place, other: Place): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

function nameOf([turn, part, nth]: Place): string {
  switch (PARTS[part]!) {
    case "opening":
      return `opening ${nth + 1}`;
    case "participant":
      return `turn ${turn + 1}`;
    case "intervention":
      return `scripted after turn ${turn + 1}`;
    case "moderator":
      return `moderator after turn ${turn + 1}`;
    default:
      return PARTS[part] satisfies undefined as never;
  }
}

/**
 * Whether all cells have the same words by the same speaker, and not by chance: one of the cells was copied
 * into a branch, or is an opening.
 */
function isShared(cells: readonly (Slot | null)[]): boolean {
  const [first] = cells;
  if (cells.length < 2 || first === null || first === undefined) return false;
  const isCopy = cells.some((slot) => slot?.isPast === true || slot?.by === "opening");
  return isCopy &&
    cells.every((slot) => slot !== null && isSame(slot, first));
}

/**
 * The index of the first row at which the discussions differ, after rows at which they are the same; `null`
 * if there is no such row. A row that a discussion has not reached yet does not count as a difference.
 */
export function firstDifference(rows: readonly AlignedRow[]): number | null {
  const index = rows.findIndex(({ cells }, at) => {
    const reached = cells.filter((slot, column) =>
      slot !== null || rows.slice(at + 1).some((later) => later.cells[column] !== null)
    );
    return reached.some((slot) => !isSame(slot, reached[0]!));
  });
  return index > 0 ? index : null;
}

function isSame(one: Slot | null, other: Slot | null): boolean {
  return one?.author === other?.author && one?.text === other?.text && one?.silence === other?.silence;
}
