/** Finds the files that a researcher's own code imports. */
import { parse, type ParserPlugin } from "npm:@babel/parser@8.1.3";

/** A part of the syntax tree. */
type Node = Readonly<{ type: string; loc?: { start: { line: number } } | null } & Record<string, unknown>>;

/** An import of a file. */
export type Import = Readonly<{
  /** The imported name, such as `./draw.ts`; `null` if the running code computes it. */
  specifier: string | null;
  /** The type in the import's attributes, such as `json`. A URL of a file that is not code gets `file`. */
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
 * Reads the imports of a file: static and dynamic imports, re-exports, imports of types, and files that the
 * code finds through `import.meta`, such as workers. A call of `require` or `Worker` with the name of one
 * file is an import of this file. Each other use of `eval`, `Function`, `require` or `Worker` counts as an
 * import of an unknown file: the code can give the function another name, and then load any file.
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
  return [...placesOf(program as unknown as Node)].flatMap((place) => {
    const { node } = place;
    const line = node.loc?.start.line ?? 1;
    if (loadsAny(place)) return [{ specifier: null, type: null, line }];
    const source = sourceOf(node);
    if (source === null) return [];
    const specifier = literalOf(source);
    return [
      node.type === "NewExpression" && specifier !== null
        ? { ...fileOfUrl(specifier), line }
        : { specifier, type: attributedType(node), line },
    ];
  });
}

/** The import that the text of a URL means. The text needs no `./`, and its file can be of any kind. */
function fileOfUrl(specifier: string): Pick<Import, "specifier" | "type"> {
  const isComplete = /^(?:[a-z][a-z0-9+.-]*:|\.{0,2}\/)/i.test(specifier);
  const isCode = /\.[cm]?[jt]sx?$/.test(specifier);
  return { specifier: isComplete ? specifier : `./${specifier}`, type: isCode ? null : "file" };
}

function languagesOf(name: string): ParserPlugin[] {
  const [, typed, isMarkup] = /\.[cm]?([jt])s(x?)$/.exec(name) ?? [];
  return [...(typed === "t" ? ["typescript" as const] : []), ...(isMarkup ? ["jsx" as const] : [])];
}

/** A node, and where it is in its parent. */
type Place = Readonly<{ node: Node; parent: Node | null; key: string }>;

/**
 * All parts of a syntax tree. The function keeps a list of waiting parts instead of calling itself, because
 * deeply nested code would overflow the call stack.
 */
function* placesOf(root: Node): Generator<Place> {
  const waiting: { value: unknown; parent: Node | null; key: string }[] = [
    { value: root, parent: null, key: "" },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, parent, key } = next;
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) waiting.push({ value: item, parent, key });
      continue;
    }
    if (!("type" in value)) continue;
    const node = value as Node;
    yield { node, parent, key };
    for (const [key, value] of Object.entries(node)) {
      if (key !== "loc" && key !== "extra") waiting.push({ value, parent: node, key });
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
      return isNamed(node.callee, "URL") && isMetaMember(second, "url") ? first! : null;
    case "CallExpression":
      if (isMetaMember(node.callee, "resolve")) return first ?? node;
      return isNamed(node.callee, "require") && isLiteral(first) ? first! : null;
    default:
      return null;
  }
}

function isNamed(value: unknown, name: string): boolean {
  const node = value as Node | undefined;
  return node?.type === "Identifier" && node.name === name;
}

/** Global names that run a text as code, or load a file by a computed name. */
const LOADERS = new Set(["eval", "Function", "require", "Worker"]);

/** Members with the same abilities, such as `process.getBuiltinModule`. */
const LOADING_MEMBERS = new Set(["getBuiltinModule", "mainModule", "dlopen"]);

/** Objects that have the global names as members, as in `globalThis.eval`. */
const GLOBALS = /^(?:globalThis|self|window|global|module)$/;

/**
 * Whether a node can load any file: it uses a name from `LOADERS` or `LOADING_MEMBERS`, and is not a call
 * with the name of one file.
 */
function loadsAny({ node, parent, key }: Place): boolean {
  if (node.type === "ObjectPattern") {
    const keys = (node.properties as Node[]).map((property) => nameOf(property.key));
    return keys.some((name) => LOADERS.has(name) || LOADING_MEMBERS.has(name));
  }
  const name = nameOf(node);
  if (/MemberExpression$/.test(parent?.type ?? "")) {
    const member = memberName(parent!);
    if (key === "property" && member !== "") {
      return LOADING_MEMBERS.has(name) || (LOADERS.has(name) && GLOBALS.test(nameOf(parent!.object)));
    }
    if (key === "object" && name === "globalThis" && member !== "") return false;
  }
  if (node.type !== "Identifier" || parent === null) return false;
  if (!LOADERS.has(name) && !LOADING_MEMBERS.has(name) && name !== "globalThis") return false;
  return !isOnlyNamed(parent, key) && !namesOneFile(name, parent, key);
}

/** The name of a member; empty if it is computed, as in `globalThis[name]`. */
function memberName({ computed, property }: Node): string {
  return computed === true && (property as Node).type !== "StringLiteral" ? "" : nameOf(property);
}

/** Keys of TypeScript's nodes whose parts are values, not types. */
const TYPED_VALUES = new Set(["expression", "initializer", "moduleReference", "parameter"]);

/**
 * Whether the use of a name loads nothing: the name is in a type, or names a member, or its value is only
 * compared.
 */
function isOnlyNamed({ type, computed }: Node, key: string): boolean {
  if (type === "TSClassImplements" || type === "TSInterfaceHeritage") return true;
  if (type.startsWith("TS")) return !TYPED_VALUES.has(key);
  return key === "key" && computed !== true || type === "BinaryExpression" || type === "UnaryExpression";
}

/** Whether the name is called with one file that the code names. `sourceOf()` finds this import. */
function namesOneFile(name: string, parent: Node, key: string): boolean {
  if (key !== "callee") return false;
  const [file] = (parent.arguments ?? []) as (Node | undefined)[];
  if (name === "require") return parent.type === "CallExpression" && isLiteral(file);
  return name === "Worker" && file !== undefined && !isNamed(file.callee, "require") &&
    /^(?:New|Call)Expression$/.test(file.type) && sourceOf(file) !== null;
}

/** The name of a variable, or a text; empty for other nodes. */
function nameOf(value: unknown): string {
  const node = value as Node | undefined;
  if (node?.type === "Identifier") return node.name as string;
  return node?.type === "StringLiteral" ? node.value as string : "";
}

function isLiteral(node: Node | undefined): boolean {
  return node !== undefined && literalOf(node) !== null;
}

/** Whether the node is the named member of `import.meta`, such as `import.meta.url`. */
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
