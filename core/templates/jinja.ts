/** Jinja templates. A variable without a value is an error. Errors have positions. */
import { Environment, Interpreter, parse, tokenize } from "npm:@huggingface/jinja@0.5.11";
import { markTags, positionIn, type Tag, tagsOf, unclosedTag } from "./jinja_tags.ts";
import { plainRenderer } from "./plain_renderer.ts";

/** The values of a template's variables. */
export type Variables = Readonly<Record<string, unknown>>;

/** A mistake in a template, or a template that cannot be rendered with its variables. */
export class TemplateError extends Error {
  /** Identifies errors of this class. */
  override readonly name = "TemplateError";
  /** The template's name: `set.template`. */
  readonly template: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** The message without the template's name and position. */
  readonly reason: string;

  /** Makes the error of a template, named as `set.template`. */
  constructor(template: string, { line, column, reason }: Mistake, options?: ErrorOptions) {
    super(`Cannot render the template "${template}": line ${line}, column ${column}: ${reason}`, options);
    this.template = template;
    this.line = line;
    this.column = column;
    this.reason = reason;
  }
}

/** A mistake at a position of a template. */
export type Mistake = Readonly<{ line: number; column: number; reason: string }>;

/** A parsed template. */
export interface Template {
  /**
   * Renders the template.
   *
   * @throws {TemplateError} When a variable has no value, or an expression fails.
   */
  render(variables: Variables): string;
  /** The variables that the template uses but does not set, in alphabetical order. */
  readonly uses: readonly string[];
  /** A mistake with this reason, at the position where the template first uses the variable. */
  mistakeAt(variable: string, reason: string): Mistake;
}

/** The names that all templates have. A clock is not among them: prompts must not depend on the time. */
const JINJA_NAMES = new Set([
  ...["true", "false", "none", "True", "False", "None"],
  ...["loop", "caller", "varargs", "kwargs", "namespace", "range", "raise_exception"],
]);

const RANGE_MAX = 10_000;

/**
 * The most steps of rendering one message. Each evaluation of a part of the template is a step, also in
 * loops.
 */
const STEPS_MAX = 200_000;

/** The longest text that a template can make, in UTF-16 code units. */
const TEXT_LENGTH_MAX = 10_000_000;

/** The most parsed templates that are kept in memory. */
const KEPT_MAX = 1000;

const kept = new Map<string, Template>();

/**
 * Parses a template. If the same source was parsed before, the result is reused.
 *
 * @param name The template's name in errors.
 * @throws {TemplateError} When the source is not valid Jinja.
 */
export function parseTemplate(name: string, source: string): Template {
  const key = `${name}\n${source}`;
  let template = kept.get(key);
  if (template === undefined) {
    template = parsed(name, source);
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(key, template);
  }
  return template;
}

function parsed(name: string, source: string): Template {
  const tags = tagsOf(source);
  const fail = (offset: number, cause: unknown): never => {
    throw new TemplateError(name, { ...positionIn(source, offset), reason: reasonOf(cause) }, { cause });
  };
  const program = parseSource(source, tags, fail);
  const uses = freeVariables(program);
  const plain = plainRenderer(program);
  return {
    uses,
    render(variables) {
      const text = plain?.(variables);
      if (text !== undefined) return text;
      const environment = environmentOf(variables);
      try {
        return String(new StrictInterpreter(environment).run(program as never).value);
      } catch (error) {
        if (!(error instanceof Located)) return fail(0, error);
        const { offset, cause } = error;
        if (!(cause instanceof NoValue)) return fail(offset, cause);
        const tag = tags.find(({ from }) => from === offset)!;
        const speaker = typeof variables.name === "string" ? ` for "${variables.name}"` : "";
        return fail(offset, new Error(`${source.slice(tag.from, tag.to)} has no value${speaker}`));
      }
    },
    mistakeAt(variable, reason) {
      const pattern = new RegExp(`(?<![\\w.])${variable}\\b`);
      for (const { from, to } of tags) {
        const found = source.slice(from, to).search(pattern);
        if (found !== -1) return { ...positionIn(source, from + found), reason };
      }
      return { line: 1, column: 1, reason };
    },
  };
}

/** As in chat templates: removes a newline after a tag, and spaces before a tag that begins a line. */
const WHITE_SPACE = { trim_blocks: true, lstrip_blocks: true };

function parseSource(
  source: string,
  tags: readonly Tag[],
  fail: (offset: number, cause: unknown) => never,
): Node {
  let tokens: ReturnType<typeof tokenize>;
  try {
    tokens = tokenize(source, WHITE_SPACE);
  } catch (error) {
    const wrong = tags.find(({ to }) => !canTokenize(source.slice(0, to)));
    return fail((wrong ?? tags.at(-1))?.from ?? 0, error);
  }
  let last = 0;
  const watched = new Proxy(tokens, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) last = Math.max(last, Number(key));
      return Reflect.get(target, key);
    },
  });
  try {
    const program = parse(watched) as unknown as Node;
    markTags(program as never, tokens, tags);
    return program;
  } catch (error) {
    const unclosed = last >= tokens.length ? unclosedTag(source, tags) : undefined;
    if (unclosed !== undefined) return fail(unclosed.from, new SyntaxError("the block is not closed"));
    const read = tokens.slice(0, last + 1).filter(({ type }) =>
      type === "OpenStatement" || type === "OpenExpression"
    );
    const offset = tags.filter(({ kind }) => kind !== "comment")[Math.max(0, read.length - 1)]?.from ?? 0;
    return fail(offset, error);
  }
}

