/** All keys of the page: the handler, the help and a test for clashes read this table. */

/** What a key does. */
export type KeyEntry = Readonly<{
  /**
   * Each item is a key, or several keys to press one after the other, such as `g o`. Any item has the same
   * effect. Keys have the names of `KeyboardEvent.key`.
   */
  press: readonly string[];
  /** What happens, for the help. */
  text: string;
}>;

/** The keys of one part of the page. */
export type KeyScope = Readonly<{ title: string; keys: Readonly<Record<string, KeyEntry>> }>;

/** Part of the page → its keys. The keys of `everywhere` work in every part. */
export const KEY_TABLE = {
  everywhere: {
    title: "Everywhere",
    keys: {
      help: { press: ["?"], text: "Show all keys" },
      search: { press: ["/"], text: "Search in all comments" },
      overview: { press: ["g o"], text: "Go to the overview" },
      discussions: { press: ["g d"], text: "Go to the discussions" },
      sideBySide: { press: ["g c"], text: "Go to the conditions side by side" },
      outcomes: { press: ["g r"], text: "Go to the outcomes" },
      theme: { press: ["g t"], text: "Change between light, dark and the system's colours" },
      marks: { press: ["g m"], text: "Show or hide marks for hidden characters" },
    },
  },
  discussions: {
    title: "Discussions and search",
    keys: {
      next: { press: ["j", "ArrowDown"], text: "Next row" },
      previous: { press: ["k", "ArrowUp"], text: "Previous row" },
      first: { press: ["g g", "Home"], text: "First row" },
      last: { press: ["G", "End"], text: "Last row" },
      pageDown: { press: ["PageDown"], text: "One screen down" },
      pageUp: { press: ["PageUp"], text: "One screen up" },
      open: { press: ["Enter"], text: "Open the row" },
      filters: { press: ["f"], text: "Go to the filters" },
      columns: { press: ["c"], text: "Choose columns" },
      refresh: { press: ["u"], text: "Show new discussions" },
      clear: { press: ["Escape"], text: "Leave the search, or remove all filters" },
    },
  },
  transcript: {
    title: "Discussion",
    keys: {
      next: { press: ["j"], text: "Next comment" },
      previous: { press: ["k"], text: "Previous comment" },
      first: { press: ["g g"], text: "First comment" },
      last: { press: ["G"], text: "Last comment" },
      nextDiscussion: { press: ["]"], text: "Next discussion of the list" },
      previousDiscussion: { press: ["["], text: "Previous discussion of the list" },
      sameSpeaker: { press: ["s"], text: "Next comment of the same speaker" },
      nextProblem: { press: ["."], text: "Next problem: silence, cut reply, failure, disagreement" },
      nextMatch: { press: ["n"], text: "Next match of the search" },
      previousMatch: { press: ["N"], text: "Previous match" },
      prompt: { press: ["p"], text: "Show the prompt" },
      raw: { press: ["r"], text: "Show the raw reply" },
      thoughts: { press: ["t"], text: "Show the thoughts" },
      annotations: { press: ["a"], text: "Show the annotations" },
      follow: { press: ["f"], text: "Follow new comments" },
      copy: { press: ["y"], text: "Copy a link to the comment" },
      cite: { press: ["c"], text: "Copy a citation of the comment" },
      branch: { press: ["b"], text: "Branch from here" },
      beside: { press: ["v"], text: "Show the conditions of the replicate side by side" },
      back: { press: ["Escape"], text: "Close the details, or go back to the list" },
    },
  },
  side_by_side: {
    title: "Side by side",
    keys: {
      next: { press: ["]"], text: "Next replicate, or next condition" },
      previous: { press: ["["], text: "Previous replicate, or previous condition" },
      down: { press: ["j"], text: "Next turn" },
      up: { press: ["k"], text: "Previous turn" },
      first: { press: ["g g"], text: "First turn" },
      last: { press: ["G"], text: "Last turn" },
    },
  },
  outcomes: { title: "Outcomes", keys: {} },
} as const satisfies Readonly<Record<string, KeyScope>>;

/** The name of a part of the page. */
export type ScopeName = keyof typeof KEY_TABLE;

/** The names of the keys of a part. */
export type KeyName<Scope extends ScopeName> = keyof (typeof KEY_TABLE)[Scope]["keys"];

/** Keys of the table that cannot be told apart, as sentences. */
export function keyClashes(table: Readonly<Record<string, KeyScope>>): string[] {
  const { everywhere, ...parts } = table;
  return Object.entries(parts).flatMap(([part, { keys }]) => {
    const all = [...Object.entries(everywhere?.keys ?? {}), ...Object.entries(keys)]
      .flatMap(([name, { press }]) => press.map((text) => ({ name, text })));
    return all.flatMap((one, index) =>
      all.slice(index + 1)
        .filter((other) => isBeginning(one.text, other.text) || isBeginning(other.text, one.text))
        .map((other) => `${part}: "${one.text}" (${one.name}) and "${other.text}" (${other.name})`)
    );
  });
}

function isBeginning(one: string, other: string): boolean {
  return `${other} `.startsWith(`${one} `);
}
