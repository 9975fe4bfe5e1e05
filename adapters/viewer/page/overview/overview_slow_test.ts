/** The overview in a browser, through the real server. */
import assert from "node:assert/strict";
import { viewerTest } from "../../testing/opened_viewer.ts";
import { SAMPLE_FACTS, sampleSource } from "../../testing/sample_source.ts";

viewerTest(
  "the overview shows progress, costs, failures, pauses and problems, and no outcome",
  async (open) => {
    const { page, complaints } = await open(sampleSource().source);
    const text = async () => await page.locator("main").innerText();
    await page.getByText("Damaged logs").waitFor();
    for (
      const expected of [
        "4 of 8",
        "The file inputs/personas.yaml was changed after the run began.",
        "process 4711 on desk",
        "time-out",
        "Paused: its server refused the key, since 09:12",
        "the hash does not match",
        "USD",
      ]
    ) assert.ok((await text()).includes(expected), expected);
    assert.equal(await page.evaluate("globalThis.harmed"), undefined);
    assert.deepEqual(complaints, []);
  },
);

viewerTest("each number leads to the discussions that it counts", async (open) => {
  const { page } = await open(sampleSource().source);
  const follow = async (name: string, counted: string) => {
    await page.getByRole("link", { name, exact: true }).click();
    await page.locator(".counts").filter({ hasText: counted }).waitFor();
    await page.goBack();
    await page.getByText("Progress by condition").waitFor();
  };
  await follow("2 completed, moderator=none", "2 of 8 discussions");
  await follow("1 failed, moderator=none", "1 of 8 discussions");
  await follow("2 discussions with failed requests, time-out", "2 of 8 discussions");
});

viewerTest("the overview follows the run", async (open) => {
  const { source, notify } = sampleSource();
  let done = 30;
  const { page } = await open({
    ...source,
    overview: async () => ({ ...await source.overview(), indexed: { done, of: 100 } }),
  });
  await page.getByText("30 % of the logs are read").waitFor();
  done = 61;
  notify({ kind: "indexed", done, of: 100 });
  await page.getByText("61 % of the logs are read").waitFor();
  done = 100;
  notify({ kind: "overview" });
  await page.getByText("of the logs are read").waitFor({ state: "detached" });
});

viewerTest(
  "several runs stand one below the other, and their numbers lead to their own discussions",
  async (open) => {
    const { source } = sampleSource();
    const [overview] = (await source.overview()).runs;
    const { page } = await open({
      ...source,
      runs: () => Promise.resolve(["a", "b"].map((name) => ({ ...SAMPLE_FACTS, name, problems: [] }))),
      overview: () =>
        Promise.resolve({
          runs: ["a", "b"].map((run) => ({ ...overview!, run })),
          indexed: { done: 1, of: 1 },
        }),
    });
    await page.getByRole("region", { name: "b", exact: true }).getByRole("link", {
      name: "2 completed, moderator=none",
    }).click();
    await page.waitForFunction("location.hash.startsWith('#/discussions')");
    assert.equal(
      await page.evaluate("location.hash"),
      "#/discussions?run=b&condition=moderator%3Dnone&status=completed",
    );
  },
);

viewerTest("a source that fails is shown with its reason, and can be asked again", async (open) => {
  let isBroken = true;
  const { source } = sampleSource();
  const { page } = await open({
    ...source,
    overview: () =>
      isBroken ? Promise.reject(new Error("Cannot read the run: no such disk")) : source.overview(),
  });
  await page.getByText("Cannot read the run: no such disk").waitFor();
  isBroken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Progress by condition").waitFor();
});
