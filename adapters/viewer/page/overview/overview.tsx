/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The progress, pace, costs and failures of the runs. It shows no outcome. */
import type { VNode } from "npm:preact@11.2.0";
import type { Overview as OverviewAnswer, RunFacts, RunOverview } from "../../api.ts";
import { useAnswer } from "../base/answer.ts";
import { counted, share } from "../base/numbers.ts";
import { type PageProps, useNotices, useShared } from "../base/page.ts";
import { Answered, Empty } from "../base/parts.tsx";
import { useThrottled } from "../base/throttle.ts";
import { Words } from "../base/words.tsx";
import { Figures } from "./figures.tsx";
import { Conditions } from "./conditions.tsx";
import { Damaged, Failures, Models, Passes } from "./tables.tsx";

/**
 * The shortest time between two questions for the overview, in milliseconds. `FIRST_MS` holds until there are
 * figures.
 */
const AGAIN_MS = 2_000;
const FIRST_MS = 250;

/** The overview of all runs. */
export function Overview({ source }: PageProps): VNode {
  const { runs: facts } = useShared();
  const answer = useAnswer("overview", () => source.overview());
  const again = useThrottled(answer.again, isEmpty(answer.value) ? FIRST_MS : AGAIN_MS);
  useNotices(({ kind }) => {
    if (kind !== "connection") again();
  });
  return (
    <div class="overview">
      <h1>Overview</h1>
      <Answered answer={answer}>
        {({ runs, indexed }) => (
          <>
            <Indexed {...indexed} />
            {runs.length === 0 && (
              <Empty title="No run has begun yet">
                <p>The page shows a run as soon as it begins.</p>
              </Empty>
            )}
            {runs.map((run) => (
              <Run
                key={run.run}
                overview={run}
                facts={facts.find(({ name }) => name === run.run) ?? null}
                isOnly={runs.length === 1}
                isExport={source.isExport}
                isRead={indexed.done >= indexed.of}
              />
            ))}
          </>
        )}
      </Answered>
    </div>
  );
}

/** Whether there are logs, and none of them was read. */
function isEmpty(overview: OverviewAnswer | null): boolean {
  return overview === null || overview.indexed.done === 0 && overview.indexed.of > 0;
}

/** Shows how many of the logs were read. After all logs were read, it shows nothing. */
export function Indexed({ done, of }: Readonly<{ done: number; of: number }>): VNode | null {
  if (done >= of) return null;
  return (
    <p class="indexed" role="status">
      <progress max={of} value={done} aria-hidden="true" /> {share(done, of)}{" "}
      of the logs are read. The figures cover these {counted(done, "log")}.
    </p>
  );
}

function Run(
  { overview, facts, isOnly, isExport, isRead }: Readonly<
    { overview: RunOverview; facts: RunFacts | null; isOnly: boolean; isExport: boolean; isRead: boolean }
  >,
): VNode {
  const isRunning = !isExport && (facts === null || facts.holders.length > 0);
  return (
    <section class="run" aria-label={overview.run}>
      <header>
        <h2>
          <Words text={overview.run} />
        </h2>
        {facts !== null && <Origin facts={facts} />}
      </header>
      {facts !== null && <Notes facts={facts} isExport={isExport} />}
      <Figures
        overview={overview}
        planned={facts?.plan.discussions ?? null}
        isRunning={isRunning}
      />
      {(isRead || overview.conditions.length > 0) && (
        <Conditions overview={overview} isOnly={isOnly} isRunning={isRunning} />
      )}
      <div class="tables">
        <Failures overview={overview} isOnly={isOnly} />
        <Models overview={overview} />
        <Passes overview={overview} />
        <Damaged overview={overview} />
      </div>
    </section>
  );
}

function Origin({ facts }: Readonly<{ facts: RunFacts }>): VNode {
  const { experiment, name, seed, place, plan } = facts;
  return (
    <p class="origin">
      {experiment !== name && (
        <span>
          <Words text={experiment} />
        </span>
      )}
      <span>{counted(plan.discussions, "discussion")} in {counted(plan.conditions, "condition")}</span>
      {seed !== null && (
        <span>
          seed <Words text={String(seed)} />
        </span>
      )}
      {place !== undefined && (
        <span>
          <Words text={place} />
        </span>
      )}
    </p>
  );
}

/** The problems of the run, and the processes that write to it. An exported page shows no processes. */
function Notes(
  { facts: { problems, holders }, isExport }: Readonly<{ facts: RunFacts; isExport: boolean }>,
): VNode {
  return (
    <>
      {problems.length > 0 && (
        <div class="problem">
          <h3>{problems.length === 1 ? "One problem" : `${problems.length} problems`} of this run</h3>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>
                <Words text={problem} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {!isExport && (
        <p class="holders">
          {holders.length === 0 ? "No process writes to this run now." : (
            <>
              <span class="dot" aria-hidden="true" />
              {holders.length === 1 ? "A process writes" : `${holders.length} processes write`}{" "}
              to this run now: {holders.map((holder, index) => (
                <span key={holder}>
                  {index > 0 && "; "}
                  <Words text={holder} />
                </span>
              ))}
            </>
          )}
        </p>
      )}
    </>
  );
}
