/** Finds the files that a researcher's own code imports. */
import { parse, type ParserPlugin } from "npm:@babel/parser@8.1.3";

/** A part of the syntax tree. */
type Node = Readonly<{ type: string; loc?: { start: { line: number } } | null } & Record<string, unknown>>;

/** An import of a file. */
export type Import = Readonly<{
  /** The name that is imported; `null` if only the running code knows it, also for `eval`. */
  specifier: string | null;
  /** The type that import attributes give, such as `json`; `file` for other files that are no code. */
  type: string | null;
  /** The line, from 1. */
  line: number;
}>;

const PLUGINS: readonly ParserPlugin[] = [
  "decorators",
  "decoratorAutoAccessors",
  "deferredImportEvaluation",
  "sourcePhaseImports",
];

/**
 * Reads the imports of a file: static and dynamic imports, re-exports, imports of types, and files that it finds through
 * `import.meta`, such as workers. `eval` and `Function` count as imports, because the text that they run can import.
 *
 * @param name The file's name. Its ending says whether the file is TypeScript.
 * @throws {SyntaxError} When the text is not JavaScript or TypeScript.
 *
 * @example
 * ```ts
 * import { importsOf } from "./imports.ts";
 * import assert from "node:assert/strict";
 *
 * const text = 'import type { Draw } from "./draw.ts"; const text = `import "./no.ts"`;';
 * assert.deepEqual(importsOf(text, "rule.ts"), [{ specifier: "./draw.ts", type: null, line: 1 }]);
 * ```
 */
export function importsOf(text: string, name: string): Import[] {
  const { program } = parse(text, {
    sourceType: "unambiguous",
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    attachComment: false,
    createImportExpressions: true,
    plugins: [...PLUGINS, ...languagesOf(name)],
  });
  return [...nodesOf(program as unknown as Node)].flatMap((node) => {
    const source = sourceOf(node);
    if (source === null) return [];
    const line = node.loc?.start.line ?? 1;
    const specifier = literalOf(source);
    return [
      node.type === "NewExpression" && specifier !== null
        ? { ...fileOfUrl(specifier), line }
        : { specifier, type: attributedType(node), line },
    ];
  });
}

/** A URL needs no `./`, and can mean a file of any kind. */
function fileOfUrl(specifier: string): Pick<Import, "specifier" | "type"> {
  const isComplete = /^(?:[a-z][a-z0-9+.-]*:|\.{0,2}\/)/i.test(specifier);
  const isCode = /\.[cm]?[jt]sx?$/.test(specifier);
  return { specifier: isComplete ? specifier : `./${specifier}`, type: isCode ? null : "file" };
}

function languagesOf(name: string): ParserPlugin[] {
  const [, typed, isMarkup] = /\.[cm]?([jt])s(x?)$/.exec(name) ?? [];
  return [...(typed === "t" ? ["typescript" as const] : []), ...(isMarkup ? ["jsx" as const] : [])];
}

/** All parts of a syntax tree. Uses a list of its own, because deeply nested code would overflow the call stack. */
function* nodesOf(root: Node): Generator<Node> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next) waiting.push(item);
      continue;
    }
    if (!("type" in next)) continue;
    yield next as Node;
    for (const [key, value] of Object.entries(next)) {
      if (key !== "loc" && key !== "extra") waiting.push(value);
    }
  }
}

/** The part that names the imported file; `null` if the node imports nothing. */
function sourceOf(node: Node): Node | null {
  const [first, second] = (node.arguments ?? []) as (Node | undefined)[];
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
      return (node.source ?? null) as Node | null;
    case "TSImportType":
      return (node.source ?? node.argument) as Node;
    case "TSExternalModuleReference":
      return node.expression as Node;
    case "NewExpression":
      if (isNamed(node.callee, "URL") && isMetaMember(second, "url")) return first!;
      return runsText(node.callee) ? node : null;
    case "CallExpression":
      if (isMetaMember(node.callee, "resolve") || isNamed(node.callee, "require")) return first ?? node;
      return runsText(node.callee) ? node : null;
    case "OptionalCallExpression":
      return runsText(node.callee) ? node : null;
    default:
      return null;
  }
}

function isNamed(value: unknown, name: string): boolean {
  const node = value as Node | undefined;
  return node?.type === "Identifier" && node.name === name;
}

/** Whether a call or `new` runs a text as code: `eval`, `Function`, `globalThis.eval`, `(0, eval)`. */
function runsText(callee: unknown): boolean {
  const node = callee as Node;
  if (node.type === "SequenceExpression") return runsText((node.expressions as Node[]).at(-1));
  const isGlobal = /MemberExpression$/.test(node.type) && isNamed(node.object, "globalThis");
  const named = isGlobal ? node.property : node;
  return isNamed(named, "eval") || isNamed(named, "Function");
}

/** Whether the node is `import.meta.url` or another member of `import.meta`. */
function isMetaMember(value: unknown, name: string): boolean {
  const node = value as Node | undefined;
  return node?.type === "MemberExpression" && (node.object as Node).type === "MetaProperty" &&
    isNamed(node.property, name);
}

/** A text that does not depend on the running code; `null` for other expressions. */
function literalOf(node: Node): string | null {
  if (node.type === "StringLiteral") return node.value as string;
  if (node.type === "TSLiteralType") return literalOf(node.literal as Node);
  const quasis = node.type === "TemplateLiteral" ? node.quasis as { value: { cooked: string | null } }[] : [];
  return quasis.length === 1 ? quasis[0]!.value.cooked : null;
}

/** The type that import attributes give: `json` for `with { type: "json" }`. */
function attributedType(node: Node): string | null {
  const options = node.options as Node | null | undefined;
  const inner = propertyOf(options?.properties, "with") as Node | undefined;
  const type = propertyOf(node.attributes ?? inner?.properties, "type") as Node | undefined;
  return type?.type === "StringLiteral" ? type.value as string : null;
}

function propertyOf(properties: unknown, name: string): unknown {
  return ((properties ?? []) as Node[]).find(({ key }) =>
    isNamed(key, name) || (key as Node | undefined)?.value === name
  )?.value;
}
