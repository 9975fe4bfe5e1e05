import assert from "node:assert/strict";
import { explainFailure } from "./store_errors.ts";

Deno.test({
  name: "explainFailure() explains disks without locks, which Deno reports without a code",
  ignore: Deno.build.os !== "linux",
  fn() {
    // What flock() fails with on Lustre with noflock, and on NFS 3 without a lock service.
    for (const said of ["Function not implemented (os error 38)", "No locks available (os error 37)"]) {
      assert.equal(
        explainFailure("lock", "run.lock", new Error(said)),
        'Cannot lock "run.lock": the file system does not support locks. Choose a folder on another disk, or mount this ' +
          "one with locks (Lustre: with the option flock)",
      );
    }
    assert.equal(
      explainFailure("lock", "run.lock", new Error("(os error 99)")),
      'Cannot lock "run.lock": (os error 99)',
    );
  },
});
