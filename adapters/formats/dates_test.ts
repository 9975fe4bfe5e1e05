import assert from "node:assert/strict";
import fc from "fast-check";
import { dateOf, readDateFormat, readDateReading } from "./dates.ts";
import { FormatError } from "./format_error.ts";

const SECOND = 1_000_000_000n;

/** Text → its form, and seconds since 1970 as Python's `datetime` and `email.utils` compute them. */
const DATES: readonly (readonly [text: string, form: string, seconds: bigint, nanoseconds?: bigint])[] = [
  ["1970-01-01T00:00:01Z", "zoned", 1n],
  ["2024-01-04T10:00+05:30", "zoned", 1_704_342_600n],
  ["2024-01-04T10:00:00+0530", "zoned", 1_704_342_600n],
  ["2024-03-31 03:30:00 UTC", "zoned", 1_711_855_800n],
  ["2024-03-31t03:30:00z", "zoned", 1_711_855_800n],
  ["20240331T033000Z", "zoned", 1_711_855_800n],
  ["2024-01-04 10:00:00.123456-0800", "zoned", 1_704_391_200n, 123_456_000n],
  ["2024-01-04T10:00:00,123456789-08", "zoned", 1_704_391_200n, 123_456_789n],
  ["1969-12-31T23:59:59.5Z", "zoned", -1n, 500_000_000n],
  ["2024-03-31 03:30:00", "local", 1_711_855_800n],
  ["2024-03-31T03:30", "local", 1_711_855_800n],
  ["2024-03-31", "day", 1_711_843_200n],
  ["Mon, 03 Feb 2014 10:00:00 +0200", "rfc2822", 1_391_414_400n],
  ["3 Feb 2014 10:00 GMT", "rfc2822", 1_391_421_600n],
  ["Sun, 06 Nov 1994 08:49:37 EST", "rfc2822", 784_129_777n],
];

for (const [text, form, seconds, nanoseconds = 0n] of DATES) {
  Deno.test(`dateOf() reads ${text}`, () => {
    assert.deepEqual(dateOf(text, readDateReading()), {
      form,
      nanoseconds: seconds * SECOND + nanoseconds,
    });
  });
}

const NO_DATES = [
  // Day and month in an unknown order.
  "04/01/2024 10:00",
  "04.01.2024",
  "04-01-2024",
  "2024/01/04",
  "13/01/2024",
  // Short years, words, numbers with parts, decimal commas.
  "1/2/49",
  "24-01-04",
  "turn 12",
  "May",
  "1.2.3",
  "1-2",
  "1,5",
  "12:30",
  // Other forms of ISO 8601, and parts of it.
  "2024",
  "2024-01",
  "2024-1-4",
  "2024-W05-1",
  "2024-031",
  "2024-01-04T10",
  "2024-01-04T10:00[Europe/Athens]",
  "+002024-01-04",
  // Days, times and offsets that do not exist.
  "2024-02-30",
  "2023-02-29T10:00",
  "2024-01-04T25:00",
  "2024-01-04T24:00Z",
  "2024-01-04T10:60Z",
  "2016-12-31T23:59:60Z",
  "2024-01-04T10:00:00+25:00",
  // Mails with a wrong weekday, a year of two digits, a zone that RFC 2822 does not have; and other forms.
  "Tue, 03 Feb 2014 10:00:00 +0200",
  "Mon, 03 Feb 14 10:00:00 +0200",
  "Mon, 03 Feb 2014 10:00:00 CET",
  "Mon Feb 03 2014 10:00:00 GMT+0200",
  "Wed Oct 10 20:19:24 +0000 2018",
  "February 3, 2014",
  "2024-01-04 10:00 PM",
  "２０２４-01-04",
];

for (const text of NO_DATES) {
  Deno.test(`dateOf() does not read ${text}`, () => assert.equal(dateOf(text, readDateReading()), null));
}

/** Zone → seconds since 1970 at noon of 1 July 2024, as Python's `zoneinfo` computes them. */
const NOONS: Readonly<Record<string, bigint>> = {
  UTC: 1_719_835_200n,
  "Europe/Athens": 1_719_824_400n,
  "America/New_York": 1_719_849_600n,
  "Asia/Kathmandu": 1_719_814_500n,
  "Australia/Lord_Howe": 1_719_797_400n,
  "+02:00": 1_719_828_000n,
};

for (const [zone, seconds] of Object.entries(NOONS)) {
  Deno.test(`dateOf() reads times without a zone in ${zone}`, () => {
    const local = dateOf("2024-07-01 12:00", readDateReading(undefined, zone));
    assert.deepEqual(local, { form: "local", nanoseconds: seconds * SECOND });
    const formatted = dateOf("1.7.2024 12h00", readDateReading("%d.%m.%Y %Hh%M", zone));
    assert.deepEqual(formatted, { form: "format", nanoseconds: seconds * SECOND });
    const zoned = dateOf("1.7.2024 12:00 +00:00", readDateReading("%d.%m.%Y %H:%M %z", zone));
    assert.deepEqual(zoned, { form: "format", nanoseconds: NOONS.UTC! * SECOND });
  });
}

Deno.test("dateOf() reports a time that is ambiguous because clocks change, and reads the times before and after it", () => {
  const athens = readDateReading(undefined, "Europe/Athens");
  assert.deepEqual(dateOf("2024-03-31 03:30", athens), {
    form: "local",
    problem: "never happens in Europe/Athens, because the clocks change then",
  });
  assert.deepEqual(dateOf("2024-10-27 03:30", athens), {
    form: "local",
    problem: "happens twice in Europe/Athens, because the clocks change then",
  });
  for (const time of ["02:59", "04:00"]) {
    assert.ok("nanoseconds" in dateOf(`2024-03-31 ${time}`, athens)!);
    assert.ok("nanoseconds" in dateOf(`2024-10-27 ${time}`, athens)!);
  }
  assert.deepEqual(dateOf("31/03/2024 03:30", readDateReading("%d/%m/%Y %H:%M", "Europe/Athens")), {
    form: "format",
    problem: "never happens in Europe/Athens, because the clocks change then",
  });
});

