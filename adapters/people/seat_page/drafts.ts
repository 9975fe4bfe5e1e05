/** The draft of a seat's comment. It survives a reload, and a restart of the browser or of the run. */

/** A text that was not sent yet. `pasted`: whether something was pasted into it. */
export type Draft = Readonly<{ text: string; pasted: boolean }>;

const EMPTY: Draft = { text: "", pasted: false };

/**
 * The draft of one seat. Only the newest draft is kept, because a question comes after the previous one was
 * answered.
 */
export type Drafts = Readonly<{
  /** The draft of an answer to a question. */
  of: (question: string) => Draft;
  /** The text that was typed for an earlier question and never sent. */
  leftBefore: (question: string) => string;
  keep: (question: string, draft: Draft) => void;
  clear: () => void;
}>;

/** The draft of the seat with this token. */
export function draftsOf(token: string | null): Drafts {
  const key = `syndisco.draft.${token?.slice(0, 8) ?? ""}`;
  // Without storage, the draft lasts as long as the page.
  let kept = stored(key);
  return {
    of: (question) => kept?.question === question ? kept : EMPTY,
    leftBefore: (question) => kept === null || kept.question === question ? "" : kept.text,
    keep(question, draft) {
      kept = { question, ...draft };
      store(key, JSON.stringify(kept));
    },
    clear() {
      kept = null;
      store(key, null);
    },
  };
}

function stored(key: string): Readonly<Draft & { question: string }> | null {
  try {
    const { question, text, pasted } = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof question === "string" && typeof text === "string"
      ? { question, text, pasted: pasted === true }
      : null;
  } catch {
    return null;
  }
}

function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // The browser stores nothing for this page.
  }
}
