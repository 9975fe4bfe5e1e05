/** Renders simple templates quickly: those with only texts, plain variables, and conditions on plain variables. */

type Node = { type: string; [member: string]: unknown };
type Variables = Readonly<Record<string, unknown>>;
type Piece = (variables: Variables) => string;

/**
 * A renderer for a simple template, which a turn needs; `null` if only the interpreter can render the template.
 *
 * @param program A parsed template whose tags are marked.
 * @returns A function that gives `undefined` if a variable is neither a text nor true or false.
 */
export function plainRenderer(program: Node): ((variables: Variables) => string | undefined) | null {
  const used = new Set<string>();
  const render = block(program.body as Node[], used);
  if (render === null) return null;
  const names = [...used];
  return (variables) => {
    for (const name of names) {
      const type = typeof variables[name];
      if (type !== "string" && type !== "boolean") return undefined;
    }
    return render(variables);
  };
}

function block(nodes: readonly Node[], used: Set<string>): Piece | null {
  const pieces: Piece[] = [];
  for (const node of nodes) {
    if (node.type === "Comment") continue;
    const made = piece(node, used);
    if (made === null) return null;
    pieces.push(made);
  }
  return (variables) => {
    let text = "";
    for (const made of pieces) text += made(variables);
    return text;
  };
}

function piece(node: Node, used: Set<string>): Piece | null {
  if (node.type === "StringLiteral") {
    const text = node.value as string;
    return () => text;
  }
  if (node.type === "Output") {
    const name = variableIn(node.expression as Node, used);
    return name === null ? null : (variables) => String(variables[name]);
  }
  if (node.type !== "If") return null;
  const test = condition(node.test as Node, used);
  const [then, otherwise] = [block(node.body as Node[], used), block(node.alternate as Node[], used)];
  if (test === null || then === null || otherwise === null) return null;
  return (variables) => test(variables) ? then(variables) : otherwise(variables);
}

function condition(node: Node, used: Set<string>): ((variables: Variables) => boolean) | null {
  if (node.type === "UnaryExpression" && (node.operator as { value: string }).value === "not") {
    const test = condition(node.argument as Node, used);
    return test && ((variables) => !test(variables));
  }
  const name = variableIn(node, used);
  return name === null ? null : (variables) => Boolean(variables[name]);
}

function variableIn(node: Node, used: Set<string>): string | null {
  if (node.type !== "Identifier") return null;
  used.add(node.value as string);
  return node.value as string;
}