function canTokenize(source: string): boolean {
  try {
    tokenize(source, WHITE_SPACE);
    return true;
  } catch {
    return false;
  }
}

function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/^Parser Error: |\.$/g, "");
}

function environmentOf(variables: Variables): Environment {
  const environment = new Environment();
  const constants = { true: true, false: false, none: null, True: true, False: false, None: null };
  const functions = { range: limitedRange, raise_exception: raise };
  for (const [key, value] of Object.entries({ ...constants, ...functions, ...variables })) {
    environment.set(key, value);
  }
  return environment;
}

function raise(message: string): never {
  throw new Error(message);
}

function limitedRange(first: number, end?: number, step = 1): number[] {
  const [from, to] = end === undefined ? [0, first] : [first, end];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!(length <= RANGE_MAX)) throw new Error(`range() gives at most ${RANGE_MAX} numbers`);
  return Array.from({ length }, (_, index) => from + index * step);
}

/** An error, with the offset of the innermost tag in which it happened. */
class Located extends Error {
  readonly offset: number;

  constructor(offset: number, cause: unknown) {
    super("", { cause });
    this.offset = offset;
  }
}

/** The template writes a value that does not exist. */
class NoValue extends Error {}

type Node = { type: string; [member: string]: unknown };

/**
 * An interpreter that throws an error if a written value does not exist. Jinja would write nothing. It also
 * limits the work of a template.
 */
class StrictInterpreter extends Interpreter {
  #steps = 0;

  override evaluate(
    statement: Parameters<Interpreter["evaluate"]>[0],
    environment: Environment,
  ): ReturnType<Interpreter["evaluate"]> {
    const node = statement as unknown as Node | undefined;
    if (node?.at === undefined) return this.#limited(statement, environment);
    try {
      if (node.type !== "Output") return this.#limited(statement, environment);
      const value = this.#limited(node.expression as typeof statement, environment);
      if (value.type === "UndefinedValue") throw new NoValue();
      return value;
    } catch (error) {
      // The interpreter also throws errors to leave loops. These errors have no message, and are no mistakes.
      const isMistake = error instanceof NoValue || error instanceof Error && error.message !== "";
      if (error instanceof Located || !isMistake) throw error;
      throw new Located(node.at as number, error);
    }
  }

  #limited(
    ...[statement, environment]: Parameters<Interpreter["evaluate"]>
  ): ReturnType<Interpreter["evaluate"]> {
    if (++this.#steps > STEPS_MAX) {
      throw new Error(`the template takes more than ${STEPS_MAX} steps: use fewer or shorter loops`);
    }
    const value = super.evaluate(statement, environment);
    if (typeof value.value === "string" && value.value.length > TEXT_LENGTH_MAX) {
      throw new Error(`the template makes a text of more than ${TEXT_LENGTH_MAX} characters`);
    }
    return value;
  }
}

/**
 * The variables that a template uses, without those that it sets. A name counts as set if it is set anywhere
 * in the template.
 */
function freeVariables(program: Node): readonly string[] {
  const used = new Set<string>();
  const set = new Set<string>();
  const bind = (node: Node): void => {
    if (node.type === "Identifier") set.add(node.value as string);
    else if (node.type === "TupleLiteral") (node.value as Node[]).forEach(bind);
    else if (node.type === "KeywordArgumentExpression") (bind(node.key as Node), visit(node.value));
    else visit(node);
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node instanceof Map) return node.forEach((value, key) => (visit(key), visit(value)));
    if (typeof node !== "object" || node === null) return;
    const { type, ...members } = node as Node;
    if (type === "Identifier") return void used.add(members.value as string);
    if (type === "MemberExpression" && members.computed === false) return visit(members.object);
    if (type === "FilterExpression" || type === "FilterStatement") visit((members.filter as Node).args);
    if (type === "For") bind(members.loopvar as Node);
    if (type === "Set") bind(members.assignee as Node);
    if (type === "Macro") [members.name, members.args].flat().forEach((node) => bind(node as Node));
    if (type === "CallStatement") ((members.callerArgs ?? []) as Node[]).forEach(bind);
    for (const [key, value] of Object.entries(members)) {
      const isName = NAMES_IN[type]?.includes(key) ?? false;
      if (!isName) visit(value);
    }
  };
  visit(program);
  return [...used].filter((name) => !set.has(name) && !JINJA_NAMES.has(name)).sort();
}

/** Type of a node → its members with names that are not names of used variables. */
const NAMES_IN: Readonly<Record<string, readonly string[]>> = {
  FilterExpression: ["filter"],
  FilterStatement: ["filter"],
  TestExpression: ["test"],
  KeywordArgumentExpression: ["key"],
  For: ["loopvar"],
  Set: ["assignee"],
  Macro: ["name", "args"],
  CallStatement: ["callerArgs"],
  BinaryExpression: ["operator"],
  UnaryExpression: ["operator"],
};
