/** JSON: values, a text that ignores the order of keys, and parsing that loses no digits of numbers. */

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The JSON text of a value with all keys sorted: values that differ only in the order of keys have the same one.
 *
 * @param value Anything that JSON can hold.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
        : inner,
  );
}

/**
 * Whether a number says less or something else than what is written: a whole number beyond 2^53, a decimal with more
 * digits than a number has room for, or a number that is too large or too small.
 *
 * @param source The number, as a file writes it in decimal digits.
 * @param value What was read of it.
 *
 * @example
 * ```ts
 * import { losesDigits } from "./json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(losesDigits("1212092628029698049", 1212092628029698049), true);
 * assert.equal(losesDigits("1.50e0", 1.5), false);
 * ```
 */
export function losesDigits(source: string, value: number): boolean {
  if (/^[-+]?\d+$/.test(source)) return !Number.isSafeInteger(value);
  return scientific(source) !== scientific(String(value));
}

/** Whether a number, a truth value or nothing is written again as the file writes it. */
export function printsAs(source: string, value: unknown): boolean {
  return source === String(value) && (typeof value !== "number" || !losesDigits(source, value));
}

/** Sign, digits without zeros around them, and exponent: equal for equal numbers, however they are written. */
function scientific(source: string): string | null {
  const parts = /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(source);
  if (parts === null) return null;
  const [, sign, whole, fraction = "", exponent = "0"] = parts;
  const all = `${whole}${fraction}`;
  const leading = all.search(/[1-9]/);
  if (leading === -1) return "0";
  const digits = all.slice(leading).replace(/0+$/, "");
  return `${sign === "-" ? "-" : ""}${digits}e${Number(exponent) + whole!.length - leading}`;
}

/** A number that may lose digits has 16 characters of them or an exponent; strings may hold such, too. */
const MAY_LOSE_DIGITS = /[\d.]{16}|\d[eE]/;

/** Besides, zeros at the end of a decimal and a zero with a sign are not written again. */
const MAY_PRINT_OTHERWISE = /[\d.]{16}|\d[eE]|\.\d*0(?!\d)|-0(?![.\d])/;

type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context: Readonly<{ source?: string }>,
) => unknown;

/** `JSON.parse` with the source of numbers, which the compiler does not know yet. */
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;

/**
 * Parses a JSON text. Numbers that would lose digits become texts, as they are written: they stand for a person or a
 * thing.
 *
 * @throws {SyntaxError} When it is not JSON.
 *
 * @example
 * ```ts
 * import { parseJson } from "./json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseJson('{"id": 1212092628029698049, "age": 30}'), { id: "1212092628029698049", age: 30 });
 * ```
 */
export function parseJson(text: string): unknown {
  if (!MAY_LOSE_DIGITS.test(text)) return parse(text);
  return parse(text, (_, value, { source }) => keptWhole(value, source));
}

/**
 * Parses the JSON text of something whose words are kept: every number that is not written again as it stands there
 * becomes a text, such as `1.0`.
 *
 * @throws {SyntaxError} When it is not JSON.
 */
export function parseJsonAsWritten(text: string): unknown {
  if (!MAY_PRINT_OTHERWISE.test(text)) return parse(text);
  return parse(
    text,
    (_, value, { source }) => typeof value === "number" && !printsAs(source!, value) ? source : value,
  );
}

/**
 * Parses the JSON text of a table's row, or of a list of rows. As the cells of CSV are, numbers of a row's own columns
 * are texts where they are not written again as they stand there; within lists and objects only those that would lose
 * digits.
 *
 * @throws {SyntaxError} When it is not JSON.
 *
 * @example
 * ```ts
 * import { parseJsonRows } from "./json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseJsonRows('{"id": 1.0, "meta": {"score": 1.0}}'), { id: "1.0", meta: { score: 1 } });
 * assert.deepEqual(parseJsonRows('[{"id": 1.0}, {"id": 1}]'), [{ id: "1.0" }, { id: 1 }]);
 * ```
 */
export function parseJsonRows(text: string): unknown {
  if (!MAY_PRINT_OTHERWISE.test(text)) return parse(text);
  const cells: [holder: unknown, key: string, source: string][] = [];
  const parsed = parse(text, function (key, value, { source }) {
    if (typeof value === "number" && !printsAs(source!, value)) cells.push([this, key, source!]);
    return keptWhole(value, source);
  });
  const rows = new Set(Array.isArray(parsed) ? parsed : [parsed]);
  for (const [holder, key, source] of cells) {
    if (rows.has(holder)) (holder as Record<string, unknown>)[key] = source;
  }
  return parsed;
}

function keptWhole(value: unknown, source: string | undefined): unknown {
  return typeof value === "number" && losesDigits(source!, value) ? source : value;
}
