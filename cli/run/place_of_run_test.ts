import assert from "node:assert/strict";
import { placeOfRun } from "./place_of_run.ts";
import { UsageError } from "../shared/program.ts";

const LOADED = { experiment: { name: "first" }, resumes: null };

Deno.test("placeOfRun() reports an address that cannot be used as an error of the command line", () => {
  const addresses = [
    "postgres://ann:secret@db.example.org/lab",
    "postgres://db.example.org/..",
    "postgres://db.example.org/lab/%00",
    "postgres://db.example.org/lab/first?port=1",
  ];
  for (const place of addresses) {
    for (const options of [{ store: place }, { out: place }]) {
      assert.throws(
        () => placeOfRun(options, LOADED),
        (error: Error) => error instanceof UsageError && /^Cannot use the address/.test(error.message),
      );
    }
  }
});

Deno.test("placeOfRun() shows no password when options contradict each other", () => {
  const place = "postgres://ann:secret@db.example.org/lab";
  const contradictions = [{ store: place, out: "runs/first" }, { store: place, peopleLinks: "links.csv" }, {
    out: place,
    localServer: "http://localhost:8000",
  }];
  for (const options of contradictions) {
    assert.throws(() => placeOfRun(options, LOADED), (error: Error) => !error.message.includes("secret"));
  }
});
