import assert from "node:assert/strict";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { folderRun, operationsLogFile } from "../../stores/mod.ts";
import { inFolder } from "../../testing/in_folder.ts";
import { ViewedRun } from "./viewed_run.ts";

Deno.test("ViewedRun names the models that a running process waits for, and none after the process has ended", () =>
  inFolder(async (folder) => {
    const path = `${folder}/run`;
    const run = await folderRun(path).open(sampleRun());
    const pause = {
      model: "m",
      cause: "down",
      reason: "it refuses connections",
      until: "2026-01-01T00:00:00.000Z",
    };
    const log = (message: string) =>
      Deno.writeTextFile(operationsLogFile(path), `${JSON.stringify({ message, ...pause })}\n`, {
        append: true,
      });
    const viewed = new ViewedRun("run", folderRun(path));
    assert.equal(await viewed.refresh(), "opened");
    assert.deepEqual(viewed.paused, []);
    await log("model paused");
    assert.equal(await viewed.refresh(), "changed");
    assert.deepEqual(viewed.paused, [pause]);
    await run.close();
    await viewed.refresh();
    assert.deepEqual(viewed.paused, []);
  }));
