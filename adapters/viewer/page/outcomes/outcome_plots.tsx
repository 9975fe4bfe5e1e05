/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The plots of an outcome. Their points lead to comments and discussions. */
import type { VNode } from "npm:preact@11.2.0";
import { useCallback } from "npm:preact@11.2.0/hooks";
import type { OutcomeView } from "../../../../analysis/outcomes/mod.ts";
import { isUnavailable } from "../../../../analysis/statistics/unavailable.ts";
import { count } from "../base/numbers.ts";
import { Table } from "../base/parts.tsx";
import { formatRoute, withValues } from "../base/router.ts";
import { Words } from "../base/words.tsx";
import { formatFor, GROUPS_MAX, nameOf, placeOf, type Shown, shownTimes, Swatch } from "./outcome_parts.tsx";
import { PlotFrame } from "./plot_frame.tsx";
import type { PlotDot, PlotGroup, Plots, PlotStep } from "./plots_api.ts";

/** A dot for each discussion or comment. */
export function Dots({ view }: Shown): VNode {
  const { outcome, each, points, pointsOf, groups, range } = view;
  const title = each === "comment" ? "Each comment" : "Each discussion";
  const format = formatFor(points.map(({ value }) => value));
  const draw = useCallback((plots: Plots, width: number) => {
    const values = points.map(({ value }) => value);
    const dots = points.map((point): PlotDot => ({
      group: point.group,
      value: point.value,
      href: formatRoute(placeOf(point)),
      label: `${nameOf(point, view)}: ${format(point.value)}`,
    }));
    const domain = range ??
      [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
    return plots.dots({
      groups: groups.map(plotGroup),
      dots,
      domain: values.length === 0 && range === null ? [0, 1] : domain,
    }, {
      width,
      title: `${title}: each dot is a link`,
      x: outcome,
      y: "",
    });
  }, [view]);
  return (
    <section>
      <h2>{title}</h2>
      <p class="note">
        {each === "comment"
          ? "Each dot is the value of a comment, and a link to this comment. "
          : "Each dot is the mean of a discussion, and a link to this discussion. "}
        The dot on a line is the mean of the group, and the line is its interval. Arrow keys move between
        dots.
        {points.length < pointsOf &&
          ` There are ${count(pointsOf)} values; the dots are a random sample of ${
            count(points.length)
          }. Means and intervals use all values.`}
      </p>
      <PlotFrame title={title} draw={draw} />
    </section>
  );
}

function plotGroup({ name, description: { mean, interval } }: OutcomeView["groups"][number]): PlotGroup {
  return {
    name,
    mean: isUnavailable(mean) ? null : mean,
    interval: isUnavailable(interval) ? null : interval,
  };
}

/** The means of the outcome over the time of the discussions. */
export function Course({ view, route }: Shown): VNode {
  const { outcome, course, time, groups, level } = view;
  const { width: each, series } = course!;
  const shown = series.slice(0, GROUPS_MAX);
  const format = formatFor(series.flatMap(({ points }) => points.map(({ mean }) => mean)));
  const draw = useCallback((plots: Plots, width: number) => {
    const steps = shown.flatMap(({ name, points }): PlotStep[] =>
      points.flatMap(({ from, to, mean, interval }) =>
        isUnavailable(mean) ? [] : [{
          group: groups.findIndex((group) => group.name === name),
          x: (from + to) / 2 + 1,
          mean,
          interval: isUnavailable(interval) ? null : interval,
          href: formatRoute(withValues(route, { from, to })),
          label: `${name}, ${time} ${shownTimes(from, to)}: ${format(mean)}`,
        }]
      )
    );
    return plots.course({ steps, domain: view.range }, {
      width,
      title: `Means of ${outcome} by ${time}`,
      x: `${time} (the first is 1)`,
      y: outcome,
    });
  }, [view, route]);
  return (
    <section>
      <h2>Course over {time}s</h2>
      <p class="note">
        Each point is a mean over discussions, with its {Math.round(level * 100)}{" "}
        % interval of Student's t. It is a link to the comments from which it was computed. The first {time}
        {" "}
        is 1, as in the transcript; the report counts it as 0.
        {each > 1 && ` Each point covers ${each} neighbouring ${time}s.`}
        {series.length > shown.length && ` The first ${GROUPS_MAX} groups are shown.`}
      </p>
      <ul class="legend">
        {shown.map(({ name }) => (
          <li key={name}>
            <Swatch place={groups.findIndex((group) => group.name === name)} /> <Words text={name} />
          </li>
        ))}
      </ul>
      <PlotFrame title={`Course over ${time}s`} draw={draw} />
    </section>
  );
}

/** How often each label of a nominal scale was given. */
export function Labels({ view }: Shown): VNode {
  const { groups, labels, outcome } = view;
  const draw = useCallback((plots: Plots, width: number) => {
    const parts = labels!.flatMap(({ label, counts }, place) =>
      counts.map((value, group) => ({
        group,
        label: place,
        count: value,
        text: `${label}: ${amount(value)}`,
      }))
    );
    return plots.bars({ groups: groups.map(({ name }) => name), parts }, {
      width,
      title: `Labels by group`,
      x: "comments",
      y: "",
    });
  }, [view]);
  return (
    <section>
      <h2>All labels</h2>
      <p class="note">
        How many comments got each label. If annotators give a comment different labels, the comment is
        divided equally between the annotators.
      </p>
      <ul class="legend">
        {labels!.map(({ label }, place) => (
          <li key={label}>
            <Swatch place={place} /> <Words text={label} />
          </li>
        ))}
      </ul>
      <PlotFrame title="All labels" draw={draw} />
      <Table
        caption={`Labels of the scale of ${outcome}`}
        head={[{ title: "Label" }, ...groups.map(({ name }) => ({ title: name, isNumber: true }))]}
      >
        {labels!.map(({ label, counts }, place) => (
          <tr key={label}>
            <th scope="row">
              <Swatch place={place} /> <Words text={label} />
            </th>
            {counts.map((value, group) => <td key={group} class="number">{amount(value)}</td>)}
          </tr>
        ))}
      </Table>
    </section>
  );
}

/** A number of comments. It can have decimals, because several labels can share a comment. */
function amount(value: number): string {
  return Number.isInteger(value) ? count(value) : value.toFixed(1);
}
