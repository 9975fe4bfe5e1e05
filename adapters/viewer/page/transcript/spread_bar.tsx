/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The values of all annotators about one comment on one scale: a line from the lowest to the highest, and their mean. */
import type { VNode } from "npm:preact@11.2.0";
import { scaleLimits } from "../../../../analysis/listing/mod.ts";
import { share } from "../base/numbers.ts";
import { Words } from "../base/words.tsx";
import { valueWords } from "./plain_words.ts";
import type { ScaleReadings } from "./readings.ts";

/** The width of the scale in the drawing. */
const WIDTH = 60;

/** The values of the annotators as a spread, with the name of the scale and the mean in words. */
export function SpreadBar({ scale, numbers, mean }: ScaleReadings): VNode | null {
  const limits = scaleLimits(scale);
  if (limits === null || numbers === null || mean === null) return null;
  const x = (value: number) => {
    const share = limits.max > limits.min ? (value - limits.min) / (limits.max - limits.min) : 0.5;
    return 4 + (WIDTH - 8) * Math.min(1, Math.max(0, share));
  };
  const values = numbers.map(({ number }) => number);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isYesOrNo = scale.type === "boolean";
  const figure = isYesOrNo && low === high
    ? valueWords(low === 1)
    : isYesOrNo
    ? `${share(mean, 1)} yes`
    : valueWords(mean);
  const words = low === high || isYesOrNo
    ? figure
    : `mean ${figure}, from ${valueWords(low)} to ${valueWords(high)}`;
  return (
    <span class="spread">
      <span class="scale">
        <Words text={scale.name} />
      </span>
      <svg width={WIDTH} height="12" viewBox={`0 0 ${WIDTH} 12`} aria-hidden="true">
        <line class="axis" x1="4" x2={WIDTH - 4} y1="6" y2="6" />
        <line class="range" x1={x(low)} x2={x(high)} y1="6" y2="6" />
        <circle class="mean" cx={x(mean)} cy="6" r="3.5" />
      </svg>
      <span class="figure" title={words}>
        <span aria-hidden="true">{figure}</span>
        <span class="aside">{words}</span>
      </span>
    </span>
  );
}
