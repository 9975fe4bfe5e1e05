/** The frame of the page in a browser, through the real server: address, keys, connection, token, display. */
import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { openPage, withBrowser } from "../../report/testing/browser.ts";
import { linkTo } from "../server/serve.ts";
import { axeProblems } from "../testing/axe.ts";
import { fixedSource } from "../testing/fixed_source.ts";
import { startViewer, viewerTest } from "../testing/opened_viewer.ts";
import { sampleSource } from "../testing/sample_source.ts";

const hashOf = (page: Page) => page.evaluate("location.hash") as Promise<string>;
const title = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();

viewerTest("the token leaves the address at once, and a reload still works", async (open) => {
  const { page, server } = await open(sampleSource().source);
  await title(page, "Overview");
  assert.equal(await page.evaluate("location.href"), `http://127.0.0.1:${server.port}/#/`);
  await page.reload();
  await title(page, "Overview");
  await page.getByText("buses").first().waitFor();
});

viewerTest("a page without a valid token says how to get one", async (open) => {
  const { page, server } = await open(sampleSource().source);
  await page.evaluate("localStorage.clear()");
  await page.goto(`http://127.0.0.1:${server.port}/#t=wrong`);
  await page.reload();
  await page.getByText("this page has no valid token").first().waitFor();
});

viewerTest("keys lead to the pages, and back and forward work", async (open) => {
  const { page } = await open(sampleSource().source);
  await title(page, "Overview");
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await title(page, "Discussions");
  assert.equal(await page.title(), "Discussions · buses · SynDisco");
  assert.equal(await page.evaluate("document.activeElement.id"), "main");
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await title(page, "Overview");
  await page.goBack();
  await title(page, "Discussions");
  await page.goForward();
  await title(page, "Overview");
});

viewerTest("letters do nothing in fields, and can be switched off", async (open) => {
  const { page } = await open(sampleSource().source);
  await title(page, "Overview");
  await page.keyboard.press("/");
  await page.keyboard.type("god?");
  assert.equal(await page.locator("input[name=q]").inputValue(), "god?");
  assert.equal(await hashOf(page), "#/");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys and display" });
  await help.getByRole("checkbox", { name: "Use letters and signs as keys" }).uncheck();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  for (const key of ["?", "g", "d"]) await page.keyboard.press(key);
  assert.equal(await help.count(), 0);
  assert.equal(await hashOf(page), "#/");
});

viewerTest("the help lists the keys that work on the page", async (open) => {
  const { page } = await open(sampleSource().source, { hash: "#/discussions" });
  await page.waitForSelector(".list .name a");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys and display" });
  const row = (text: string) => help.locator("dl > div").filter({ hasText: text });
  await row("Choose columns").waitFor();
  assert.equal(await row("Choose columns").getAttribute("class"), null);
  assert.equal(await row("Show the prompt").first().getAttribute("class"), "inactive");
});

viewerTest("the chosen colours and rows stay after a reload", async (open) => {
  const { page } = await open(sampleSource().source);
  await title(page, "Overview");
  const paper = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
  assert.equal(await paper(), "rgb(255, 255, 255)");
  await page.keyboard.press("?");
  await page.getByRole("radio", { name: "dark" }).check();
  assert.equal(await paper(), "rgb(21, 23, 26)");
  await page.reload();
  await title(page, "Overview");
  assert.equal(await paper(), "rgb(21, 23, 26)");
});

withBrowser(
  "the tabs of a browser share one stream of notices, and another tab continues it",
  async (browser) => {
    const { source, notify } = sampleSource();
    let done = 30;
    const server = await startViewer({
      ...source,
      overview: async () => ({ ...await source.overview(), indexed: { done, of: 100 } }),
    });
    const context = await browser.newContext();
    const streams: Page[] = [];
    context.on("request", (request) => {
      if (request.url().endsWith("/api/follow")) streams.push(request.frame().page());
    });
    const openTab = async () => {
      const tab = await context.newPage();
      await tab.goto(linkTo(server.port, server.token));
      await tab.getByText("30 % of the logs are read").waitFor();
      return tab;
    };
    const tabs = [await openTab(), await openTab(), await openTab()];
    assert.deepEqual(streams, [tabs[0]]);
    done = 61;
    notify({ kind: "indexed", done, of: 100 });
    for (const tab of tabs) await tab.getByText("61 % of the logs are read").waitFor();
    const next = context.waitForEvent("request", (request) => request.url().endsWith("/api/follow"));
    done = 80;
    await tabs[0]!.close();
    await next;
    for (const tab of tabs.slice(1)) await tab.getByText("80 % of the logs are read").waitFor();
    assert.equal(streams.length, 2);
    await context.close();
    await server.close();
  },
);

withBrowser(
  "a lost connection is shown, the page connects again, and accepts the link of a later start",
  async (browser) => {
    const { source } = sampleSource();
    const first = await startViewer(source);
    const { page } = await openPage(browser, linkTo(first.port, first.token));
    await page.getByText("buses").first().waitFor();
    const lost = page.getByText("Connection lost");
    assert.equal(await lost.count(), 0);
    await first.close();
    await lost.waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axeProblems(page), []);
    }
    assert.equal(await page.getByText("Progress by condition").count(), 1);
    const second = await startViewer(source, first);
    await lost.waitFor({ state: "detached" });
    await second.close();
    await lost.waitFor();
    const third = await startViewer(source, { port: first.port });
    await page.getByText("The link of this page is from an earlier start").waitFor();
    assert.equal(await lost.count(), 0);
    // Only the part after # differs, so the browser does not load the page again.
    await page.goto(linkTo(third.port, third.token));
    await page.getByText("The link of this page is from an earlier start").waitFor({ state: "detached" });
    assert.equal(await hashOf(page), "#/");
    await page.getByText("Progress by condition").waitFor();
    assert.equal(await page.getByText("no valid token").count(), 0);
    await third.close();
  },
);

viewerTest("a hidden tab reads no notices, and asks again when it is seen", async (open) => {
  const { source } = sampleSource();
  let done = 30;
  const { page } = await open({
    ...source,
    overview: async () => ({ ...await source.overview(), indexed: { done, of: 100 } }),
  });
  await page.getByText("30 % of the logs are read").waitFor();
  const setVisible = (state: "hidden" | "visible") =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  const isStream = (request: Readonly<{ url: () => string }>) => request.url().endsWith("/api/follow");
  const ended = page.waitForEvent("requestfailed", isStream);
  await setVisible("hidden");
  await ended;
  done = 61;
  const begun = page.waitForEvent("request", isStream);
  await setVisible("visible");
  await begun;
  await page.getByText("61 % of the logs are read").waitFor();
});

viewerTest("an address without a page leads back to the overview", async (open) => {
  const { page } = await open(fixedSource().source, { hash: "#/no/such/page?x=1" });
  await title(page, "There is no such page");
  assert.deepEqual(await axeProblems(page), []);
  await page.getByRole("link", { name: "Go to the overview" }).click();
  await title(page, "Overview");
});

for (const colours of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    viewerTest(
      `frame, overview and help pass the rules of accessibility (${colours}, ${width} px)`,
      async (open) => {
        const { page } = await open(sampleSource().source, { colours, width });
        await page.getByText("Damaged logs").waitFor();
        assert.deepEqual(await axeProblems(page), []);
        const isWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
        assert.equal(isWide, false);
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
        assert.deepEqual(await axeProblems(page), []);
      },
    );
  }
}
