/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Outcomes, after a look was recorded. */
import type { VNode } from "npm:preact@11.2.0";
import type { OutcomeQuestion, OutcomeView } from "../../../../analysis/outcomes/mod.ts";
import type { OutcomeFacts, RunFacts, ViewerSource } from "../../api.ts";
import { useAnswer } from "../base/answer.ts";
import { useLook } from "../base/look.tsx";
import { count, counted } from "../base/numbers.ts";
import { type PageProps, useShared } from "../base/page.ts";
import { Answered, Button, Empty, Link, Problem } from "../base/parts.tsx";
import { type Go, type Route, valueOf, withValues } from "../base/router.ts";
import { Words } from "../base/words.tsx";
import { timesOf } from "./outcome_parts.tsx";
import { ReportLink } from "./report_link.tsx";
import { ShownOutcome } from "./shown_outcome.tsx";

/** The page of outcomes. */
export function Outcomes({ source, route, go }: PageProps): VNode {
  const { runs } = useShared();
  const look = useLook(source);
  const asked = route.query.run ?? [];
  const chosen = asked.length === 0 ? runs : runs.filter(({ name }) => asked.includes(name));
  const names = chosen.map(({ name }) => name);
  return (
    <div class="outcomes">
      <h1>Outcomes</h1>
      {runs.length > 1 && <Runs runs={runs} chosen={names} route={route} />}
      {look.dialog}
      {chosen.length === 0 ? <Empty title="No run is chosen" /> : look.isRecorded(names)
        ? (
          <>
            <Looks runs={chosen} source={source} onAgain={(run) => look.again(run)} />
            <Fitting runs={chosen} source={source} route={route} go={go} />
          </>
        )
        : source.isExport
        ? (
          <Empty title="This page has no outcomes">
            <p>The outcomes were left out when the page was exported.</p>
          </Empty>
        )
        : (
          <Empty title="Nothing is shown before a look">
            <p>
              Outcomes are the results of the experiment: annotations and figures of discussions. A person who
              has seen results may change the experiment because of them. So the run's log records each look,
              and the report says what changed after it.
            </p>
            <p class="actions">
              <Button kind="main" onPress={() => look.ask(names, () => {})}>Look at outcomes …</Button>
            </p>
          </Empty>
        )}
    </div>
  );
}

function Runs(
  { runs, chosen, route }: Readonly<{ runs: readonly RunFacts[]; chosen: readonly string[]; route: Route }>,
): VNode {
  return (
    <nav class="choice" aria-label="Runs">
      <Link to={withValues(route, { run: null })} current={chosen.length === runs.length}>All runs</Link>
      {runs.map(({ name }) => (
        <Link
          key={name}
          to={withValues(route, { run: [name] })}
          current={chosen.length === 1 && chosen[0] === name}
        >
          <Words text={name} />
        </Link>
      ))}
    </nav>
  );
}

