/** Plots, drawn. */
import type { DrawPlot } from "./plots_drawing.ts";
import { drawDiscussions } from "./plots_discussions.ts";
import { drawDistribution } from "./plots_distribution.ts";
import { drawForest } from "./plots_forest.ts";
import { openPlotLibrary } from "./plots_library.ts";
import { drawTurns } from "./plots_turns.ts";

/** Loads what draws plots. */
export async function openPlots(): Promise<DrawPlot> {
  const library = await openPlotLibrary();
  return (plot) => {
    switch (plot.kind) {
      case "turns":
        return drawTurns(library, plot);
      case "distribution":
        return drawDistribution(library, plot);
      case "discussions":
        return drawDiscussions(library, plot);
      case "forest":
        return drawForest(library, plot);
      default:
        plot satisfies never;
        throw new TypeError(`Cannot draw a plot "${JSON.stringify(plot)}"`);
    }
  };
}
