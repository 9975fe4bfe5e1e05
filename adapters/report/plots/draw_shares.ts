/** Draws the shares of labels as parts of one bar for each group. */
import { acrossAxis, type Canvas, drawRows, swatch } from "./canvas.ts";
import { type Drawing, type Kind, LEFT, LOOKS, TICKS } from "./drawing.ts";

/** A part of a bar says its share if it is at least this wide. */
const SHARE_SHOWN_MIN = 0.09;

/** @returns `null` without groups, or with more labels than can be told apart. */
export function drawShares(canvas: Canvas, { x, labels, groups }: Kind<"shares">): Drawing | null {
  if (groups.length === 0 || labels.length > LOOKS.length) return null;
  const parts = groups.flatMap(({ shares }, row) => {
    let end = 0;
    return shares.map((share, label) => {
      const start = end;
      end += share;
      return { row, label, share, from: 100 * start, to: 100 * end, middle: 50 * (start + end) };
    });
  });
  const fillOf = (label: number) => `var(--series-${label + 1})`;
  return {
    image: drawRows(canvas, {
      names: groups.map(({ name }) => name),
      height: 28,
      x: [0, 100],
      y: [0, 1],
      marginLeft: LEFT.plain,
      marks: [
        ...acrossAxis(canvas, TICKS),
        ...labels.map((_, label) =>
          canvas.rect(parts.filter((part) => part.label === label && part.share > 0), {
            ...{ x1: "from", x2: "to", y1: 0, y2: 1, fy: "row", insetLeft: 1, insetRight: 1 },
            fill: fillOf(label),
          })
        ),
        canvas.text(parts.filter(({ share }) => share >= SHARE_SHOWN_MIN), {
          x: "middle",
          y: () => 0.5,
          fy: "row",
          text: ({ share }: typeof parts[number]) => `${Math.round(100 * share)}`,
          fill: "currentColor",
        }),
      ],
    }),
    x,
    y: "",
    legend: labels.map((name, label) => ({
      name,
      swatch: swatch(canvas, [
        canvas.rect([{ x1: 0, x2: 2 }], { x1: "x1", x2: "x2", y1: -1, y2: 1, fill: fillOf(label) }),
      ]),
    })),
  };
}
