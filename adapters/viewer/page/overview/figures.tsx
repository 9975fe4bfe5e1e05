/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The figures of a run in one row: completed, pace, time left, tokens, cost. */
import type { VNode } from "npm:preact@11.2.0";
import type { RunOverview } from "../../api.ts";
import { compact, count, duration, money, rate, share, timeInUtc } from "../base/numbers.ts";

/** The most important figures of a run. */
export function Figures(
  { overview, planned }: Readonly<{ overview: RunOverview; planned: number | null }>,
): VNode {
  const { conditions, models, turnsPerMinute, turnsPerHour, secondsLeft, lastAt } = overview;
  const completed = conditions.reduce((sum, { counts }) => sum + (counts.completed ?? 0), 0);
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
        title="Turns in the last minute"
        value={turnsPerMinute === null ? "–" : rate(turnsPerMinute)}
        note={turnsPerHour === null ? "" : `${rate(turnsPerHour)} in the last hour`}
      />
      <Figure
        title="Time left"
        value={secondsLeft === null ? "–" : duration(secondsLeft)}
        note={secondsLeft === null
          ? "cannot be said"
          : secondsLeft === 0
          ? "all have ended"
          : "at the present pace"}
      />
      <Figure
        title="Tokens"
        value={compact(prompt + completion)}
        note={`${compact(prompt)} read, ${compact(completion)} written`}
      />
      <Figure title="Cost" value={costs(overview)} note={costNote(overview)} />
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

/** One sum for each currency. */
function costs({ models }: RunOverview): string {
  const sums = new Map<string | null, number>();
  for (const { cost, currency } of models) {
    if (cost !== null) sums.set(currency, (sums.get(currency) ?? 0) + cost);
  }
  if (sums.size === 0) return "–";
  return [...sums].map(([currency, sum]) => money(sum, currency)).join(", ");
}

function costNote({ models }: RunOverview): string {
  const without = models.filter(({ cost }) => cost === null).length;
  if (without === 0 || models.length === 0) return "";
  return without === models.length ? "no prices are given" : `without ${without} of ${models.length} models`;
}
