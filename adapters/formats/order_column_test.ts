import assert from "node:assert/strict";
import fc from "fast-check";
import { readDateReading } from "./dates.ts";
import { FormatError } from "./format_error.ts";
import { OrderColumn } from "./order_column.ts";

/** The values of one discussion in their order. */
function ordered(values: readonly unknown[], name = "order"): unknown[] {
  const column = new OrderColumn(name, readDateReading());
  const rows = values.map((value, index) => ({ value, line: index + 2, ...column.read(value, index + 2) }));
  return column.sorted(rows).map(({ value }) => value);
}

const ORDERED: readonly (readonly [what: string, values: readonly unknown[]])[] = [
  ["numbers", [-1.5, 0, "1e0", "1.5", 2, "10"]],
  ["numbers beyond 2^53", ["9007199254740992", "9007199254740993", 9007199254740994n]],
  ["numbers of any size", [
    "-1e300",
    "-0.0000000000000000000001",
    "0.1",
    "123456789012345678901234567890",
    "1e300",
  ]],
  ["seconds since 1970", [1_600_000_000, "1600000000.5", "1600000001"]],
  ["seconds from before and after 1970", [-86_400, 0, 86_400]],
  ["milliseconds since 1970", [1_600_000_000_000, 1_600_000_000_001]],
  ["days that begin with the year", ["20231231", "20240101", "20240131"]],
  ["decimals", ["1.25", "1.50", "2.00"]],
  ["decimals of different lengths", ["1.15", "1.2", "1.25"]],
  ["times within a millisecond", ["2024-01-01T10:00:00.123456Z", "2024-01-01T10:00:00.123457Z"]],
  ["times with different offsets", [
    "2024-01-01T10:00:00+02:00",
    "2024-01-01T09:00:00Z",
    "2024-01-01T05:00:00-05:00",
  ]],
  ["times from before 1973", ["1969-07-20T20:17:40Z", "1970-01-01T00:00:00Z", "2024-01-01T00:00:00Z"]],
  ["days", ["2023-12-31", "2024-01-01"]],
  ["dates of mails", ["Mon, 03 Feb 2014 10:00:00 +0200", "Mon, 03 Feb 2014 09:00:00 GMT"]],
];

for (const [what, values] of ORDERED) {
  Deno.test(`OrderColumn puts ${what} in order`, () =>
    assert.deepEqual(ordered(values.toReversed()), values));
}

Deno.test("OrderColumn keeps the order of the file if all cells are empty, or hold words such as null", () => {
  const empty = [null, undefined, "", "  ", "NaN", "nan", "NaT", "None", "null", "NA", "<NA>", "N/A", "\\N"];
  assert.deepEqual(ordered(empty), empty);
});

Deno.test("OrderColumn keeps equal values in the order of the file", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3 })), (keys) => {
    const column = new OrderColumn("order", readDateReading());
    const rows = keys.map((key, index) => ({ key, index, line: index, ...column.read(key, index) }));
    const sorted = rows.toSorted((a, b) => a.key - b.key || a.index - b.index);
    assert.deepEqual(column.sorted(rows), sorted);
  }));
});

