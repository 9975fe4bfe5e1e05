/** Renders simple templates quickly: those with only texts, plain variables, and conditions on plain variables. */

type Node = { type: string; [member: string]: unknown };
type Variables = Readonly<Record<string, unknown>>;

/** A text, a variable, or a condition with its two blocks. */
type Part = string | Variable | Choice;
type Variable = Readonly<{ name: string }>;
type Choice = Readonly<{ name: string; negated: boolean; then: readonly Part[]; otherwise: readonly Part[] }>;

/**
 * A quick renderer for a simple template; `null` if the template is not simple, so that only the interpreter
 * can render it. Most turns need only simple templates.
 *
 * @param program A parsed template whose tags are marked.
 * @returns A function that renders the template. It returns `undefined` if a variable is not a text or a
 *   boolean.
 */
export function plainRenderer(program: Node): ((variables: Variables) => string | undefined) | null {
  const parts = partsOf(program.body as Node[]);
  return parts && ((variables) => render(parts, variables));
}

function render(parts: readonly Part[], variables: Variables): string | undefined {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else {
      const value = variables[part.name];
      if (typeof value !== "string" && typeof value !== "boolean") return undefined;
      if (!("then" in part)) text += value;
      else {
        const chosen = render(Boolean(value) !== part.negated ? part.then : part.otherwise, variables);
        if (chosen === undefined) return undefined;
        text += chosen;
      }
    }
  }
  return text;
}

function partsOf(nodes: readonly Node[]): readonly Part[] | null {
  const parts = nodes.filter(({ type }) => type !== "Comment").map(partOf);
  return parts.includes(null) ? null : parts as readonly Part[];
}

function partOf(node: Node): Part | null {
  if (node.type === "StringLiteral") return node.value as string;
  if (node.type === "Output") return variable(node.expression as Node);
  if (node.type !== "If") return null;
  let test = node.test as Node;
  let negated = false;
  while (test.type === "UnaryExpression" && (test.operator as { value: string }).value === "not") {
    test = test.argument as Node;
    negated = !negated;
  }
  const tested = variable(test);
  const [then, otherwise] = [partsOf(node.body as Node[]), partsOf(node.alternate as Node[])];
  return tested && then && otherwise && { ...tested, negated, then, otherwise };
}

function variable({ type, value }: Node): Variable | null {
  return type === "Identifier" ? { name: value as string } : null;
}
