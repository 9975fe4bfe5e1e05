import assert from "node:assert/strict";
import { DISCUSSION_METRICS } from "../../core/experiment/analysis_design.ts";
import { shownInTables } from "./looks.ts";

Deno.test("shownInTables() returns the outcomes that can be computed from tables", () => {
  assert.equal(shownInTables(["select", "events"]), null);
  assert.equal(shownInTables(["comments", "annotations"]), null);
  for (const name of ["comments", "discussions", "_slots"]) {
    assert.equal(shownInTables(["select", name]), DISCUSSION_METRICS);
  }
  assert.deepEqual(shownInTables(["participants", "generations", "annotations_unparsed"]), []);
});
