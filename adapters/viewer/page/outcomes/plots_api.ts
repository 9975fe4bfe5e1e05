/** The plots of outcomes. Their script is large, so the page loads the script only when it draws a plot. */
import type { Interval } from "../../../../analysis/statistics/distributions.ts";

/** A group of a plot. The group's place in the list decides its colour and its row. */
export type PlotGroup = Readonly<{ name: string; mean: number | null; interval: Interval | null }>;

/** A dot for a value. It is a link to `href`. */
export type PlotDot = Readonly<{ group: number; value: number; href: string; label: string }>;

/** A point of a plot over time. It is a link to `href`. */
export type PlotStep = Readonly<
  { group: number; x: number; mean: number; interval: Interval | null; href: string; label: string }
>;

/** A part of a stacked bar. */
export type PlotPart = Readonly<{ group: number; label: number; count: number; text: string }>;

/** The size and the words of a plot. */
export type PlotFrame = Readonly<{ width: number; title: string; x: string; y: string }>;

/** Draws plots. Their links are `a` elements with `aria-label`; all colours are custom properties of the page. */
export type Plots = Readonly<{
  dots: (
    given: Readonly<
      { groups: readonly PlotGroup[]; dots: readonly PlotDot[]; domain: readonly [number, number] }
    >,
    frame: PlotFrame,
  ) => SVGSVGElement;
  /** With a domain, intervals that go beyond it are cut. */
  course: (
    given: Readonly<{ steps: readonly PlotStep[]; domain: readonly [number, number] | null }>,
    frame: PlotFrame,
  ) => SVGSVGElement;
  bars: (
    given: Readonly<{ groups: readonly string[]; parts: readonly PlotPart[] }>,
    frame: PlotFrame,
  ) => SVGSVGElement;
}>;

/** The global name under which the script of the plots provides them. */
export const PLOTS = Symbol.for("syndisco.plots");

type WithPlots = { [PLOTS]?: Plots };

/** The address of the script, relative to the page. */
const SCRIPT = "plots.js";

let loading: Promise<Plots> | null = null;

/**
 * Loads the script once.
 *
 * @throws {Error} If it cannot be loaded.
 */
export function loadPlots(): Promise<Plots> {
  return loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = () => resolve((globalThis as WithPlots)[PLOTS]!);
    script.onerror = () => {
      loading = null;
      reject(
        new Error("Cannot draw: the script of the plots cannot be loaded. The table has the same values"),
      );
    };
    script.src = trusted(SCRIPT);
    document.head.append(script);
  });
}

/** The part of the browser that checks the addresses of scripts, if the page's policy requires this. */
type TrustedTypes = Readonly<
  { createPolicy: (name: string, rules: object) => { createScriptURL: (url: string) => string } }
>;

/** Allows the address of the script of the plots, and no other address. */
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return address;
  return trustedTypes.createPolicy("syndisco-plots", { createScriptURL: () => SCRIPT }).createScriptURL(
    address,
  );
}
