import assert from "node:assert/strict";
import { operationsLogFile } from "./places.ts";

Deno.test({
  name: "operationsLogFile() of a run in a database works without the permission to read the host's name",
  permissions: "none",
  fn() {
    assert.equal(
      operationsLogFile("postgres://host/lab/my%20pilot"),
      `my-pilot.this-host-${Deno.pid}.log.jsonl`,
    );
  },
});
