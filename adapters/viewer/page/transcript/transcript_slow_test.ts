import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { HOSTILE_TEXTS } from "../../../report/testing/hostile.ts";
import { axeProblems } from "../../testing/axe.ts";
import { viewerTest } from "../../testing/opened_viewer.ts";
import { SAMPLE_RUN, sampleDiscussions } from "../../testing/sample_discussions.ts";
import { sampleSource } from "../../testing/sample_source.ts";
import { GROWING, growingComment, growingSource } from "./testing/growing_source.ts";

const routeOf = (discussion: string, query = "") =>
  `#/d/${SAMPLE_RUN}/${discussion}${query === "" ? "" : `?${query}`}`;

const addressOf = (page: Page) => page.evaluate(() => globalThis.location.hash);

/** The number of the chosen comment, as the page shows it; `null` for none. */
async function chosen(page: Page): Promise<string | null> {
  const found = page.locator("article[aria-current=true] .ordinal");
  return await found.count() === 0 ? null : await found.textContent();
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

viewerTest("the page of a discussion says who spoke how much, and where a scale is highest", async (open) => {
  const { page } = await open(sampleSource().source, { hash: routeOf("gentle.r0001") });
  const rows = page.locator(".shares tbody tr");
  await rows.first().waitFor();
  const cells = await rows.evaluateAll((found) =>
    found.map((row) => [...row.children].map(({ textContent }) => textContent!.replace(/\s+/g, "")))
  );
  const moderator = cells.find(([name]) => name!.startsWith("Mod"))!;
  assert.deepEqual([moderator[0], moderator[3], moderator[4]], ["Modmoderator", "9", "1"]);
  await page.getByRole("button", { name: /at comment 7/ }).click();
  await page.locator("article[aria-current=true]").waitFor();
  assert.equal(await chosen(page), "7");
  assert.match(await addressOf(page), /at=6/);
});

viewerTest("the keys move through a discussion, and the details keep their tab", async (open) => {
  const { page, complaints } = await open(sampleSource().source, { hash: routeOf("gentle.r0001") });
  await page.locator("article").first().waitFor();
  const moved = async (...keys: readonly string[]) => {
    await press(page, ...keys);
    await page.waitForTimeout(50);
    return await chosen(page);
  };
  assert.equal(await moved("j"), "1");
  assert.equal(await moved("j", "j", "k"), "2");
  assert.equal(await moved("s"), "8");
  assert.equal(await moved("g", "g"), "1");
  // Comment 3: the annotators disagree. Comment 4: a request failed before it.
  assert.equal(await moved("."), "3");
  assert.equal(await moved("."), "4");
  await press(page, "a");
  const tab = page.getByRole("tab", { selected: true });
  await tab.waitFor();
  assert.match(await tab.textContent() ?? "", /^Annotations/);
  assert.equal(await moved("j"), "5");
  assert.match(await tab.textContent() ?? "", /^Annotations/);
  await press(page, "Escape");
  await page.locator(".pane").waitFor({ state: "detached" });
  assert.equal(await moved("G"), "21");
  await press(page, "Escape");
  await page.waitForURL(/#\/discussions/);
  assert.deepEqual(complaints, []);
});

viewerTest("[ and ] go through the list of the address, and keep the tab", async (open) => {
  const list = encodeURIComponent("condition=moderator=none&sort=completionTokens");
  const { page } = await open(sampleSource().source, {
    hash: routeOf("none.r0002", `list=${list}&pane=timing`),
  });
  await page.getByText(/^\d of 4$/).waitFor();
  const names = [await page.locator("h1").textContent()];
  for (;;) {
    const next = page.getByRole("button", { name: "Next discussion" });
    await page.getByText(/^\d of 4$/).waitFor();
    if (await next.isDisabled()) break;
    const before = await page.locator("h1").textContent();
    await press(page, "]");
    await page.waitForFunction(
      (old: string | null) => document.querySelector("h1")?.textContent !== old,
      before,
    );
    await page.getByText(/^\d of 4$/).waitFor();
    names.push(await page.locator("h1").textContent());
  }
  assert.match(await addressOf(page), /pane=timing/);
  const { rows } = await sampleSource().source.list({
    condition: ["moderator=none"],
    sort: "completionTokens",
  });
  const order = rows.map(({ discussion }) => discussion);
  assert.deepEqual(names, order.slice(order.indexOf("none.r0002")));
});

viewerTest(
  "[ and ] go through the list by name if its order shows an outcome, and the tooltip says so",
  async (open) => {
    const { source } = sampleSource();
    const unlooked = (query: Parameters<typeof source.list>[0]) =>
      query.sort === undefined ? source.list(query) : Promise.reject(new Error("no look was recorded"));
    const list = encodeURIComponent("condition=moderator=none&sort=outcome:toxicity&descending=true");
    const { page } = await open({ ...source, list: unlooked }, {
      hash: routeOf("none.r0001", `list=${list}`),
    });
    await page.getByText(/^1 of 4$/).waitFor();
    const next = page.getByRole("button", { name: "Next discussion" });
    assert.match(await next.getAttribute("title") ?? "", /order of run and name: .*no look was recorded/);
    await press(page, "]");
    await page.getByText(/^2 of 4$/).waitFor();
  },
);

viewerTest(
  "the prompt is shown as what is new since the speaker's last prompt, and as a whole",
  async (open) => {
    const { page } = await open(sampleSource().source, { hash: routeOf("gentle.r0001", "at=7&pane=prompt") });
    await page.getByText("this is the prompt that was sent").waitFor();
    const added = await page.locator(".line.added .text").allTextContents();
    assert.ok(added.some((line) => line.startsWith("Chiara: Let us look at the numbers")), added.join("\n"));
    await page.getByRole("button", { name: "Whole prompt" }).click();
    await page.getByRole("heading", { name: "system" }).waitFor();
    assert.match(await page.locator(".pane .message").first().textContent() ?? "", /forum of a small town/);
    await press(page, "t");
    await page.getByText("They will not listen anyway.").waitFor();
  },
);

viewerTest("a link, the text and a citation of a comment can be copied", async (open) => {
  const { page, server } = await open(sampleSource().source, {
    hash: routeOf("gentle.r0001", "at=1&pane=raw"),
  });
  const origin = `http://127.0.0.1:${server.port}`;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  const copied = async (key: string) => {
    await press(page, key);
    await page.getByText(/^Copied the (?:link|citation)\.$/).first().waitFor();
    return await page.evaluate(() => navigator.clipboard.readText());
  };
  await page.locator("article[aria-current=true]").waitFor();
  assert.equal(await copied("y"), `${origin}/#/d/buses/gentle.r0001?at=1`);
  await page.waitForTimeout(2_600);
  const event = sampleDiscussions().get("gentle.r0001")!.events[2]!;
  assert.equal(
    await copied("c"),
    `Amara, comment 2 of the discussion "gentle.r0001", run "buses" of the experiment "Night buses". ` +
      `SynDisco log, event 2, SHA-256 ${event.hash}; head of the run's log ${"a".repeat(64)}`,
  );
});

viewerTest(
  "branch from here writes the fork command with the chosen turn and the changed value",
  async (open) => {
    const facts = (await sampleSource().source.runs())[0]!;
    const experimentText =
      "name: b\nmoderators: { gentle: {} }\ndesign: { factors: { moderator: [none, gentle] } }\n";
    const { source } = sampleSource({
      runs: () => Promise.resolve([{ ...facts, experimentText, place: "runs/it's here" }]),
    });
    const { page } = await open(source, { hash: routeOf("none.r0001", "at=4") });
    await page.locator("article[aria-current=true]").waitFor();
    await press(page, "b");
    const command = page.getByLabel("Command");
    await command.waitFor();
    assert.equal(await command.inputValue(), "");
    assert.equal(await page.getByRole("button", { name: "Copy the command" }).isDisabled(), true);
    await page.getByLabel("Setting").selectOption("continue without a change");
    assert.equal(
      await command.inputValue(),
      `deno task fork 'runs/it'\\''s here' --discussion none.r0001 --at 4`,
    );
    await page.getByLabel("Setting").selectOption("moderator");
    await page.getByRole("combobox", { name: "Value" }).selectOption("gentle");
    await page.getByText("all before turn 4, and take turn 4 again").click();
    await page.getByText("all discussions of the condition").click();
    assert.equal(
      await command.inputValue(),
      `deno task fork 'runs/it'\\''s here' --condition moderator=none --at 3 --set moderator=gentle`,
    );
  },
);

viewerTest(
  "hostile names and texts stay texts, and a comment of a million characters is folded",
  async (open) => {
    const { page, requests, complaints, server } = await open(sampleSource().source, {
      hash: routeOf("hostile.r0001"),
    });
    await page.locator("article").nth(HOSTILE_TEXTS.length).waitFor();
    const texts = await page.locator("article > .lines").allTextContents();
    assert.deepEqual(texts.slice(1).map((text) => text.trim()), HOSTILE_TEXTS.map((text) => text.trim()));
    assert.ok(texts[0]!.length < 21_000);
    await page.getByRole("button", { name: "Show all 1,000,005 characters" }).click();
    // In one piece, the browser would need many seconds to draw a text without spaces.
    await page.waitForFunction(() => document.querySelectorAll("article:first-of-type > .piece").length > 50);
    const pieces = await page.locator("article").first().locator(".piece").allTextContents();
    assert.equal(pieces.join("").length, 1_000_005);
    assert.ok(pieces.every(({ length }) => length <= 20_000));
    for (const pane of ["prompt", "raw", "thoughts", "annotations", "timing", "json"]) {
      await page.evaluate(
        (hash: string) => void (globalThis.location.hash = hash),
        routeOf("hostile.r0001", `at=3&pane=${pane}`),
      );
      await page.locator(`#tab-${pane}[aria-selected=true]`).waitFor();
    }
    assert.equal(await page.evaluate(() => "harmed" in globalThis), false);
    assert.deepEqual(
      requests.filter((address) => !address.startsWith(`http://127.0.0.1:${server.port}/`)),
      [],
    );
    assert.deepEqual(complaints, []);
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(width <= 0, `the page is ${width} pixels too wide`);
  },
);

viewerTest(
  "a discussion of 2,000 comments is drawn as a window, and every comment can be reached",
  async (open) => {
    const { source } = growingSource(2_000, Infinity);
    const { page, complaints } = await open(source, { hash: routeOf(GROWING, "at=1500") });
    await page.locator("article[aria-current=true]").waitFor();
    assert.ok(await page.locator("article").count() < 100);
    const visible = page.locator("article[aria-current=true]");
    assert.ok((await visible.textContent())!.includes(growingComment(1_499).text.trim()));
    const box = await visible.boundingBox();
    assert.ok(box !== null && box.y >= 0 && box.y < 900, JSON.stringify(box));
    assert.equal(await visible.getAttribute("aria-posinset"), "1501");
    assert.equal(await visible.getAttribute("aria-setsize"), "2001");
    await press(page, "G");
    await page.getByText("Comment of turn 2000.").waitFor();
    await press(page, "g", "g", "j");
    await page.getByText("Comment of turn 1.", { exact: false }).waitFor();
    await page.keyboard.press("Control+f");
    await page.locator("input[type=search]:focus").waitFor();
    await page.keyboard.type('"turn 777"');
    await page.keyboard.press("Enter");
    await page.locator("article[aria-current=true] mark").waitFor();
    assert.equal(await chosen(page), "778");
    const printed = await page.evaluate(() =>
      new Promise<number>((resolve) => {
        globalThis.print = () => resolve(document.querySelectorAll("article").length);
        [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Print")!.click();
      })
    );
    assert.equal(printed, 2_001);
    assert.deepEqual(complaints, []);
  },
);

viewerTest("new comments move nothing, unless the reader is at the end", async (open) => {
  const { source, grow } = growingSource(60, 22);
  const { page } = await open(source, { hash: routeOf(GROWING) });
  await page.locator("article").nth(20).waitFor();
  assert.equal(await page.locator("article").count(), 21);
  const first = page.locator("article").first();
  const before = await first.boundingBox();
  grow(34);
  await page.getByRole("button", { name: "Show 12 new comments" }).waitFor();
  assert.deepEqual(await first.boundingBox(), before);
  await press(page, "f");
  await page.getByRole("button", { name: "12 new" }).waitFor({ state: "detached" });
  await page.locator("#comment-32").waitFor();
  const atEnd = () =>
    page.evaluate(() => document.documentElement.scrollHeight - innerHeight - globalThis.scrollY < 30);
  await page.waitForFunction(() =>
    document.documentElement.scrollHeight - innerHeight - globalThis.scrollY < 30
  );
  grow(40);
  await page.locator("#comment-38").waitFor();
  await page.waitForTimeout(200);
  assert.equal(await atEnd(), true);
  assert.equal(await page.getByRole("button", { name: /new/ }).count(), 0);
});

for (const [colours, width] of [["light", 1280], ["dark", 1280], ["dark", 390]] as const) {
  viewerTest(
    `a discussion and its details pass the rules of accessibility, ${colours}, ${width} pixels wide`,
    async (open) => {
      const { page } = await open(sampleSource().source, {
        hash: routeOf("gentle.r0001", "at=6&pane=annotations"),
        colours,
        width,
      });
      await page.getByRole("tab", { selected: true }).waitFor();
      assert.deepEqual(await axeProblems(page), []);
      await press(page, "p");
      await page.getByText("this is the prompt that was sent").waitFor();
      assert.deepEqual(await axeProblems(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
      await page.evaluate((to) => globalThis.location.hash = to, routeOf("none.r9999"));
      await page.getByText("there is no such log").waitFor();
      assert.deepEqual(await axeProblems(page), []);
    },
  );
}
