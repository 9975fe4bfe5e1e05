/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/**
 * A plot in the page: loads the script of plots, draws at the width of the page, and makes links work with
 * arrow keys.
 */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import { useAnswer } from "../base/answer.ts";
import { Problem } from "../base/parts.tsx";
import { loadPlots, type Plots } from "./plots_api.ts";

/** The least and the greatest width of a plot, in pixels. On a narrower screen, the plot scrolls. */
const WIDTH_MIN = 320;
const WIDTH_MAX = 960;

/**
 * A plot.
 *
 * @param draw Draws the plot. If the function changes, the plot is drawn again.
 */
export function PlotFrame(
  { title, draw }: Readonly<{ title: string; draw: (plots: Plots, width: number) => SVGSVGElement }>,
): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const plots = useAnswer("plots", loadPlots);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (plots.value === null || width === 0) return;
    const svg = draw(plots.value, Math.min(Math.max(width, WIDTH_MIN), WIDTH_MAX));
    makeReachable(svg);
    frame.current!.replaceChildren(svg);
  }, [plots.value, width, draw]);
  return (
    <>
      {plots.problem !== null && <Problem text={plots.problem} onRetry={plots.again} />}
      <div class="plot scroll" ref={frame} aria-busy={plots.value === null} aria-label={title} role="group" />
    </>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The Tab key reaches one link of the plot. Arrow keys move from there to the other links. */
function makeReachable(svg: SVGSVGElement): void {
  const links = [...svg.querySelectorAll<SVGAElement>("a")];
  for (const [place, link] of links.entries()) link.setAttribute("tabindex", place === 0 ? "0" : "-1");
  svg.addEventListener("keydown", (event) => {
    const at = links.findIndex((link) => link === document.activeElement);
    if (at === -1) return;
    const step = STEPS[event.key];
    const next = step !== undefined
      ? (at + step + links.length) % links.length
      : event.key === "Home"
      ? 0
      : event.key === "End"
      ? links.length - 1
      : null;
    if (next === null) return;
    event.preventDefault();
    links[at]!.setAttribute("tabindex", "-1");
    links[next]!.setAttribute("tabindex", "0");
    links[next]!.focus();
  });
}
