/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Failures, models, annotation passes and damaged logs of a run. A table without rows is left out. */
import type { VNode } from "npm:preact@11.2.0";
import type { RunOverview } from "../../api.ts";
import { listRoute } from "../base/list_query.ts";
import { count, money } from "../base/numbers.ts";
import { CountLink, Link, Table } from "../base/parts.tsx";
import { discussionRoute } from "../base/router.ts";
import { Words } from "../base/words.tsx";
import { Bar } from "./conditions.tsx";

type Props = Readonly<{ overview: RunOverview }>;

/** Failed requests by reason. */
export function Failures(
  { overview: { run, failures }, isOnly }: Props & Readonly<{ isOnly: boolean }>,
): VNode | null {
  if (failures.length === 0) return null;
  return (
    <Table
      caption="Failed requests"
      head={[
        { title: "Reason" },
        { title: "Requests", isNumber: true },
        { title: "Discussions", isNumber: true },
      ]}
    >
      {failures.map(({ kind, requests, discussions }) => (
        <tr key={kind}>
          <th scope="row">
            <Words text={kind} />
          </th>
          <td class="number">{count(requests)}</td>
          <td class="number">
            <CountLink
              value={discussions}
              of={`discussions with failed requests, ${kind}`}
              to={listRoute({ ...!isOnly && { run: [run] }, failure: [kind] })}
            />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** Replies, tokens and costs of each model, and whether it is paused. */
export function Models({ overview: { models } }: Props): VNode | null {
  if (models.length === 0) return null;
  const hasCosts = models.some(({ cost }) => cost !== null);
  const hasPauses = models.some(({ paused }) => paused !== null);
  return (
    <Table
      caption="Models"
      head={[
        { title: "Model" },
        { title: "Replies", isNumber: true },
        { title: "Tokens read", isNumber: true },
        { title: "Tokens written", isNumber: true },
        ...hasCosts ? [{ title: "Cost", isNumber: true }] : [],
        ...hasPauses ? [{ title: "State" }] : [],
      ]}
    >
      {models.map(({ model, replies, promptTokens, completionTokens, cost, currency, paused }) => (
        <tr key={model}>
          <th scope="row">
            <Words text={model} />
          </th>
          <td class="number">{count(replies)}</td>
          <td class="number">{count(promptTokens)}</td>
          <td class="number">{count(completionTokens)}</td>
          {hasCosts && <td class="number">{cost === null ? "–" : money(cost, currency)}</td>}
          {hasPauses && (
            <td>
              {paused !== null && (
                <strong class="paused">
                  Paused: <Words text={paused} />
                </strong>
              )}
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

/** The annotation passes. */
export function Passes({ overview: { passes, conditions } }: Props): VNode | null {
  if (passes.length === 0) return null;
  const ended = conditions.reduce((sum, { counts }) => sum + (counts.completed ?? 0), 0);
  return (
    <Table
      caption="Annotation passes"
      head={[
        { title: "Pass" },
        { title: "Progress" },
        { title: "Completed", isNumber: true },
        { title: "Annotated", isNumber: true },
        { title: "Unparsed", isNumber: true },
        { title: "Failed", isNumber: true },
      ]}
    >
      {passes.map(({ pass, completed, annotated, unparsed, failed }) => (
        <tr key={pass}>
          <th scope="row">
            <Words text={pass} />
          </th>
          <td>
            <Bar
              parts={[
                { status: "completed", value: completed },
                { status: "waiting", value: Math.max(0, ended - completed) },
              ]}
            />
          </td>
          {[completed, annotated, unparsed, failed].map((value, index) => (
            <td key={index} class={value === 0 ? "number zero" : "number"}>{count(value)}</td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

/** Logs that can be read only up to a damaged line. */
export function Damaged({ overview: { run, damaged } }: Props): VNode | null {
  if (damaged.length === 0) return null;
  return (
    <Table caption="Damaged logs" head={[{ title: "Discussion" }, { title: "Damage" }]}>
      {damaged.map(({ discussion, message }) => (
        <tr key={discussion}>
          <th scope="row">
            <Link to={discussionRoute(run, discussion)}>
              <Words text={discussion} />
            </Link>
          </th>
          <td>
            <Words text={message} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
