/**
 * Finds the marks that model families and their servers put around thoughts.
 *
 * Every pattern begins with a fixed character, and its repetitions are limited (except for backticks). So the
 * time of the search is linear in the length of the text.
 */

/** A mark in a text, or a row of backticks. The text between two rows of backticks is code. */
export type Mark = Readonly<{
  kind: "open" | "close" | "empty" | "backticks";
  /** A closing mark usually closes an opening mark of its own family. */
  family: string;
  /** The tag's name in lower case; empty for marks that are no tags. */
  name: string;
  /** A special token does not occur in sentences, so it counts in any position. */
  isToken: boolean;
  start: number;
  end: number;
}>;

/** Names of tags, such as `<think>…</think>`, in any case. */
const TAG_NAMES = [
  // <seed:think>, <thinking>, <longcat_think> and their like.
  "(?:[a-z]{1,12}[_:-])?think(?:ing)?",
  "thought",
  "thoughts",
  "thought[_-]process",
  "reasoning",
  "reasoning[_-]process",
  "reflection",
  "analysis",
  "scratchpad",
  "thinking[_-]process",
  "antthinking",
  "cot",
  "inner[_-]thoughts?",
  "inner[_-]monologue",
  "internal[_-]monologue",
  "chain[_-]of[_-]thought",
];

const THOUGHT = "(?:think|thinking|thought|thoughts|reasoning)";

/** An opening or closing tag. The group `slash` is empty for an opening tag. */
const TAG = `(?:<|&lt;)\\s{0,3}(?<slash>/?)\\s{0,3}(?<name>${
  TAG_NAMES.join("|")
})\\s{0,3}(?<empty>/?)\\s{0,3}(?:>|&gt;)`;

type Family = Readonly<{ open: string; close: string; isToken: boolean }>;

/** The marks of other families. Qwen, DeepSeek, GLM, Granite, EXAONE, Hunyuan, MiniMax, Phi and Seed write tags. */
const FAMILIES: Readonly<Record<string, Family>> = {
  // Mistral's Magistral and Ministral.
  bracket: { open: "\\[THINK\\]", close: "\\[/THINK\\]", isToken: false },
  // Kimi.
  triangle: { open: "◁\\s{0,3}think\\s{0,3}▷", close: "◁\\s{0,3}/\\s{0,3}think\\s{0,3}▷", isToken: true },
  // OpenThinker, Command A, Solar and others: <|begin_of_thought|>, <|START_THINKING|>, <|think|>, <|think_start|>.
  token: {
    open: `<\\|(?:(?:begin|start)_(?:of_)?)?${THOUGHT}(?:_(?:start|begin))?\\|>`,
    close: `<\\|(?:/${THOUGHT}|end_(?:of_)?${THOUGHT}|${THOUGHT}_end)\\|>`,
    isToken: true,
  },
  // Apertus.
  inner: { open: "<\\|inner_prefix\\|>", close: "<\\|inner_suffix\\|>", isToken: true },
  // Gemma 4.
  channel: {
    open: `<\\|channel>(?:\\s{0,3}(?:${THOUGHT}|analysis)\\b)?`,
    close: "<channel\\|>",
    isToken: true,
  },
  // MedGemma and Gemini.
  unused: {
    open: "<(?:unused|ctrl)94>(?:\\s{0,3}thought\\b)?",
    close: "<(?:unused|ctrl)95>",
    isToken: true,
  },
  // Open WebUI and pages that store its answers.
  details: {
    open: '<details\\s[^<>]{0,200}?type="reasoning"[^<>]{0,200}>',
    close: "</details>",
    isToken: false,
  },
};

/** Families whose closing mark ends no thought if it has no opening mark: a page can contain it. */
const NEVER_ALONE: ReadonlySet<string> = new Set(["details"]);

const MARK = new RegExp(
  [
    "(?<backticks>`+)",
    TAG,
    ...Object.entries(FAMILIES).map(([name, { open, close }]) =>
      `(?<${name}_open>${open})|(?<${name}_close>${close})`
    ),
  ].join("|"),
  "giu",
);

/** A mark of Solar and others. It closes a thought. If no thought is open, it ends the reply. */
const TOKEN_END = "<|end|>";

export function marksIn(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  for (const match of text.matchAll(MARK)) {
    const found = markOf(match.groups!);
    if (found === null || (found.family === "bracket" && match[0] !== match[0].toUpperCase())) continue;
    marks.push({ ...found, start: match.index, end: match.index + match[0].length });
  }
  return marks;
}

function markOf(groups: Record<string, string | undefined>): Omit<Mark, "start" | "end"> | null {
  if (groups.backticks !== undefined) return { kind: "backticks", family: "", name: "", isToken: false };
  if (groups.name !== undefined) {
    const kind = groups.slash !== "" ? "close" : groups.empty !== "" ? "empty" : "open";
    return { kind, family: "tag", name: groups.name.toLowerCase(), isToken: false };
  }
  for (const [family, { isToken }] of Object.entries(FAMILIES)) {
    if (groups[`${family}_open`] !== undefined) return { kind: "open", family, name: "", isToken };
    if (groups[`${family}_close`] !== undefined) return { kind: "close", family, name: "", isToken };
  }
  return null;
}

/** Whether this closing mark can close a thought that a chat template opened. */
export function closesAlone({ family }: Mark): boolean {
  return !NEVER_ALONE.has(family);
}

/** Finds the mark that closes a thought. Call `of` with opening marks in the order of the text. */
export class Closings {
  readonly #text: string;
  readonly #queues = new Map<string, { marks: Mark[]; next: number }>();

  constructor(text: string, marks: readonly Mark[]) {
    this.#text = text;
    for (const mark of marks) {
      if (mark.kind !== "close") continue;
      const keys = [`${mark.family} ${mark.name}`, mark.family, ...(closesAlone(mark) ? [""] : [])];
      for (const key of keys) {
        const queue = this.#queues.get(key);
        if (queue === undefined) this.#queues.set(key, { marks: [mark], next: 0 });
        else queue.marks.push(mark);
      }
    }
  }

  /**
   * The mark that closes a thought: the next closing mark with the same name. If there is none, the next of
   * the same family, then the next of any family, because models mix them up.
   *
   * @param open The opening mark. It begins after the opening marks of earlier calls.
   */
  of(open: Mark): Pick<Mark, "start" | "end"> | null {
    const own = this.#after(`${open.family} ${open.name}`, open.end) ?? this.#after(open.family, open.end);
    if (own !== null) return own;
    const end = open.family === "token" ? this.#text.indexOf(TOKEN_END, open.end) : -1;
    if (end !== -1) return { start: end, end: end + TOKEN_END.length };
    return this.#after("", open.end);
  }

  #after(key: string, position: number): Mark | null {
    const queue = this.#queues.get(key);
    if (queue === undefined) return null;
    while ((queue.marks[queue.next]?.start ?? Infinity) < position) queue.next++;
    return queue.marks[queue.next] ?? null;
  }
}
