import assert from "node:assert/strict";
import fc from "fast-check";
import { canonical, isSameJson, losesDigits, parseJson, parseJsonAsWritten, parseJsonRows } from "./json.ts";

Deno.test("for whole numbers, losesDigits() is true if the absolute value is above 2^53 − 1, and false otherwise", () => {
  const wholes = fc.oneof(
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.bigInt({ min: 2n ** 53n - 9n, max: 2n ** 53n + 9n }),
    fc.maxSafeInteger().map(BigInt),
  );
  fc.assert(fc.property(wholes, (whole) => {
    const isLarge = whole > 9007199254740991n || whole < -9007199254740991n;
    assert.equal(losesDigits(String(whole), Number(whole)), isLarge);
  }));
});

Deno.test("losesDigits() is false for every decimal that JavaScript prints, in any spelling", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(9), (value, zeros) => {
    if (Number.isInteger(value)) return;
    const exponential = value.toExponential().replace("e", `${"0".repeat(zeros)}E`);
    for (const source of [String(value), value.toExponential()]) {
      assert.equal(losesDigits(source, value), false, source);
    }
    if (exponential.includes(".")) assert.equal(losesDigits(exponential, value), false, exponential);
  }));
});

const KEPT: readonly (readonly [source: string, value: unknown, asWritten: unknown])[] = [
  ["1212092628029698048", "1212092628029698048", "1212092628029698048"],
  ["-9007199254740993", "-9007199254740993", "-9007199254740993"],
  ["9007199254740991", 9007199254740991, 9007199254740991],
  ["123456789012345678901234567890", "123456789012345678901234567890", "123456789012345678901234567890"],
  ["0.12345678901234567890123", "0.12345678901234567890123", "0.12345678901234567890123"],
  ["0.30000000000000004", 0.30000000000000004, 0.30000000000000004],
  ["1e400", "1e400", "1e400"],
  ["1e-400", "1e-400", "1e-400"],
  ["1.0", 1, "1.0"],
  ["1.10", 1.1, "1.10"],
  ["1e3", 1000, "1e3"],
  ["1e-07", 1e-7, "1e-07"],
  ["-0", -0, "-0"],
  ["42", 42, 42],
];

for (const [source, value, asWritten] of KEPT) {
  Deno.test(`parseJson() and its variants keep all digits of ${source}`, () => {
    assert.deepEqual(parseJson(`{"a":[${source}]}`), { a: [value] });
    assert.deepEqual(parseJsonAsWritten(`[${source}]`), [asWritten]);
    assert.deepEqual(parseJsonRows(`{"id": ${source}, "meta": {"id": ${source}}}`), {
      id: asWritten,
      meta: { id: value },
    });
  });
}

Deno.test("parseJson() and its variants agree with JSON.parse() on all other values", () => {
  const text = '{"__proto__": 1, "a": "9007199254740993 and 1.0", "b": [null, true, 1.5]}';
  for (const parse of [parseJson, parseJsonAsWritten, parseJsonRows]) {
    assert.deepEqual(parse(text), JSON.parse(text));
    assert.throws(() => parse("{"), SyntaxError);
  }
  fc.assert(fc.property(fc.json(), (json) => {
    // Skips large whole numbers: no other numbers that JavaScript prints can lose digits.
    if (/\d{16}|\de\+/.test(json)) return;
    assert.deepEqual(parseJson(json), JSON.parse(json));
  }));
});

const PARTS = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, -0, 1, NaN, "", "a", true, null, undefined, new Date(0), new Date(1), new Map()),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("a", "b", "toString", "__proto__"), tie("value"), { maxKeys: 3 }),
    fc.sparseArray(tie("value"), { maxLength: 2 }),
  ),
})).value;

Deno.test("isSameJson() compares the texts of values, with sorted keys", () => {
  const textOf = (value: unknown) => {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? null : canonical(JSON.parse(text));
  };
  const pairs = fc.oneof(fc.tuple(PARTS, PARTS), PARTS.map((one) => [one, structuredClone(one)] as const));
  fc.assert(
    fc.property(pairs, ([one, other]) => {
      assert.equal(isSameJson(one, other), textOf(one) === textOf(other));
    }),
    { numRuns: 2000 },
  );
  assert.equal(isSameJson({ a: { b: 1, c: [null] } }, { a: { c: [NaN], b: 1, d: undefined } }), true);
  assert.equal(isSameJson(undefined, null), false);
});
