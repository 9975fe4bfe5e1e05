/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Draws the course of a scale over a discussion. A click leads to the nearest comment. */
import type { VNode } from "npm:preact@11.2.0";
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import { Words } from "../base/words.tsx";
import type { Course, CoursePoint } from "./course.ts";
import { valueWords } from "./plain_words.ts";

const WIDTH = 360;
const HEIGHT = 84;
const EDGE = 8;

/**
 * The width of a character in the numbers of the limits, and the space between these numbers and the drawing.
 */
const CHARACTER = 6.5;
const GAP = 6;

/** Up to this many points are drawn large. */
const FEW_POINTS_MAX = 80;

/** The course of one scale. */
export function CourseView(
  { course, content: { slots }, classOf, chosen, onChoose }: Readonly<{
    course: Course;
    content: DiscussionSlots;
    classOf: (author: string) => string;
    chosen: number | null;
    onChoose: (position: number) => void;
  }>,
): VNode {
  const { scale, min, max, points, peak, generatedPeak } = course;
  const left = GAP + CHARACTER * Math.max(...[min, max].map((value) => valueWords(value).length));
  const last = Math.max(1, slots.length - 1);
  const x = (position: number) => left + EDGE + (WIDTH - left - 2 * EDGE) * position / last;
  const y = (value: number) => {
    const part = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0.5;
    return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * part;
  };
  const choose = (event: MouseEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = (event.clientX - box.left) / box.width * WIDTH;
    const nearest = points.reduce((best, point) =>
      Math.abs(x(point.position) - at) < Math.abs(x(best.position) - at) ? point : best
    );
    onChoose(nearest.position);
  };
  const byAuthor = Map.groupBy(points, ({ author }) => author);
  const path = (found: readonly CoursePoint[], draw: (point: CoursePoint) => string) =>
    found.map(draw).join("");
  return (
    <figure class="course">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${scale} over the discussion, from ${valueWords(min)} to ${valueWords(max)}. ` +
          `The highest mean is ${valueWords(peak.mean)}, at comment ${peak.position + 1}.`}
        onClick={choose}
      >
        {[min, max].map((value) => (
          <g key={value} class="limit">
            <line x1={left} x2={WIDTH - EDGE} y1={y(value)} y2={y(value)} />
            <text x={left - GAP} y={y(value)} dy="0.35em">{valueWords(value)}</text>
          </g>
        ))}
        {chosen !== null && <line class="here" x1={x(chosen)} x2={x(chosen)} y1="0" y2={HEIGHT} />}
        <path
          class="ranges"
          d={path(points, ({ position, low, high }) =>
            high > low ? `M${x(position)} ${y(low)}V${y(high)}` : "")}
        />
        {[...byAuthor].map(([author, found]) => (
          <path
            key={author}
            class={`means ${points.length > FEW_POINTS_MAX ? "many" : "few"} ${classOf(author)}`}
            d={path(found, ({ position, mean }) => `M${x(position)} ${y(mean)}h0.01`)}
          />
        ))}
      </svg>
      <figcaption>
        Highest: <Peak point={peak} onChoose={onChoose} />
        {!peak.isGenerated && generatedPeak !== null && (
          <>
            , from the experiment file; of the generated comments:{" "}
            <Peak point={generatedPeak} onChoose={onChoose} />
          </>
        )}
        .{points.some(({ values }) =>
          values.length > 1
        ) &&
          " Dots show the means of the annotators, and lines their spread."}
      </figcaption>
    </figure>
  );
}

function Peak(
  { point: { position, mean, author }, onChoose }: Readonly<{
    point: CoursePoint;
    onChoose: (position: number) => void;
  }>,
): VNode {
  return (
    <>
      <button type="button" class="linklike" onClick={() => onChoose(position)}>
        {valueWords(mean)} at comment {position + 1}
      </button>{" "}
      by <Words text={author} />
    </>
  );
}
