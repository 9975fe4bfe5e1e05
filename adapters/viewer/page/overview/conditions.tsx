/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The progress of each condition: a bar, and numbers that lead to the discussions. */
import type { VNode } from "npm:preact@11.2.0";
import type { ConditionProgress, RunOverview } from "../../api.ts";
import type { ListQuery } from "../../../../analysis/listing/mod.ts";
import { listRoute } from "../base/list_query.ts";
import { count } from "../base/numbers.ts";
import { CountLink, Empty, Table } from "../base/parts.tsx";
import { Words } from "../base/words.tsx";

/** The states of a discussion, in the order of the bar. */
const STATES = [
  { status: "completed", title: "Completed" },
  { status: "in flight", title: "In flight" },
  { status: "failed", title: "Failed" },
  { status: "aborted", title: "Aborted" },
  { status: "damaged", title: "Damaged" },
] as const;

const COUNTS = [
  { member: "silent", title: "Silent turns", of: "silent turns" },
  { member: "cut", title: "Cut replies", of: "cut replies" },
  { member: "unparsed", title: "Unparsed", of: "unparsed annotations" },
] as const;

/** The table of conditions. */
export function Conditions(
  { overview: { run, conditions }, isOnly, isRunning }: Readonly<
    { overview: RunOverview; isOnly: boolean; isRunning: boolean }
  >,
): VNode {
  const listOf = (query: ListQuery) => listRoute(isOnly ? query : { run: [run], ...query });
  if (conditions.length === 0) return <Empty title="No discussion has begun" />;
  return (
    <Table
      caption="Progress by condition"
      head={[
        { title: "Condition" },
        { title: "Progress" },
        ...STATES.map(({ status, title }) => ({
          title: status === "in flight" && !isRunning ? "Half-finished" : title,
          isNumber: true,
        })),
        { title: "Waiting", isNumber: true },
        { title: "Turns", isNumber: true },
        ...COUNTS.map(({ title }) => ({ title, isNumber: true })),
      ]}
    >
      {conditions.map((condition) => (
        <tr key={condition.condition}>
          <th scope="row">
            <Words text={condition.condition} />
          </th>
          <td>
            <Bar parts={partsOf(condition)} />
          </td>
          {STATES.map(({ status, title }) => (
            <td key={status} class={`number ${status === "failed" || status === "damaged" ? "bad" : ""}`}>
              <CountLink
                value={condition.counts[status] ?? 0}
                of={`${title.toLowerCase()}, ${condition.condition}`}
                to={listOf({ condition: [condition.condition], status: [status] })}
              />
            </td>
          ))}
          <td class={waitingOf(condition) === 0 ? "number zero" : "number"}>
            {count(waitingOf(condition))}
          </td>
          <td class="number">{count(condition.turns)}</td>
          {COUNTS.map(({ member, of }) => (
            <td key={member} class="number">
              <CountLink
                value={condition[member]}
                of={`${of}, ${condition.condition}`}
                to={listOf({ condition: [condition.condition], has: [member] })}
              />
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

function startedOf({ counts }: ConditionProgress): number {
  return STATES.reduce((sum, { status }) => sum + (counts[status] ?? 0), 0);
}

function waitingOf(condition: ConditionProgress): number {
  return Math.max(0, condition.planned - startedOf(condition));
}

/** The parts of the bar of a condition. */
function partsOf(condition: ConditionProgress): readonly Part[] {
  return [
    ...STATES.map(({ status }) => ({
      status: status.replace(" ", "-"),
      value: condition.counts[status] ?? 0,
    })),
    { status: "waiting", value: waitingOf(condition) },
  ];
}

type Part = Readonly<{ status: string; value: number }>;

/** A bar of progress. It shows the same as the numbers beside it, so screen readers skip it. */
export function Bar({ parts }: Readonly<{ parts: readonly Part[] }>): VNode {
  return (
    <span class="bar" aria-hidden="true">
      {parts.filter(({ value }) => value > 0).map(({ status, value }) => (
        <span key={status} class={status} style={{ flexGrow: value }} />
      ))}
    </span>
  );
}
