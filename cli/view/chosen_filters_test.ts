import assert from "node:assert/strict";
import { UsageError } from "../shared/program.ts";
import { chosenFilters } from "./chosen_filters.ts";

Deno.test("chosenFilters() reads filters, and addresses of the list that hold them", () => {
  const expected = { condition: ["a=b & c", "base"], name: "r1" };
  const filters = "condition=a%3Db+%26+c&condition=base&name=r1&sort=turns&descending=true";
  for (
    const before of [
      "",
      "?",
      "#/discussions?",
      "/discussions?",
      "http://127.0.0.1:8642/#/discussions?",
      "file:///x/page/index.html?y=1#/discussions?",
    ]
  ) assert.deepEqual(chosenFilters(before + filters), expected, before);
});

Deno.test("chosenFilters() refuses a text that is not a filter, and names the nearest filter", () => {
  const refused = (text: string, expected: RegExp) =>
    assert.throws(
      () => chosenFilters(text),
      (error) => error instanceof UsageError && expected.test(error.message),
    );
  refused("conditon=gentle", /"conditon" with --only: .*did you mean "condition"\?/);
  refused("status=completed&foo=bar", /"foo" with --only: .*The filters are run, condition, .* or name/);
  refused("completed", /"completed" with --only: it is no filter/);
  refused("#/discussions?q=tram", /"q" with --only/);
  for (
    const text of ["", "#/discussions", "http://127.0.0.1:8642/#/discussions", "#/", "sort=turns", "name="]
  ) {
    refused(text, /has no filter.*Leave out --only/);
  }
});
