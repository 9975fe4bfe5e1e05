/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The rating page: one comment at a time, saved before the next. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { BlindItem, RatingProgress } from "../../../core/rating/mod.ts";
import { Help, Instructions } from "./dialogs.tsx";
import { Item } from "./item.tsx";
import { actionOf, type RatingAction } from "./keys.ts";
import { BetweenParts, Header, partName, QuizResult } from "./parts.tsx";
import { type Answer, keysOf, Question } from "./question.tsx";
import { Consent } from "./consent.tsx";
import type { Answers, RatingGate, RatingSource, RatingStart } from "./rating_source.ts";
import { type draftsOf, keysAreOn } from "./stored.ts";

/** After this many ratings in a row, the page suggests a break. */
const REST_AFTER = 40;

/** How often the page asks whether the rating has begun, in milliseconds. */
const WAITING_MS = 10_000;

type PageProps = Readonly<{ source: RatingSource; drafts: ReturnType<typeof draftsOf> }>;

/** The whole page of a rater. */
export function RatingPage({ source, drafts }: PageProps): VNode {
  const [start, setStart] = useState<RatingStart | null>(null);
  const [gate, setGate] = useState<RatingGate | null>(null);
  const [place, setPlace] = useState(0);
  const [item, setItem] = useState<BlindItem | null>(null);
  const [answers, setAnswers] = useState<readonly Answer[]>([]);
  const [active, setActive] = useState(0);
  const [dialog, setDialog] = useState<"instructions" | "help" | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const loaded = useRef(new Map<number, Promise<BlindItem>>());
  const isBusy = useRef(false);
  const ratedNow = useRef(0);

  const load = (at: number) => {
    const known = loaded.current.get(at);
    if (known !== undefined) return known;
    const loading = source.item(at);
    loaded.current.set(at, loading);
    loading.catch(() => loaded.current.delete(at));
    return loading;
  };
  const show = async (at: number, { to }: RatingProgress, questions: number) => {
    const next = at < to ? await load(at) : null;
    setPlace(at);
    setItem(next);
    const known = drafts.get(at) ?? next?.answers ?? Array.from({ length: questions }, () => undefined);
    setAnswers(known);
    setActive(Math.max(0, known.indexOf(undefined)));
    if (at + 1 < to) void load(at + 1).catch(() => {});
  };
  /** Does one thing after the other: a second key press does not save twice. */
  const busy = async (work: () => Promise<void>) => {
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      await work();
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      isBusy.current = false;
    }
  };
  const begin = () =>
    busy(async () => {
      const begun = await source.start();
      loaded.current.clear();
      if (begun.standing !== "agreed") return setGate(begun);
      setGate(null);
      setStart(begun);
      const { guide, progress } = begun;
      await show(progress.next, progress, guide.questions.length);
      if (progress.next === 0 && guide.instructions !== null) setDialog("instructions");
    });
  useEffect(() => void begin(), []);
  useEffect(() => {
    if (gate?.standing !== "waiting") return;
    const timer = setInterval(() => void begin(), WAITING_MS);
    return () => clearInterval(timer);
  }, [gate?.standing]);

  const isFinal = start !== null && place < start.progress.final;
  const answer = (index: number, given: Answer) => {
    if (isFinal) return;
    const next = answers.map((one, at) => at === index ? given : one);
    setAnswers(next);
    setProblem(null);
    drafts.set(place, next);
  };
  const choose = (index: number, given: Answer) => {
    answer(index, given);
    const open = answers.findIndex((one, at) => one === undefined && at !== index);
    if (open !== -1) setActive(open);
  };
  const next = () =>
    busy(async () => {
      if (start === null || start.progress.part === "finished") return;
      const { guide: { questions }, progress } = start;
      if (place >= progress.to) return await confirm();
      const missing = answers.indexOf(undefined);
      if (missing !== -1) {
        setActive(missing);
        throw new Error("This question has no answer yet. Choose an answer, or “Cannot tell”.");
      }
      let after = progress;
      if (!isFinal) {
        after = await source.rate(place, answers as Answers);
        drafts.clear();
        loaded.current.set(place, Promise.resolve({ ...item!, answers: answers as Answers }));
        setStart({ ...start, progress: after });
        if (place === progress.next) ratedNow.current++;
        const isRest = ratedNow.current > 0 && ratedNow.current % REST_AFTER === 0;
        setNote(
          isRest ? `You have rated ${ratedNow.current} comments in a row. A short break helps.` : "Saved.",
        );
      }
      await show(place + 1, after, questions.length);
    });
  const confirm = async () => {
    await source.confirm();
    loaded.current.clear();
    drafts.clear();
    const begun = await source.start();
    if (begun.standing !== "agreed") return setGate(begun);
    setStart(begun);
    setNote("Saved.");
    await show(begun.progress.next, begun.progress, begun.guide.questions.length);
  };
  const back = () =>
    busy(async () => {
      if (start === null || start.progress.part === "finished" || place <= start.progress.from) return;
      await show(place - 1, start.progress, start.guide.questions.length);
      setNote("");
    });

  const act = (action: RatingAction, key: string) => {
    const question = start?.guide.questions[active];
    switch (action) {
      case "next":
        return void next();
      case "back":
        return void back();
      case "instructions":
        return start?.guide.instructions == null ? undefined : setDialog("instructions");
      case "help":
        return setDialog("help");
      case "cannotTell":
        return item === null ? undefined : choose(active, null);
      case "choose": {
        const at = question === undefined ? -1 : keysOf(question).indexOf(key);
        return item === null || at === -1 ? undefined : choose(active, question!.choices[at]!.answer);
      }
      case "leaveField":
        return document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined;
      default:
        return action satisfies never;
    }
  };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = actionOf(event, keysAreOn());
      if (action === null) return;
      event.preventDefault();
      act(action, event.key);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });

  if (gate !== null) {
    const decide = (agrees: boolean) =>
      void busy(async () => {
        await source.consent(agrees, gate.consent?.sha256 ?? "");
      }).then(begin);
    return <Consent gate={gate} problem={problem} onDecide={decide} />;
  }
  if (start === null) {
    return (
      <main>
        <h1 class="aside">Rating</h1>
        {problem === null ? <p class="soft">Loading…</p> : (
          <div class="problem" role="alert">
            <p>{problem}</p>
            <button type="button" class="button" onClick={() => void begin()}>Try again</button>
          </div>
        )}
      </main>
    );
  }
  const { guide, progress } = start;
  return (
    <>
      <Header
        progress={progress}
        place={place}
        hasInstructions={guide.instructions !== null}
        onOpen={setDialog}
      />
      <main>
        <h1 class="aside">{partName(progress)}</h1>
        <QuizResult progress={progress} />
        {item === null
          ? (
            <BetweenParts
              progress={progress}
              debriefing={start.debriefing}
              onNext={() => void next()}
              onBack={() => void back()}
            />
          )
          : (
            <div class="columns">
              <Item item={item} />
              <form class="questions" onSubmit={(event) => event.preventDefault()}>
                {isFinal ? <p class="final">This rating is final. It can no longer be changed.</p> : null}
                {guide.questions.map((question, index) => (
                  <Question
                    key={`${place}.${index}`}
                    question={question}
                    index={index}
                    answer={answers[index]}
                    isActive={index === active}
                    isFinal={isFinal}
                    onAnswer={(given) => answer(index, given)}
                    onActive={() => setActive(index)}
                  />
                ))}
                {problem === null ? null : <p class="problem" role="alert">{problem}</p>}
                <p class="actions">
                  <button
                    type="button"
                    class="button"
                    disabled={place <= progress.from}
                    onClick={() => void back()}
                  >
                    Back <kbd aria-hidden="true">Backspace</kbd>
                  </button>
                  <button type="button" class="button main" onClick={() => void next()}>
                    Next <kbd aria-hidden="true">Enter</kbd>
                  </button>
                </p>
              </form>
            </div>
          )}
        {item === null && problem !== null ? <p class="problem" role="alert">{problem}</p> : null}
        <p class="note soft" role="status">{note}</p>
      </main>
      {dialog === "instructions" && guide.instructions !== null
        ? <Instructions text={guide.instructions} onClose={() => setDialog(null)} />
        : null}
      {dialog === "help" ? <Help onClose={() => setDialog(null)} /> : null}
    </>
  );
}
