/** The list of discussions and the search in a browser, through the real server. */
import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { HOSTILE_TEXTS } from "../../../report/testing/hostile.ts";
import { axeProblems } from "../../testing/axe.ts";
import { largeSource } from "../../testing/large_source.ts";
import { viewerTest } from "../../testing/opened_viewer.ts";
import { sampleSource } from "../../testing/sample_source.ts";

const hashOf = (page: Page) => page.evaluate("location.hash") as Promise<string>;
const focused = (page: Page) => page.evaluate("document.activeElement.textContent") as Promise<string>;
const names = (page: Page) => page.locator(".list .name a").allTextContents();

/** Waits until the page counts these discussions. */
const counts = (page: Page, text: string) =>
  page.locator(".counts").filter({ hasText: new RegExp(`^${text}$`) }).waitFor();

/** The name of the row that the keys act on. */
const current = (page: Page) => page.locator(".list .row.current .name").textContent();

viewerTest("a list of 100,000 discussions draws few rows, and keys reach all of them", async (open) => {
  const { page, complaints } = await open(largeSource(100_000).source, { hash: "#/discussions" });
  await page.waitForSelector(".list .name a");
  assert.match(await page.locator(".counts").textContent() ?? "", /100,000 discussions/);
  // Only the list scrolls, not the page.
  assert.equal(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight), 0);
  assert.equal(await page.locator(".list").getAttribute("aria-rowcount"), "100001");
  await page.keyboard.press("j");
  assert.equal(await focused(page), "d000000");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  assert.equal(await focused(page), "d000001");
  await page.keyboard.press("G");
  await page.getByText("d099999").waitFor();
  assert.equal(await focused(page), "d099999");
  assert.equal(
    await page.locator(".list .row.current").getAttribute("aria-rowindex"),
    "100001",
  );
  assert.ok(await page.locator(".list .row").count() < 100);
  await page.keyboard.press("k");
  await page.keyboard.press("g");
  await page.keyboard.press("g");
  assert.equal(await focused(page), "d000000");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("Enter");
  assert.match(await hashOf(page), /^#\/d\/buses\/d0000/);
  assert.deepEqual(complaints, []);
});

viewerTest("filters and order are in the address, so back and forward undo and repeat them", async (open) => {
  const { page } = await open(largeSource(1_000).source, { hash: "#/discussions" });
  await page.getByRole("checkbox", { name: "failed" }).check();
  await counts(page, "100 of 1,000 discussions");
  assert.equal(await hashOf(page), "#/discussions?status=failed");
  await page.keyboard.press("j");
  assert.equal(await focused(page), "d000000");
  await page.getByRole("button", { name: "Comments" }).click();
  await page.getByText("d000990").waitFor();
  assert.equal((await names(page))[0], "d000990");
  assert.equal(await hashOf(page), "#/discussions?status=failed&sort=comments&descending=true");
  assert.equal(
    await page.getByRole("columnheader", { name: "Comments" }).getAttribute("aria-sort"),
    "descending",
  );
  await page.goBack();
  await page.goBack();
  await counts(page, "1,000 discussions");
  await page.goForward();
  await counts(page, "100 of 1,000 discussions");
  await page.locator("main").press("Escape");
  await counts(page, "1,000 discussions");
  assert.equal(await hashOf(page), "#/discussions");
});

viewerTest("the way back from a discussion leads to the same row of the same list", async (open) => {
  const { page } = await open(largeSource(5_000).source, {
    hash: "#/discussions?condition=moderator%3Dnone",
  });
  await page.waitForSelector(".list .name a");
  await page.keyboard.press("G");
  await page.getByText("d004999").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction("location.hash.startsWith('#/d/')");
  assert.match(await hashOf(page), /list=condition%3Dmoderator%253Dnone/);
  await page.goBack();
  await page.getByText("d004999").waitFor();
  assert.equal(await current(page), "d004999");
});

viewerTest(
  "new discussions are announced by a button, and nothing moves until it is pressed",
  async (open) => {
    const { source, add, notify } = largeSource(50);
    const { page } = await open(source, { hash: "#/discussions" });
    await page.waitForSelector(".list .name a");
    const before = await names(page);
    for (const name of ["a1", "a2", "a3"]) add(name);
    notify({ kind: "discussions", changed: [{ run: "buses", discussion: "a1", events: 1 }] });
    const button = page.getByRole("button", { name: "3 new" });
    await button.waitFor();
    assert.deepEqual(await names(page), before);
    await page.keyboard.press("u");
    await counts(page, "53 discussions");
    assert.equal(await button.count(), 0);
  },
);

