/** Asks the source, and keeps the last answer on the screen until the next one is there. */
import { useCallback, useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";

/** The state of a question. */
export type Answer<Value> = Readonly<{
  /** The latest answer, perhaps to an earlier question; `null` if there is no answer yet. */
  value: Value | null;
  /** Why the latest question has no answer; `null` if it has one. */
  problem: string | null;
  isLoading: boolean;
  /** Asks the same question again. */
  again: () => void;
  /** Sets the answer without asking the source. */
  replace: (value: Value) => void;
}>;

/**
 * Asks a question when the component appears and when the key changes. Answers to earlier questions are ignored.
 *
 * @param key A text that is different for each question.
 */
export function useAnswer<Value>(key: string, ask: (signal: AbortSignal) => Promise<Value>): Answer<Value> {
  const [state, setState] = useState<Omit<Answer<Value>, "again" | "replace">>({
    value: null,
    problem: null,
    isLoading: true,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    const abort = new AbortController();
    setState(({ value, problem }) => ({ value, problem, isLoading: true }));
    latest.current(abort.signal).then(
      (value) => abort.signal.aborted || setState({ value, problem: null, isLoading: false }),
      (error) =>
        abort.signal.aborted ||
        setState(({ value }) => ({ value, problem: messageOf(error), isLoading: false })),
    );
    return () => abort.abort();
  }, [key, round]);
  const again = useCallback(() => setRound((number) => number + 1), []);
  const replace = useCallback((value: Value) => setState({ value, problem: null, isLoading: false }), []);
  return { ...state, again, replace };
}

/** The text of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
