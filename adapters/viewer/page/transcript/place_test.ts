import assert from "node:assert/strict";
import { parseRoute } from "../base/router.ts";
import { placeOf } from "./place.ts";

Deno.test("placeOf() reads position, tab and words from the address", () => {
  const route = parseRoute("#/d/r/d1?at=3&pane=raw&q=night+bus");
  assert.deepEqual(placeOf(route, 4), { at: 3, pane: "raw", query: "night bus", terms: ["night", "bus"] });
});

Deno.test("placeOf() ignores positions and tabs that do not exist", () => {
  for (const at of ["4", "-1", "1.5", "x", "99999999999999"]) {
    const route = parseRoute(`#/d/r/d1?at=${at}&pane=secret`);
    assert.deepEqual(placeOf(route, 4), { at: null, pane: null, query: "", terms: [] });
  }
});