viewerTest("an order by an outcome is shown only after the reader agrees to record a look", async (open) => {
  let looks = 0;
  const asked: (string | undefined)[] = [];
  const { source } = sampleSource();
  const counting = {
    ...source,
    look: (run: string) => (looks++, source.look(run)),
    list: (query: Parameters<typeof source.list>[0]) => (asked.push(query.sort), source.list(query)),
  };
  const { page } = await open(counting, { hash: "#/discussions?sort=outcome%3Atoxicity" });
  const dialog = page.getByRole("dialog", { name: "Look at outcomes?" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("This order shows an outcome").waitFor();
  assert.deepEqual([looks, asked.includes("outcome:toxicity")], [0, false]);
  await page.getByRole("button", { name: "Look at outcomes …" }).click();
  await dialog.getByRole("button", { name: "Record the look, and show outcomes" }).click();
  await page.waitForSelector(".list .name a");
  assert.deepEqual([looks, asked.includes("outcome:toxicity")], [1, true]);
  await page.getByRole("columnheader", { name: "toxicity" }).waitFor();
});

viewerTest("a search groups its hits by discussion, and a hit opens its comment", async (open) => {
  const { page } = await open(sampleSource().source, { hash: "#/discussions?condition=moderator%3Dnone" });
  await page.waitForSelector(".list .name a");
  await page.keyboard.press("/");
  await page.keyboard.type("numbers");
  await page.keyboard.press("Enter");
  await page.getByText("4 comments in 3 discussions match").waitFor();
  assert.equal(await hashOf(page), "#/discussions?condition=moderator%3Dnone&q=numbers");
  assert.deepEqual(await page.locator(".hits h2 a").allTextContents(), [
    "none.r0001",
    "none.r0001.f1",
    "none.r0002",
  ]);
  assert.deepEqual([...new Set(await page.locator(".hits mark").allTextContents())], ["numbers"]);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForFunction("location.hash.startsWith('#/d/')");
  assert.match(await hashOf(page), /^#\/d\/buses\/none\.r0001\?at=\d+&q=numbers&list=/);
  await page.getByText("1 of 3 with hits").waitFor();
  await page.keyboard.press("]");
  await page.getByText("2 of 3 with hits").waitFor();
  assert.match(await hashOf(page), /^#\/d\/buses\/none\.r0001\.f1\?at=\d+&list=.*&q=numbers$/);
  await page.keyboard.press("[");
  await page.getByText("1 of 3 with hits").waitFor();
  for (let step = 0; step < 3; step++) await page.goBack();
  await page.getByText("4 comments in 3 discussions match").waitFor();
  await page.locator("main").press("Escape");
  await page.getByRole("heading", { name: "Discussions", level: 1 }).waitFor();
  assert.equal(await hashOf(page), "#/discussions?condition=moderator%3Dnone");
});

viewerTest("a search with many hits shows more of them on demand, up to a limit", async (open) => {
  const all = Array.from({ length: 700 }, (_, position) => ({
    run: "buses",
    discussion: "d1",
    position,
    speaker: "Amara",
    within: "comments" as const,
    snippet: [{ text: `hit ${position}`, hit: true }],
  }));
  const { page } = await open(
    sampleSource({
      search: ({ limit }) =>
        Promise.resolve({
          hits: all.slice(0, limit),
          total: 10_000,
          isTotalCut: true,
          indexed: { done: 1, of: 1 },
          problem: null,
        }),
    }).source,
    { hash: "#/discussions?q=hit" },
  );
  await page.getByText("10,000+ comments in at least 1 discussion match").waitFor();
  assert.equal(await page.locator(".hit").count(), 100);
  const more = page.getByRole("button", { name: "Show more" });
  for (const shown of [200, 300, 400, 500]) {
    await more.click();
    await page.getByText(`hit ${shown - 1}`, { exact: true }).waitFor();
  }
  await page.getByText("The page shows the first 500 comments").waitFor();
  assert.equal(await more.count(), 0);
});

viewerTest("a search says what it covers, and why it cannot be carried out", async (open) => {
  const { page } = await open(
    sampleSource({
      search: ({ text }) =>
        Promise.resolve({
          hits: [],
          total: 0,
          isTotalCut: false,
          indexed: { done: 61, of: 100 },
          problem: text === '"' ? "Cannot search for a phrase without its closing quote" : null,
        }),
    }).source,
    { hash: "#/discussions?q=bus" },
  );
  await page.getByText("No comment matches").waitFor();
  await page.getByText("61 % indexed").waitFor();
  await page.evaluate("location.hash = '#/discussions?q=%22'");
  await page.getByText("Cannot search for a phrase").waitFor();
});

viewerTest("hostile texts stay texts in the list, in the filters and in hits", async (open) => {
  const hits = HOSTILE_TEXTS.map((text, position) => ({
    run: "buses",
    discussion: text.slice(0, 200),
    position,
    speaker: text,
    within: "comments" as const,
    snippet: [{ text, hit: false }, { text, hit: true }],
  }));
  const { page, requests, complaints, server } = await open(
    sampleSource({
      search: () =>
        Promise.resolve({
          hits,
          total: hits.length,
          isTotalCut: false,
          indexed: { done: 1, of: 1 },
          problem: null,
        }),
    }).source,
    { hash: "#/discussions" },
  );
  await page.waitForSelector(".list .name a");
  await page.evaluate("location.hash = '#/discussions?q=x'");
  await page.waitForSelector(".hits .hit");
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.locator(".hits .unseen").first().waitFor();
  assert.ok(await page.getByText("turned: \\u{202e}gnp.exe").count() > 0);
  assert.equal(await page.evaluate("globalThis.harmed"), undefined);
  assert.deepEqual(complaints, []);
  const own = `http://127.0.0.1:${server.port}/`;
  assert.deepEqual(requests.filter((to) => !to.startsWith(own) && !to.startsWith("data:")), []);
});

for (const colours of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    viewerTest(
      `the list and the search pass the rules of accessibility (${colours}, ${width} px)`,
      async (open) => {
        const { page } = await open(sampleSource().source, { colours, width, hash: "#/discussions?has=cut" });
        await page.waitForSelector(".list .name a");
        assert.deepEqual(await axeProblems(page), []);
        await page.keyboard.press("c");
        await page.getByRole("dialog", { name: "Columns" }).waitFor();
        assert.deepEqual(await axeProblems(page), []);
        await page.keyboard.press("Escape");
        await page.evaluate("location.hash = '#/discussions?q=numbers'");
        await page.waitForSelector(".hits .hit");
        assert.deepEqual(await axeProblems(page), []);
        await page.evaluate("location.hash = '#/discussions?name=none+such'");
        await page.getByText("No discussion passes these filters").waitFor();
        assert.deepEqual(await axeProblems(page), []);
        const wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
        assert.equal(wide, false);
      },
    );
  }
}
