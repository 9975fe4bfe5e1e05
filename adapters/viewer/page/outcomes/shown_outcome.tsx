/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** An outcome: plots whose points lead to comments and discussions, and tables of the same values. */
import type { VNode } from "npm:preact@11.2.0";
import { useMemo, useState } from "npm:preact@11.2.0/hooks";
import type { ViewerSource } from "../../api.ts";
import { isUnavailable } from "../../../../analysis/statistics/unavailable.ts";
import { countedText, repeatText } from "../../../../analysis/report/analysis_texts.ts";
import { count, counted } from "../base/numbers.ts";
import { Button, Link, Table } from "../base/parts.tsx";
import { withValues } from "../base/router.ts";
import { WholeName } from "../base/names.tsx";
import { Words } from "../base/words.tsx";
import { formatFor, nameOf, placeOf, type Shown, shownTimes, Swatch, timesOf } from "./outcome_parts.tsx";
import { Course, Dots, Labels } from "./outcome_plots.tsx";
import { commentKey, type ListedComment, useComments } from "./use_comments.ts";

/** Plots and tables of an outcome. */
export function ShownOutcome(
  { view, route, source }: Shown & Readonly<{ source: ViewerSource }>,
): VNode {
  return (
    <>
      {view.repeats.length > 0 && <p class="problem">{`${repeatText(view.repeats)}.`}</p>}
      <Groups view={view} route={route} />
      {view.differences.length > 0 && <Differences view={view} route={route} />}
      <div class="plots-and-values">
        <div>
          <Dots view={view} route={route} />
          {view.course !== null && <Course view={view} route={route} />}
          {view.labels !== null && <Labels view={view} route={route} />}
        </div>
        <Points view={view} route={route} source={source} />
      </div>
    </>
  );
}

/** The figures of each group, as in the report. */
function Groups({ view }: Shown): VNode {
  const { outcome, groups, unit, comments, silences, by, level } = view;
  const format = formatFor(groups.flatMap(({ description: { mean, interval } }) => [mean, interval]));
  const percent = `${Math.round(level * 100)} %`;
  return (
    <section>
      <Table
        caption="Means and intervals"
        head={[
          { title: by ?? "Group" },
          { title: "Discussions", isNumber: true },
          ...unit === "comment" ? [{ title: "Values", isNumber: true }] : [],
          { title: "Missing", isNumber: true },
          { title: "Mean", isNumber: true },
          { title: `${percent} interval`, isNumber: true },
          { title: "SD", isNumber: true, note: "The standard deviation of the values" },
          { title: "Median", isNumber: true },
          { title: "Minimum", isNumber: true },
          { title: "Maximum", isNumber: true },
        ]}
      >
        {groups.map(({ name, missing, description }, place) => (
          <tr key={name}>
            <th scope="row">
              <Swatch place={place} /> <Words text={name} />
            </th>
            <td class="number">{count(description.discussions)}</td>
            {unit === "comment" && <td class="number">{count(description.values)}</td>}
            <td class="number">{count(missing)}</td>
            {[
              description.mean,
              description.interval,
              description.deviation,
              description.median,
              description.least,
              description.greatest,
            ].map((cell, column) => <td key={column} class="number">{format(cell)}</td>)}
          </tr>
        ))}
      </Table>
      <p class="note">
        {`Counted: ${
          countedText({ name: outcome, unit, comments, silences })
        }; openings and scripted comments are left out. `}
        {unit === "comment"
          ? "The mean is over all values, so discussions with more comments weigh more. The interval comes from a bootstrap of whole discussions, as in the report."
          : "One value per discussion. The interval is Student's t over discussions, as in the report."}
      </p>
    </section>
  );
}

/** How far the groups are from the reference, as in the report. */
function Differences({ view: { differences, by, level } }: Shown): VNode {
  const figures = differences.map(({ group, reference, difference }) => ({
    group,
    reference,
    estimate: isUnavailable(difference) ? difference : difference.estimate,
    interval: isUnavailable(difference) ? difference : difference.interval,
  }));
  const format = formatFor(figures.flatMap(({ estimate, interval }) => [estimate, interval]));
  return (
    <section>
      <Table
        caption="Differences between groups"
        head={[
          { title: by ?? "Groups" },
          { title: "Difference", isNumber: true },
          { title: `${Math.round(level * 100)} % interval`, isNumber: true },
        ]}
      >
        {figures.map(({ group, reference, estimate, interval }) => (
          <tr key={group}>
            <th scope="row">
              <Words text={group} /> − <Words text={reference} />
            </th>
            <td class="number">{format(estimate)}</td>
            <td class="number">{format(interval)}</td>
          </tr>
        ))}
      </Table>
      <p class="note">
        Here each discussion counts once, with the mean of its values. If the means above are over comments,
        their differences can be other numbers. The interval comes from a bootstrap of discussions within the
        groups, for a first look. The report has the tests, and its intervals are the ones to quote, because
        they compare matched discussions in pairs or come from models.
      </p>
    </section>
  );
}

/** The table has this many rows until the reader asks for all. */
const ROWS_MIN = 50;

/** The values as a table, the greatest first. A comment is shown with its speaker and its first words. */
function Points({ view, route, source }: Shown & Readonly<{ source: ViewerSource }>): VNode {
  const { points, pointsOf, groups, each, outcome } = view;
  const [isWhole, setWhole] = useState(false);
  const sorted = useMemo(() => points.toSorted((one, other) => other.value - one.value), [points]);
  const format = formatFor(points.map(({ value }) => value));
  const hasRuns = new Set(points.map(({ run }) => run)).size > 1;
  const rows = isWhole ? sorted : sorted.slice(0, ROWS_MIN);
  const times = timesOf(route);
  const comments = useComments(source, rows);
  return (
    <section id="values">
      <h2>{each === "comment" ? "Comments" : "Discussions"} by value</h2>
      <p class="note">
        {times !== null && (
          <>
            Only {view.time} {shownTimes(...times)}.{" "}
            <Link to={withValues(route, { from: null, to: null })}>Show all</Link>
          </>
        )} {counted(pointsOf, each)}
        {points.length < pointsOf && `, of which a random sample of ${count(points.length)} is listed`}, the
        greatest value of {outcome} first.
      </p>
      <Table
        caption="Values"
        isCaptionHidden
        head={[
          { title: each === "comment" ? "Comment" : "Discussion" },
          ...hasRuns ? [{ title: "Run" }] : [],
          { title: view.by ?? "Group" },
          { title: "Value", isNumber: true },
        ]}
      >
        {rows.map((point) => (
          <tr key={`${point.run}/${point.discussion}/${point.position}`}>
            <th scope="row">
              <Link to={placeOf(point)}>
                <WholeName discussion={nameOf(point, view)} />
              </Link>
              <Comment comment={comments.get(commentKey(point))} />
            </th>
            {hasRuns && (
              <td>
                <Words text={point.run} />
              </td>
            )}
            <td>
              <Words text={groups[point.group]!.name} />
            </td>
            <td class="number">{format(point.value)}</td>
          </tr>
        ))}
      </Table>
      {rows.length < sorted.length && (
        <p class="actions">
          <Button onPress={() => setWhole(true)}>Show all {count(sorted.length)} rows</Button>
        </p>
      )}
    </section>
  );
}

function Comment({ comment }: Readonly<{ comment: ListedComment | undefined }>): VNode | null {
  if (comment === undefined) return null;
  return (
    <span class="listed-comment">
      <b>
        <Words text={comment.speaker} />
      </b>{" "}
      <Words text={comment.beginning} />
    </span>
  );
}
