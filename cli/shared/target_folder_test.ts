import assert from "node:assert/strict";
import { join } from "node:path";
import { fillFolder, REPORT_FOLDER } from "./target_folder.ts";

Deno.test("fillFolder() follows a link to a folder that does not exist yet", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.symlink(join(folder, "target"), join(folder, "link"));
    await fillFolder(join(folder, "link"), REPORT_FOLDER, async (unfinished) => {
      await Deno.writeTextFile(join(unfinished, "page.txt"), "page");
      return {};
    });
    assert.equal(await Deno.readTextFile(join(folder, "target", "page.txt")), "page");
    assert.ok((await Deno.lstat(join(folder, "link"))).isSymlink);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
