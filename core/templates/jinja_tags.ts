/** Finds the tags of a Jinja template, and notes their positions in the parsed template. */

/** `{{ … }}`, `{% … %}` or `{# … #}` in a source. */
export type Tag = Readonly<{ kind: "expression" | "statement" | "comment"; from: number; to: number }>;

/**
 * Matches a tag. A string inside a tag can contain the signs that end a tag. The last alternative matches a
 * tag that does not end.
 */
const TAG =
  /\{#[\s\S]*?#\}|\{\{(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[^"'])*?\}\}|\{%(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[^"'])*?%\}|\{[{%#][\s\S]*/g;

const KINDS = { "{": "expression", "%": "statement", "#": "comment" } as const;

/** All tags of a source, in order. */
export function tagsOf(source: string): readonly Tag[] {
  return [...source.matchAll(TAG)].map(({ 0: text, index }) => ({
    kind: KINDS[text[1] as keyof typeof KINDS],
    from: index,
    to: index + text.length,
  }));
}

/** The innermost block that is not closed; `undefined` if all blocks are closed. */
export function unclosedTag(source: string, tags: readonly Tag[]): Tag | undefined {
  const open: Tag[] = [];
  for (const tag of tags.filter(({ kind }) => kind === "statement")) {
    const [, word = "", rest = ""] = /^\{%-?\s*(\w+)([\s\S]*)/.exec(source.slice(tag.from, tag.to)) ?? [];
    if (word.startsWith("end")) open.pop();
    else if (BLOCKS.has(word) && !(word === "set" && rest.includes("="))) open.push(tag);
  }
  return open.at(-1);
}

/** Statements that need an end. `set` needs an end only if it assigns no value. */
const BLOCKS: ReadonlySet<string> = new Set(["if", "for", "macro", "call", "filter", "set"]);

/** The 1-based line and column of an offset. */
export function positionIn(source: string, offset: number): Readonly<{ line: number; column: number }> {
  const lines = source.slice(0, offset).split(/\r\n|[\n\r]/);
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}

type Node = { type: string; [member: string]: unknown };
type Token = Readonly<{ type: string; value: string }>;

/** Statements that end or divide a block. They are no nodes of the parsed template. */
const DIVIDERS = /^(?:else|end\w+)$/;

/**
 * Adds positions to a parsed template, because the parser gives none. Each statement gets the offset of its
 * tag as `at`. Each expression whose value is written into the text becomes an `Output` node with a position.
 */
export function markTags(program: Node, tokens: readonly Token[], tags: readonly Tag[]): void {
  const offsets = tags.filter(({ kind }) => kind !== "comment").map(({ from }) => from).values();
  const starts = tokens.flatMap(({ type }, at): { isOutput: boolean; at: number | null }[] => {
    if (type === "Text") return [{ isOutput: false, at: null }];
    if (type !== "OpenExpression" && type !== "OpenStatement") return [];
    const offset = offsets.next().value ?? 0;
    const isDivider = type === "OpenStatement" && DIVIDERS.test(tokens[at + 1]?.value ?? "");
    return isDivider ? [] : [{ isOutput: type === "OpenExpression", at: offset }];
  }).values();
  const mark = (body: Node[]): void => {
    for (const [index, node] of body.entries()) {
      if (node.type === "Comment") continue;
      const start = starts.next().value;
      if (start === undefined || start.at === null) continue;
      if (start.isOutput) {
        body[index] = { type: "Output", expression: node, at: start.at };
        continue;
      }
      node.at = start.at;
      for (const key of ["body", "alternate", "defaultBlock"]) mark((node[key] ?? []) as Node[]);
    }
  };
  mark(program.body as Node[]);
}
