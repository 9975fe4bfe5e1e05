/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The rating page: one comment at a time, saved before the next. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useState } from "npm:preact@11.2.0/hooks";
import { ConnectionMark, RefusedLink, Starting } from "../page_parts/connection.tsx";
import { Gate } from "./gate.tsx";
import { Help, Instructions } from "./dialogs.tsx";
import { Item } from "./item.tsx";
import { cannotTellKey } from "./answers.ts";
import { actionOf } from "./keys.ts";
import { BetweenParts, Header, partName, QuizResult } from "./parts.tsx";
import { Question } from "./question.tsx";
import type { RatingModel } from "./rating_model.ts";
import { keysAreOn } from "./stored.ts";

const LOST =
  "The connection is lost. Your answers are kept in this browser. This page connects again by itself.";

type PageProps = Readonly<{ model: RatingModel }>;

/** The whole page of a rater. */
export function RatingPage({ model }: PageProps): VNode {
  const [, redraw] = useState(0);
  useEffect(() => {
    model.onChange = () => redraw((count) => count + 1);
    const end = new AbortController();
    void model.follow(end.signal);
    const press = (event: KeyboardEvent) => {
      const action = actionOf(event, keysAreOn());
      if (action === null) return;
      event.preventDefault();
      model.act(action, event.key);
    };
    document.addEventListener("keydown", press);
    return () => {
      end.abort();
      document.removeEventListener("keydown", press);
    };
  }, [model]);
  const { gate, start, item, place, dialog, connection } = model;
  const problem = problemOf(model);
  if (start === null || connection.kind === "refused") {
    const isOver = gate?.standing === "withdrew";
    return (
      <>
        <header class="frame">
          <h1>Rating</h1>
          <span class="buttons">{isOver ? null : <ConnectionMark connection={connection} />}</span>
        </header>
        <main>
          {connection.kind === "refused"
            ? <RefusedLink reason={connection.reason} />
            : gate !== null
            ? <Gate gate={gate} problem={problem} onDecide={(agrees) => void model.decide(agrees)} />
            : problem !== null && connection.kind === "open"
            ? <p class="problem" role="alert">{problem}</p>
            : <Starting connection={connection} />}
        </main>
      </>
    );
  }
  const { guide, progress, debriefing } = start;
  const [next, back] = [() => void model.next(), () => void model.back()];
  return (
    <>
      <Header
        progress={progress}
        place={place}
        connection={connection}
        hasInstructions={guide.instructions !== null}
        onOpen={(one) => model.open(one)}
      />
      <main>
        <h1 class="aside">{partName(progress)}</h1>
        <QuizResult progress={progress} hasInstructions={guide.instructions !== null} />
        {item === null
          ? <BetweenParts progress={progress} debriefing={debriefing} onNext={next} onBack={back} />
          : (
            <div class="columns">
              <Item item={item} />
              <Questions model={model} />
            </div>
          )}
        {item === null && problem !== null && progress.part !== "finished"
          ? <p class="problem" role="alert">{problem}</p>
          : null}
        <p class="note soft" role="status">{progress.part === "finished" ? "" : model.note}</p>
      </main>
      {dialog === "instructions" && guide.instructions !== null
        ? <Instructions text={guide.instructions} onClose={() => model.open(null)} />
        : null}
      {dialog === "help"
        ? <Help cannotTell={cannotTellKey(guide.questions)} onClose={() => model.open(null)} />
        : null}
    </>
  );
}

/** The problem that the rater reads now. */
function problemOf({ connection, problem }: RatingModel): string | null {
  return connection.kind === "lost" ? LOST : problem;
}

/** The questions about the comment, and the buttons below them. */
function Questions({ model }: PageProps): VNode {
  const { start, place, isFinal, problemAt, answers, active, connection } = model;
  const problem = problemOf(model);
  const isAtQuestion = problemAt !== null && connection.kind !== "lost";
  const { guide, progress } = start!;
  return (
    <form class="questions" onSubmit={(event) => event.preventDefault()}>
      {isFinal ? <p class="final">This rating is final. It can no longer be changed.</p> : null}
      {guide.questions.map((question, index) => (
        <Question
          key={`${place}.${index}`}
          question={question}
          index={index}
          answer={answers[index]}
          cannotTell={cannotTellKey(guide.questions)}
          isActive={index === active}
          isFinal={isFinal}
          problem={isAtQuestion && index === problemAt ? problem : null}
          onAnswer={(given) => model.answer(index, given)}
          onActive={() => model.activate(index)}
        />
      ))}
      {problem === null || isAtQuestion ? null : <p class="problem" role="alert">{problem}</p>}
      <p class="actions">
        <button
          type="button"
          class="button"
          disabled={place <= progress.from}
          onClick={() => void model.back()}
        >
          Back <kbd aria-hidden="true">Backspace</kbd>
        </button>
        <button type="button" class="button main" onClick={() => void model.next()}>
          Next <kbd aria-hidden="true">Enter</kbd>
        </button>
      </p>
    </form>
  );
}
