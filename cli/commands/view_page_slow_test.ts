/**
 * Checks the page in a browser while a process runs the discussions and is killed, and another process
 * resumes them.
 */
import assert from "node:assert/strict";
import { openPage, withBrowser } from "../../adapters/report/testing/browser.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { builtBundles } from "../../adapters/viewer/testing/opened_viewer.ts";
import { memorySink } from "../terminal/text_sink.ts";
import { experiment } from "../testing/experiments.ts";
import { ended, startProgram } from "../testing/processes.ts";
import { findRuns } from "../view/find_runs.ts";
import { serveRuns } from "../view/serve_runs.ts";

/** A slow model that writes hostile comments. */
const MODEL =
  `{ adapter: scripted, latencyMs: [80, 120], replies: ["<script>alert(1)</script><b>bold</b>"] }`;

withBrowser("the page waits for a run, and follows it through a kill and a resume", async (browser) => {
  await inFolder(async (folder) => {
    const run = `${folder}/later`;
    await Deno.writeTextFile(`${folder}/e.yaml`, experiment(MODEL, 120));
    const line = ["run", `${folder}/e.yaml`, "--out", run, "--quiet"];
    const runs = await findRuns([run]);
    const bundles = await builtBundles();
    await using served = await serveRuns(runs, { port: 0, bundles }, memorySink());
    const { page, requests, complaints } = await openPage(browser, served.link);
    await page.getByText("No run has begun yet").waitFor();
    const first = startProgram(line);
    await page.getByText(/A process writes to this run now/).waitFor();
    await page.getByRole("link", { name: "Discussions" }).click();
    await page.locator(".list .name a").first().click();
    await page.getByText("<script>alert(1)</script><b>bold</b>").nth(3).waitFor();
    first.kill("SIGKILL");
    await ended(first);
    const second = startProgram(line);
    await page.getByText(/Completed/).first().waitFor();
    assert.equal((await ended(second)).code, 0);
    assert.deepEqual(complaints, []);
    assert.ok(
      requests.every((address) =>
        address.startsWith("data:") || address.startsWith(served.link.split("#")[0]!)
      ),
    );
  });
});
