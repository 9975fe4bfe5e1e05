import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { axeProblems } from "../../testing/axe.ts";
import { viewerTest } from "../../testing/opened_viewer.ts";
import { SAMPLE_RUN } from "../../testing/sample_discussions.ts";
import { sampleSource } from "../../testing/sample_source.ts";
import { besideRoute } from "../base/beside.ts";
import { formatRoute } from "../base/router.ts";

/** The texts of the cells of a row. A cell that spans all columns is the only cell of its row. */
async function cellsOf(page: Page, place: string): Promise<readonly string[]> {
  const row = page.getByRole("row").filter({
    has: page.getByRole("rowheader", { name: place, exact: true }),
  });
  await row.first().waitFor();
  return await row.locator("td").allInnerTexts();
}

/** The texts that are wider than their cells. */
function tooWide(cells: Element[]): (string | null)[] {
  const text = document.createRange();
  return cells.filter((cell) => {
    text.selectNodeContents(cell);
    return text.getBoundingClientRect().right > cell.getBoundingClientRect().right;
  }).map(({ textContent }) => textContent);
}

viewerTest(
  "the conditions of a replicate are aligned by turn, with what differs and with gaps",
  async (open) => {
    const { page, complaints } = await open(sampleSource().source, { hash: "#/side-by-side" });
    assert.deepEqual(await cellsOf(page, "moderator"), ["gentle", "none"]);
    const [opening, ...others] = await cellsOf(page, "opening 1");
    assert.match(opening!, /Should buses run at night\?/);
    assert.deepEqual(others, []);
    const [gentle, none] = await cellsOf(page, "turn 1");
    assert.match(gentle!, /Night buses would help everyone/);
    assert.match(none!, /Other towns did it/);
    assert.equal((await cellsOf(page, "moderator after turn 1"))[1], "nothing here");
    await page.keyboard.press("]");
    await page.getByRole("heading", { name: "Conditions of replicate 2" }).waitFor();
    await page.getByRole("link", { name: "none.r0002", exact: true }).waitFor();
    await page.keyboard.press("]");
    await page.getByText("no such discussion").waitFor();
    await page.getByText("the hash does not match").waitFor();
    assert.deepEqual(complaints, []);
  },
);

viewerTest(
  "if several runs are open, one of them can be chosen",
  async (open) => {
    const { source } = sampleSource();
    const two = {
      ...source,
      runs: async () => (await source.runs()).flatMap((run) => [run, { ...run, name: "again" }]),
    };
    const { page } = await open(two, { hash: "#/side-by-side" });
    await page.getByLabel("Run").selectOption("again");
    await page.waitForURL(/run=again/);
    assert.equal(await page.getByLabel("Run").inputValue(), "again");
    await page.goto(page.url().replace(/#.*/, `#/d/${SAMPLE_RUN}/gentle.r0001`));
    await page.getByText(`Run ${SAMPLE_RUN}`, { exact: true }).waitFor();
    assert.deepEqual(await axeProblems(page), []);
  },
);

viewerTest("values of annotators stand side by side only after the look is recorded", async (open) => {
  const { source } = sampleSource();
  let looks = 0;
  const counting = { ...source, look: (run: string) => (looks++, source.look(run)) };
  const { page } = await open(counting, { hash: "#/side-by-side" });
  await page.getByText("Values of annotators are left out").waitFor();
  assert.deepEqual([looks, await page.locator(".spread").count()], [0, 0]);
  await page.getByRole("button", { name: "Show values" }).click();
  await page.getByRole("button", { name: "Record the look, and show outcomes" }).click();
  await page.locator(".spread").first().waitFor();
  assert.equal(looks, 1);
  assert.equal(await page.getByText("Values of annotators are left out").count(), 0);
});

viewerTest("a branch stands beside its origin, and their shared past is drawn once", async (open) => {
  const { page } = await open(sampleSource().source, { hash: `#/d/${SAMPLE_RUN}/none.r0001.f1` });
  await page.getByRole("link", { name: "side by side", exact: true }).click();
  assert.equal((await cellsOf(page, "turn 4")).length, 1);
  assert.equal((await cellsOf(page, "turn 5")).length, 2);
  const rows = await page.locator(".columns tbody tr").allInnerTexts();
  assert.match(
    rows[rows.findIndex((text) => text.startsWith("The discussions differ from here")) - 1]!,
    /^turn 4\b/,
  );
  assert.deepEqual(await cellsOf(page, "continues"), ["none", "none.r0001"]);
  await page.getByRole("link", { name: /^Bengt, comment 6 of none.r0001.f1/ }).click();
  await page.locator("article[aria-current=true]").waitFor();
  assert.match(await page.evaluate(() => globalThis.location.hash), /none\.r0001\.f1\?at=5$/);
  await page.getByRole("link", { name: "none.r0001", exact: true }).click();
  await page.getByText("Its branch:").waitFor();
});

viewerTest(
  "the replications of a condition are columns, also on a phone, and pass the rules of accessibility",
  async (open) => {
    const hash = formatRoute(
      besideRoute({ kind: "condition", run: SAMPLE_RUN, condition: "moderator=none" }),
    );
    for (const [colours, width] of [["light", 1280], ["dark", 390]] as const) {
      const { page } = await open(sampleSource().source, { hash, colours, width });
      await page.getByRole("link", { name: "none.r0003", exact: true }).waitFor();
      const heads = await page.getByRole("columnheader").allInnerTexts();
      assert.deepEqual(heads.map((head) => head.split("\n")[0]), [
        "Turn",
        "replicate 1",
        "replicate 2",
        "replicate 3",
      ]);
      assert.deepEqual(await axeProblems(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
      assert.deepEqual(await page.getByRole("rowheader").evaluateAll(tooWide), []);
    }
  },
);
