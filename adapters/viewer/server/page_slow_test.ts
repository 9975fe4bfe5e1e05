/** The viewer's page in a browser, through the real server. */
import assert from "node:assert/strict";
import { fixedSource } from "../testing/fixed_source.ts";
import { viewerTest } from "../testing/opened_viewer.ts";

viewerTest("the page opens without complaints and loads only from its own server", async (open) => {
  const { page, requests, complaints, server } = await open(fixedSource().source);
  await page.waitForSelector("#app > *");
  assert.deepEqual(complaints, []);
  const origins = new Set(
    requests.filter((address) => !address.startsWith("data:")).map((address) => new URL(address).origin),
  );
  assert.deepEqual([...origins], [`http://127.0.0.1:${server.port}`]);
});
