/** What the page keeps in the browser: drafts and settings. Without storage, the page works until it is closed. */

const KEYS = "syndisco.rating.keys";

/** The answers to an item that were not sent, one for each question; `undefined` for a question without an answer. */
export type Draft = readonly (string | null | undefined)[];

/** The drafts of one rater. Only the newest draft is kept, because a rater answers an item before the next one. */
export type Drafts = Readonly<{
  get: (place: number) => Draft | null;
  set: (place: number, draft: Draft) => void;
  clear: () => void;
}>;

/** The drafts of the rater with this token. */
export function draftsOf(token: string | null): Drafts {
  const key = `syndisco.rating.draft.${token?.slice(0, 8) ?? ""}`;
  return {
    get(place) {
      const stored = parsed(read(localStorage, key));
      return stored?.place === place
        ? stored.draft.map((answer) => answer === "" ? undefined : answer)
        : null;
    },
    set: (place, draft) =>
      write(
        localStorage,
        key,
        JSON.stringify({ place, draft: draft.map((answer) => answer === undefined ? "" : answer) }),
      ),
    clear: () => write(localStorage, key, null),
  };
}

/** Whether single keys choose answers. */
export function keysAreOn(): boolean {
  return read(localStorage, KEYS) !== "off";
}

/** Switches single keys on or off. */
export function switchKeys(isOn: boolean): void {
  write(localStorage, KEYS, isOn ? null : "off");
}

type Stored = Readonly<{ place: number; draft: readonly (string | null)[] }>;

function parsed(text: string | null): Stored | null {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function read(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function write(storage: Storage, key: string, value: string | null): void {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // The browser stores nothing for this page.
  }
}
