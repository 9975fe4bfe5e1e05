import assert from "node:assert/strict";
import { DISCUSSION_METRICS } from "../../core/experiment/analysis_design.ts";
import { shownInTables } from "./looks.ts";

Deno.test("shownInTables() returns the outcomes that can be computed from tables", () => {
  assert.equal(shownInTables(["select", "events"]), null);
  assert.equal(shownInTables(["comments", "annotations"]), null);
  // These functions of DuckDB read tables whose names are texts, such as query_table('anno' || 'tations').
  for (
    const name of ["query", "query_table", "histogram", "histogram_values", "json_execute_serialized_sql"]
  ) {
    assert.equal(shownInTables(["select", name]), null);
  }
  for (const name of ["comments", "discussions", "generations", "_slots"]) {
    assert.equal(shownInTables(["select", name]), DISCUSSION_METRICS);
  }
  assert.deepEqual(shownInTables(["participants"]), []);
  // A reply that lacks one value can contain the values of other scales.
  assert.equal(shownInTables(["select", "annotations_unparsed"]), null);
});