const REFUSED:
  readonly (readonly [name: string, values: readonly unknown[], line: number, message: RegExp])[] = [
    [
      "date",
      ["04/01/2024 10:00", "03/02/2024 10:00"],
      2,
      /holds "04\/01\/2024 10:00".*--date-format '%d\/%m\/%Y %H:%M' reads it as 2024-01-04, '%m\/%d\/%Y %H:%M' reads it as 2024-04-01/,
    ],
    [
      "date",
      ["2024-01-04", "13.01.2024"],
      3,
      /holds "13\.01\.2024".*--date-format '%d\.%m\.%Y' reads it as 2024-01-13\./,
    ],
    ["order", ["1/2/49", "1/2/50"], 2, /holds "1\/2\/49", which is neither a number nor a date/],
    [
      "order",
      ["turn 12", "turn 13"],
      2,
      /holds "turn 12", which is neither.*as in --date-format '%d\/%m\/%Y %H:%M'/,
    ],
    ["order", ["1.1.2", "1.1.10"], 2, /holds "1\.1\.2"/],
    ["order", ["1,5", "2,5"], 2, /holds "1,5"/],
    ["order", ["1,000", "2,000"], 2, /holds "1,000"/],
    ["order", ["0x10", "0x9"], 2, /holds "0x10"/],
    ["order", ["Infinity", "1"], 2, /holds "Infinity"/],
    ["order", ["1_000"], 2, /holds "1_000"/],
    ["order", [true, false], 2, /holds "true"/],
    ["order", [{ $date: 1 }], 2, /neither a number nor a date/],
    ["order", [["1"]], 2, /neither a number nor a date/],
    ["order", [1, "2024-01-01"], 3, /holds "2024-01-01", a date without a time, and on line 2 "1", a number/],
    [
      "date",
      ["2024-01-01", "2024-01-01T10:00"],
      3,
      /a time without a zone, and on line 2 "2024-01-01", a date without a time/,
    ],
    [
      "date",
      ["2024-01-01T10:00Z", "2024-01-01T10:00"],
      3,
      /a time without a zone, and on line 2 .* a time with a zone/,
    ],
    [
      "date",
      ["Mon, 03 Feb 2014 10:00:00 GMT", "2024-01-01T10:00Z"],
      3,
      /a time with a zone, and on line 2 .* RFC 2822/,
    ],
    ["date", [null, "2024-01-01"], 2, /its date is empty, but other comments of its discussion have a value/],
    ["order", [1, 2, "NaN"], 4, /its order is empty/],
    [
      "timestamp",
      [1_600_000_000, 1_600_000_060_000],
      2,
      /"1600000000" \(seconds\) and "1600000060000" \(milliseconds\) in one discussion/,
    ],
    ["timestamp", [1_600_000_000_000_000, 1_600_000_060_000], 2, /\(microseconds\) and .* \(milliseconds\)/],
    [
      "timestamp",
      [0, 1_600_000_000],
      2,
      /times since 1970 such as "1600000000" \(seconds\) beside numbers that are no such times, such as "0"/,
    ],
    ["timestamp", [-1, 1_600_000_000], 2, /numbers that are no such times, such as "-1"/],
    [
      "timestamp",
      [0, 1_600_000_000, 1_600_000_060_000],
      2,
      /"1600000000" \(seconds\) and .* in different units/,
    ],
    ["date", ["04012024", "03022024"], 2, /dates that begin with the day or the month, such as "04012024"/],
    ["created", [4_012_024, 3_022_024], 2, /dates that begin with the day or the month, such as "4012024"/],
    ["date", ["040120241000", "030220241000"], 2, /dates that begin with the day or the month/],
    [
      "order",
      ["1.9", "1.10"],
      2,
      /holds "1\.9" and "1\.10", which can be decimal numbers or numbers of sections/,
    ],
  ];

for (const [name, values, line, message] of REFUSED) {
  Deno.test(`OrderColumn refuses ${JSON.stringify(values)} as ${name}`, () => {
    assert.throws(() => ordered(values, name), (error) => {
      assert.ok(error instanceof FormatError);
      assert.match(error.message, message);
      assert.match(error.message, /--map order=$/);
      return error.line === line;
    });
  });
}

Deno.test("OrderColumn reads only values of the given format, even if they are numbers", () => {
  const column = new OrderColumn("date", readDateReading("%d%m%Y"));
  assert.deepEqual(column.read("04012024", 2), { order: "1704326400000000000" });
  assert.deepEqual(column.read(14_012_024, 3), { order: "1705190400000000000" });
  assert.throws(() => column.read("2024-01-04", 3), {
    message: /holds "2024-01-04", which is not of the format "%d%m%Y"/,
  });
  assert.deepEqual(column.reading, { kind: "format", format: "%d%m%Y", zone: "UTC" });
});

Deno.test("OrderColumn.reading tells how a column was read", () => {
  const readingOf = (value: unknown, zone?: string) => {
    const column = new OrderColumn("date", readDateReading(undefined, zone));
    column.read(value, 1);
    return column.reading;
  };
  assert.deepEqual(readingOf(null), null);
  assert.deepEqual(readingOf(1), { kind: "number" });
  assert.deepEqual(readingOf("2024-01-01T10:00Z", "Europe/Athens"), { kind: "zoned" });
  assert.deepEqual(readingOf("2024-01-01T10:00", "Europe/Athens"), { kind: "local", zone: "Europe/Athens" });
});
