/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** A question about the comment, with its answers. */
import type { VNode } from "npm:preact@11.2.0";
import { useLayoutEffect, useRef } from "npm:preact@11.2.0/hooks";
import type { BlindQuestion } from "../../../core/rating/mod.ts";
import { charactersOf } from "./answer_problem.ts";
import { type Answer, keysOf } from "./answers.ts";

type QuestionProps = Readonly<{
  question: BlindQuestion;
  index: number;
  answer: Answer;
  /** The key of "cannot tell". */
  cannotTell: string;
  /** Whether keys choose answers of this question. */
  isActive: boolean;
  isFinal: boolean;
  /** Why the answer was not taken; `null` if nothing is wrong with it. */
  problem: string | null;
  onAnswer: (answer: Answer) => void;
  onActive: () => void;
}>;

/** The question and its form. Nothing is chosen before the rater chooses. */
export function Question(props: QuestionProps): VNode {
  const { question, index, answer, isActive, isFinal, problem, onAnswer, onActive } = props;
  const name = `question-${index}`;
  return (
    <fieldset
      class={isActive ? "question active" : "question"}
      disabled={isFinal}
      onFocusIn={onActive}
      data-question={index}
    >
      <legend dir="auto">{question.question}</legend>
      {question.kind === "choose" ? <Choices {...props} name={name} /> : <Field {...props} name={name} />}
      <label class="answer cannot">
        <input
          type="radio"
          name={name}
          checked={answer === null}
          onChange={() => onAnswer(null)}
        />
        <span>Cannot tell</span>
        <kbd aria-hidden="true">{props.cannotTell}</kbd>
      </label>
      {problem === null ? null : <p class="problem" id={`${name}-problem`} role="alert">{problem}</p>}
    </fieldset>
  );
}

function Choices({ question, name, answer, onAnswer }: QuestionProps & Readonly<{ name: string }>): VNode {
  const keys = keysOf(question);
  const isShort = question.choices.every(({ answer, label }) => answer.length + (label?.length ?? 0) <= 14);
  return (
    <div class={isShort ? "answers row" : "answers"}>
      {question.choices.map(({ answer: value, label }, index) => (
        <label key={value} class="answer">
          <input
            type="radio"
            name={name}
            checked={answer === value}
            onChange={() => onAnswer(value)}
          />
          <span dir="auto">
            {value}
            {label === null ? null : <span class="soft label">{label}</span>}
          </span>
          {keys[index] === null ? null : <kbd aria-hidden="true">{keys[index]}</kbd>}
        </label>
      ))}
    </div>
  );
}

function Field(
  { question, name, answer, isActive, problem, onAnswer }: QuestionProps & Readonly<{ name: string }>,
): VNode {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (isActive && answer !== null) field.current?.focus();
  }, [isActive, problem]);
  const { min, max, maxLength } = question;
  const length = charactersOf(answer ?? "");
  const isTooLong = maxLength !== null && length > maxLength;
  const shared = {
    ref: field,
    value: answer ?? "",
    "aria-label": question.question,
    "aria-describedby": problem === null ? `${name}-hint` : `${name}-hint ${name}-problem`,
    "aria-invalid": problem !== null || isTooLong,
    onInput: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      onAnswer(value.trim() === "" ? undefined : value),
  };
  return question.kind === "number"
    ? (
      <p class="field">
        <input {...shared} type="text" inputMode="decimal" autocomplete="off" />
        <span class="soft" id={`${name}-hint`}>a number from {min} to {max}</span>
      </p>
    )
    : (
      <p class="field">
        <textarea {...shared} dir="auto" rows={3} />
        <span class={isTooLong ? "excess" : "soft"} id={`${name}-hint`}>
          {length === 0 ? `at most ${maxLength}` : `${length} of at most ${maxLength}`}{" "}
          characters; Shift + Enter makes a new line
        </span>
      </p>
    );
}
