import assert from "node:assert/strict";
import { join } from "node:path";
import { runNames } from "./logs.ts";

Deno.test("runNames() refuses a run that is named twice through a linked folder, even before the run exists", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "runs"));
    await Deno.symlink(join(folder, "runs"), join(folder, "link"));
    const places = [join(folder, "runs", "later"), join(folder, "link", "later")];
    assert.throws(() => runNames(places), /^UsageError: Cannot read the run ".*link.later" twice/);
    assert.deepEqual(runNames([join(folder, "runs", "one"), join(folder, "link", "two")]), ["one", "two"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