/** Format, text → seconds since 1970 as Python's `strptime` computes them in UTC. */
const FORMATTED: readonly (readonly [format: string, text: string, seconds: bigint, nanoseconds?: bigint])[] =
  [
    ["%d/%m/%Y %H:%M", "04/01/2024 10:00", 1_704_362_400n],
    ["%m/%d/%Y %H:%M", "04/01/2024 10:00", 1_711_965_600n],
    ["dd/MM/yyyy HH:mm", "04/01/2024 10:00", 1_704_362_400n],
    ["MM/dd/yyyy HH:mm", "04/01/2024 10:00", 1_711_965_600n],
    ["yyyy-MM-dd'T'HH:mm:ss", "2024-01-04T10:00:00", 1_704_362_400n],
    ["%d/%m/%y", "4/1/24", 1_704_326_400n],
    ["%d/%m/%y", "4/1/68", 3_092_860_800n],
    ["%d/%m/%y", "4/1/69", -31_276_800n],
    ["%Y%m%d", "20240104", 1_704_326_400n],
    ["%y%m%d", "240104", 1_704_326_400n],
    ["%d%m%y", "040124", 1_704_326_400n],
    ["ddMMyy HH:mm", "040124 10:00", 1_704_362_400n],
    ["%d%b%y", "4Jan24", 1_704_326_400n],
    ["%d.%m.'%y", "04.01.'24", 1_704_326_400n],
    ["%B %d, %Y %I:%M %p", "January 4, 2024 10:00 PM", 1_704_405_600n],
    ["%d %b %Y at %Hh", "4 Jan 2024 at 10h", 1_704_362_400n],
    ["%a %b %d %H:%M:%S %z %Y", "Wed Oct 10 20:19:24 +0000 2018", 1_539_202_764n],
    ["%a %b %d %H:%M:%S %z %Y", "Wed Oct 10 22:19:24 +02:00 2018", 1_539_202_764n],
    ["%d.%m.%Y %H:%M:%S.%f", "04.01.2024 10:00:00.123456", 1_704_362_400n, 123_456_000n],
  ];

for (const [format, text, seconds, nanoseconds = 0n] of FORMATTED) {
  Deno.test(`dateOf() reads ${text} as ${format}`, () => {
    assert.deepEqual(dateOf(text, readDateReading(format)), {
      form: "format",
      nanoseconds: seconds * SECOND + nanoseconds,
    });
  });
}

Deno.test("dateOf() refuses texts that do not have the given format", () => {
  const reading = readDateReading("%d/%m/%Y %H:%M");
  const others = [
    "2024-01-04T10:00Z",
    "31/02/2024 10:00",
    "04/13/2024 10:00",
    "04/01/24 10:00",
    "04/01/2024",
    "",
  ];
  for (const text of others) assert.equal(dateOf(text, reading), null, text);
});

const UNUSABLE: readonly (readonly [format: string, reason: RegExp])[] = [
  ["DD/MM/YYYY", /"DD" is not a known part of a date\. Write it as in "%d\/%m\/%Y %H:%M"/],
  ["%d/%m/%Q", /"%Q" is not a known directive/],
  ["%H:%M", /it does not say day, month and year/],
  ["%m/%Y", /it does not say day, month and year/],
  ["", /it does not say day, month and year/],
  ["%d/%m/%Y %I:%M", /but no AM or PM/],
  ["dd/MM/yyyy HH:mm z", /"z" is not a known part of a date/],
];

for (const [format, reason] of UNUSABLE) {
  Deno.test(`readDateFormat() refuses the format "${format}"`, () => {
    assert.throws(
      () => readDateFormat(format),
      (error) => error instanceof FormatError && reason.test(error.message),
    );
  });
}

Deno.test("dateOf() refuses a long year if the format has a short year", () => {
  for (
    const [format, texts] of [
      ["%d/%m/%y", ["04/01/2024", "04/01/124", "04/01/4"]],
      ["%d%m%y", ["04012024", "0401204", "041"]],
    ] as const
  ) {
    for (const text of texts) assert.equal(dateOf(text, readDateReading(format)), null, text);
  }
});

Deno.test("readDateReading() refuses a zone that does not exist", () => {
  for (const zone of ["Europe/Atlantis", "EET+2", "", "local"]) {
    assert.throws(() => readDateReading(undefined, zone), {
      message: /^Cannot use the time zone ".*": it does not exist/,
    });
  }
});

Deno.test("dateOf() restores the time of dates that JavaScript has written", () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(-6e13), max: new Date(2e14) }), (date) => {
      const nanoseconds = BigInt(date.getTime()) * 1_000_000n;
      assert.deepEqual(dateOf(date.toISOString(), readDateReading()), { form: "zoned", nanoseconds });
      assert.deepEqual(dateOf(date.toISOString().slice(0, -1), readDateReading()), {
        form: "local",
        nanoseconds,
      });
      const whole = nanoseconds - ((nanoseconds % SECOND) + SECOND) % SECOND;
      assert.deepEqual(dateOf(date.toUTCString(), readDateReading()), {
        form: "rfc2822",
        nanoseconds: whole,
      });
    }),
  );
});
