/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The figures of a run in one row: completed, turns, pace, time left, tokens, cost. */
import type { VNode } from "npm:preact@11.2.0";
import type { RunOverview } from "../../api.ts";
import { compact, count, duration, money, rate, share, timeInUtc } from "../base/numbers.ts";

/**
 * The most important figures of a run. Figures without a value, such as the pace of an ended run, are left
 * out.
 */
export function Figures(
  { overview, planned, isRunning }: Readonly<{
    overview: RunOverview;
    planned: number | null;
    /** Whether a process can still write to the run. */
    isRunning: boolean;
  }>,
): VNode {
  const { conditions, models, turnsPerMinute, turnsPerHour, secondsLeft, lastAt } = overview;
  const completed = conditions.reduce((sum, { counts }) => sum + (counts.completed ?? 0), 0);
  const aborted = conditions.reduce((sum, { counts }) => sum + (counts.aborted ?? 0), 0);
  const turns = conditions.reduce((sum, condition) => sum + condition.turns, 0);
  const silent = conditions.reduce((sum, condition) => sum + condition.silent, 0);
  const hasPace = isRunning && (planned === null || completed + aborted < planned);
  const cost = costs(overview);
  const prompt = models.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
  const completion = models.reduce((sum, { completionTokens }) => sum + completionTokens, 0);
  return (
    <dl class="figures">
      <Figure
        title="Completed"
        value={planned === null ? count(completed) : `${count(completed)} of ${count(planned)}`}
        note={planned === null ? "" : share(completed, planned)}
      />
      <Figure
        title="Turns"
        value={count(turns)}
        note={silent === 0 ? "none silent" : `${count(silent)} silent`}
      />
      {hasPace && turnsPerMinute !== null && (
        <Figure
          title="Turns in the last minute"
          value={rate(turnsPerMinute)}
          note={turnsPerHour === null ? "" : `${rate(turnsPerHour)} in the last hour`}
        />
      )}
      {hasPace && secondsLeft !== null && (
        <Figure title="Time left" value={duration(secondsLeft)} note="at the present pace" />
      )}
      {prompt + completion > 0 && (
        <Figure
          title="Tokens"
          value={compact(prompt + completion)}
          note={`${compact(prompt)} read, ${compact(completion)} written`}
        />
      )}
      {cost !== null && <Figure title="Cost" value={cost} note={costNote(overview)} />}
      <Figure
        title="Latest event"
        value={timeInUtc(lastAt)}
        note={lastAt === null ? "" : "UTC"}
      />
    </dl>
  );
}

function Figure({ title, value, note }: Readonly<{ title: string; value: string; note: string }>): VNode {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{value}</dd>
      {note !== "" && <dd class="note">{note}</dd>}
    </div>
  );
}

/** One sum for each currency; `null` without prices. */
function costs({ models }: RunOverview): string | null {
  const sums = new Map<string | null, number>();
  for (const { cost, currency } of models) {
    if (cost !== null) sums.set(currency, (sums.get(currency) ?? 0) + cost);
  }
  if (sums.size === 0) return null;
  return [...sums].map(([currency, sum]) => money(sum, currency)).join(", ");
}

function costNote({ models }: RunOverview): string {
  const without = models.filter(({ cost }) => cost === null).length;
  return without === 0 ? "" : `without ${without} of ${models.length} models`;
}
