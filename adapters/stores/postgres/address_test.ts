import assert from "node:assert/strict";
import { addressOfRun, parseAddress } from "./address.ts";

Deno.test("parseAddress() reads the database and the run", () => {
  for (
    const [place, database, run] of [
      ["postgres://host/lab/pilot", { host: "host", database: "lab" }, "pilot"],
      ["postgresql://ann@host:5433/lab", { host: "host", port: 5433, user: "ann", database: "lab" }, null],
      ["postgres://host/lab/", { host: "host", database: "lab" }, null],
      ["postgres:///lab/a?host=/var/run/postgresql", { host: "/var/run/postgresql", database: "lab" }, "a"],
      ["postgres:///lab/a?host=/run/100%25", { host: "/run/100%", database: "lab" }, "a"],
      ["postgres://[::1]:5433/lab/a", { host: "::1", port: 5433, database: "lab" }, "a"],
      ["postgres://h/lab/a?sslmode=verify-full", { host: "h", database: "lab", sslmode: "verify-full" }, "a"],
      [
        "postgres://a%40b@h/my%20lab/it%27s%20%22%2F%5C%3B",
        { host: "h", user: "a@b", database: "my lab" },
        `it's "/\\;`,
      ],
    ] as const
  ) assert.deepEqual(parseAddress(place), { place, database, run });
});

Deno.test("parseAddress() refuses passwords, and does not repeat them", () => {
  for (
    const place of [
      "postgres://ann:hunter2@host/lab/pilot",
      "postgres://ann:hunter2@@host/lab/pilot",
      "postgres://:hunter2@host/lab/pilot",
      "postgres://host/lab/pilot?password=hunter2",
    ]
  ) {
    assert.throws(() => parseAddress(place), (error: Error) => {
      assert.match(
        error.message,
        /^Cannot use the address "postgres:.*": it contains a password.*PGPASSWORD/,
      );
      assert.ok(!error.message.includes("hunter2"), error.message);
      return error instanceof RangeError;
    });
  }
});

Deno.test("parseAddress() refuses what is not an address of a run", () => {
  for (
    const [place, reason] of [
      ["postgres:", /it names no database/],
      ["postgres://host", /it names no database/],
      ["postgres://host/lab/a/b", /too many parts/],
      ["postgres://host//a", /it names no database/],
      ["postgres://host/lab/%00", /control characters/],
      ["postgres://host/lab/%E0%A4%A", /it is not valid/],
      ["postgres://host:port/lab/a", /it is not valid/],
      ["postgres://%E0%A4%A@host/lab/a", /it is not valid/],
      ["postgres://ho%E0%A4%Ast/lab/a", /it is not valid/],
      ["postgres://ann%00options@host/lab/a", /its host or its user has control characters/],
      ["postgres://h/lab/a?host=%2Frun%00", /its host or its user has control characters/],
      ["postgres://host/lab/pilot#2", /contains a "#"\. Write it as %23/],
      [`postgres://host/lab/${"a".repeat(201)}`, /longer than 200/],
      ["postgres://host/lab/a?options=-c%20fsync%3Doff", /unknown option "options"/],
      ["postgres://host/lab/a?sslmode=no", /sslmode/],
    ] as const
  ) assert.throws(() => parseAddress(place), reason, place);
});

Deno.test("addressOfRun() names a run with any characters", () => {
  for (const name of ["pilot", "a/b", "50 % ä", 'it\'s "quoted"', "?#@:"]) {
    const place = addressOfRun("postgres://ann@host:5433/my%20lab?sslmode=require", name);
    const { run, database } = parseAddress(place);
    assert.deepEqual([run, database.database, database.sslmode], [name, "my lab", "require"]);
  }
});