function Looks(
  { runs, source, onAgain }: Readonly<
    { runs: readonly RunFacts[]; source: ViewerSource; onAgain: (run: string) => void }
  >,
): VNode {
  return (
    <ul class="looks">
      {runs.map(({ name, look, head }) => (
        <li key={name}>
          <p>
            {runs.length > 1 && (
              <>
                <strong>
                  <Words text={name} />
                </strong>
                {": "}
              </>
            )}
            {count(look!.ended)} of {counted(look!.planned, "discussion")} had ended at the{" "}
            {source.isExport ? "export" : "look"}; the {count(look!.completed)}{" "}
            complete discussions are shown.
            {!source.isExport && head !== null && look!.unrecorded === null && look!.ended > 0 &&
              " The look is recorded in the run's log."}
          </p>
          {look!.unrecorded !== null && <Problem text={look!.unrecorded} />}
          {!source.isExport && (
            <p class="actions">
              <Button onPress={() => onAgain(name)}>Look again</Button>
              <ReportLink source={source} run={name} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

type Part = Readonly<{ route: Route; go: Go }>;

/**
 * Shows runs that declare the same analysis. If the chosen runs declare several analyses, it lists which runs
 * fit together.
 */
function Fitting(
  { runs, route, ...others }: Part & Readonly<{ runs: readonly RunFacts[]; source: ViewerSource }>,
): VNode {
  const fitting = [...Map.groupBy(runs, ({ look }) => look!.analysis).values()];
  return (
    <>
      {fitting.length > 1 && (
        <div class="problem analyses">
          <p>
            These runs declare different analyses, so not all of them can be shown together. Runs in one line
            declare the same analysis. The page shows the runs of the first line:
          </p>
          <ul>
            {fitting.map((group) => (
              <li key={group[0]!.name}>
                <Link to={withValues(route, { run: group.map(({ name }) => name), outcome: null })}>
                  <Words text={group.map(({ name }) => name).join(", ")} />
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Chosen runs={fitting[0]!} route={route} {...others} />
    </>
  );
}

function Chosen(
  { runs, source, route, go }: Part & Readonly<{ runs: readonly RunFacts[]; source: ViewerSource }>,
): VNode {
  const all = new Map(runs.flatMap(({ look }) => look!.outcomes.map((one) => [one.name, one] as const)));
  const outcome = valueOf(route, "outcome") ?? all.keys().next().value ?? null;
  const names = runs.map(({ name }) => name);
  const question = { outcome: outcome ?? "", ...questionOf(route) };
  const answer = useAnswer(
    JSON.stringify([names, question, runs.map(({ look }) => look)]),
    async () => ({ view: outcome === null ? null : await source.outcome(names, question) }),
  );
  if (outcome === null) {
    return (
      <Empty title="There are no outcomes yet">
        <p>Outcomes are computed from complete discussions, and no discussion is complete.</p>
      </Empty>
    );
  }
  return (
    <>
      <div class="choices">
        <OutcomeChoice all={[...all.values()]} outcome={outcome} route={route} go={go} />
        {answer.value?.view && <ViewChoices view={answer.value.view} route={route} go={go} />}
      </div>
      <Answered answer={answer}>
        {({ view }) =>
          view === null
            ? (
              <Empty title="No values">
                <p>
                  No complete discussion has a value of “<Words text={outcome} />”.
                </p>
              </Empty>
            )
            : (
              <div aria-busy={answer.isLoading}>
                <ShownOutcome view={view} route={route} source={source} />
              </div>
            )}
      </Answered>
    </>
  );
}

/** The question in an address, without the name of the outcome. */
function questionOf(route: Route): Omit<OutcomeQuestion, "outcome"> {
  const by = valueOf(route, "by");
  const times = timesOf(route);
  return {
    each: valueOf(route, "each") === "comment" ? "comment" : "discussion",
    ...by !== null && { by },
    ...times !== null && { times },
  };
}

function OutcomeChoice(
  { all, outcome, route, go }: Part & Readonly<{ all: readonly OutcomeFacts[]; outcome: string }>,
): VNode {
  const options = (declared: boolean) =>
    all.filter((one) => one.declared === declared).map(({ name }) => (
      <option key={name} value={name}>{name}</option>
    ));
  return (
    <label>
      Outcome{" "}
      <select
        value={outcome}
        onChange={({ currentTarget: { value } }) =>
          go(withValues(route, { outcome: value, from: null, to: null }))}
      >
        {all.some(({ declared }) => declared) && <optgroup label="Declared">{options(true)}</optgroup>}
        {all.some(({ declared }) => !declared) && <optgroup label="Exploratory">{options(false)}</optgroup>}
      </select>
    </label>
  );
}

/** The reader's choices of the groups, and of what a dot stands for. */
function ViewChoices({ view, route, go }: Part & Readonly<{ view: OutcomeView }>): VNode {
  return (
    <>
      {view.factors.length > 1 && (
        <label>
          Groups{" "}
          <select
            value={view.by ?? ""}
            onChange={({ currentTarget: { value } }) => go(withValues(route, { by: value }))}
          >
            {view.factors.map((factor) => <option key={factor} value={factor}>{factor}</option>)}
          </select>
        </label>
      )}
      {view.unit === "comment" && (
        <label>
          A dot is{" "}
          <select
            value={view.each}
            onChange={({ currentTarget: { value } }) =>
              go(withValues(route, { each: value, from: null, to: null }))}
          >
            <option value="discussion">a discussion</option>
            <option value="comment">a comment</option>
          </select>
        </label>
      )}
      <span class="note">{view.declared ? "Declared in the analysis." : "Exploratory: not declared."}</span>
    </>
  );
}
