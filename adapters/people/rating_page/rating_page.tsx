/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The rating page: one comment at a time, saved before the next. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useState } from "npm:preact@11.2.0/hooks";
import { Consent } from "./consent.tsx";
import { Help, Instructions } from "./dialogs.tsx";
import { Item } from "./item.tsx";
import { cannotTellKey } from "./answers.ts";
import { actionOf } from "./keys.ts";
import { BetweenParts, Header, partName, QuizResult } from "./parts.tsx";
import { Question } from "./question.tsx";
import type { RatingModel } from "./rating_model.ts";
import { keysAreOn } from "./stored.ts";

/** How often the page asks whether the rating has begun, in milliseconds. */
const WAITING_MS = 10_000;

type PageProps = Readonly<{ model: RatingModel }>;

/** The whole page of a rater. */
export function RatingPage({ model }: PageProps): VNode {
  const [, redraw] = useState(0);
  useEffect(() => {
    model.onChange = () => redraw((count) => count + 1);
    void model.begin();
    const press = (event: KeyboardEvent) => {
      const action = actionOf(event, keysAreOn());
      if (action === null) return;
      event.preventDefault();
      model.act(action, event.key);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [model]);
  const { gate, start, problem, item, place, dialog } = model;
  const standing = gate?.standing;
  useEffect(() => {
    if (standing !== "waiting") return;
    const timer = setInterval(() => void model.begin(), WAITING_MS);
    return () => clearInterval(timer);
  }, [standing]);
  if (gate !== null) {
    return <Consent gate={gate} problem={problem} onDecide={(agrees) => void model.decide(agrees)} />;
  }
  if (start === null) return <Loading model={model} />;
  const { guide, progress, debriefing } = start;
  const [next, back] = [() => void model.next(), () => void model.back()];
  return (
    <>
      <Header
        progress={progress}
        place={place}
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
        {item === null && problem !== null ? <p class="problem" role="alert">{problem}</p> : null}
        <p class="note soft" role="status">{model.note}</p>
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

function Loading({ model }: PageProps): VNode {
  return (
    <main>
      <h1 class="aside">Rating</h1>
      {model.problem === null ? <p class="soft">Loading…</p> : (
        <div class="problem" role="alert">
          <p>{model.problem}</p>
          <button type="button" class="button" onClick={() => void model.begin()}>Try again</button>
        </div>
      )}
    </main>
  );
}

/** The questions about the comment, and the buttons below them. */
function Questions({ model }: PageProps): VNode {
  const { start, place, isFinal, problem, problemAt, answers, active } = model;
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
          problem={index === problemAt ? problem : null}
          onAnswer={(given) => model.answer(index, given)}
          onActive={() => model.activate(index)}
        />
      ))}
      {problem === null || problemAt !== null ? null : <p class="problem" role="alert">{problem}</p>}
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
