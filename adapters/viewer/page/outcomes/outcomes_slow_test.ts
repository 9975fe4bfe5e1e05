import assert from "node:assert/strict";
import type { Envelope } from "../../../../core/events/mod.ts";
import { ANALYSIS_DEFAULT } from "../../../../core/experiment/analysis_design.ts";
import { OutcomeTally, type RunOutcomes, viewRuns } from "../../../../analysis/outcomes/mod.ts";
import { observationsWith, observationWith } from "../../../../analysis/outcomes/testing/mod.ts";
import type { LookAnswer, RunFacts, ViewerSource } from "../../api.ts";
import { until } from "../../../testing/until.ts";
import { axeProblems } from "../../testing/axe.ts";
import { fixedSource } from "../../testing/fixed_source.ts";
import { type OpenViewer, viewerTest } from "../../testing/opened_viewer.ts";

const HOSTILE = '<img src=x onerror="document.title=1">\u202Eevil';
const MOOD = { name: "mood", type: "nominal", labels: ["calm", HOSTILE], question: "?" } as const;

function outcomesOf(): RunOutcomes {
  const tally = new OutcomeTally(ANALYSIS_DEFAULT);
  const observations = observationsWith({
    seed: "page",
    factors: { moderator: ["none", "gentle", HOSTILE] },
    replications: 12,
    comments: 8,
    scales: ["toxicity"],
    matched: true,
    measured: true,
  });
  for (const [place, one] of observations.entries()) {
    const labels = one.slots.map((_, at) => MOOD.labels[(place + at) % 3 === 0 ? 1 : 0]!);
    const targets = one.slots.map((_, at) => at);
    const mood = { pass: "p1", scale: MOOD, annotators: ["a"], targets, values: [labels] };
    tally.add({ ...one, judgements: [...one.judgements, mood] });
  }
  tally.add(observationWith({ end: "aborted", replicate: 99 }, 2));
  return { run: "first", table: tally.table(), analysis: null, factorLabels: {}, levels: {}, seed: "1" };
}

const FACTS: RunFacts = {
  name: "first",
  experiment: "page",
  head: "0".repeat(64),
  seed: 1,
  plan: { discussions: 40, conditions: 3, replications: 13 },
  conditions: [],
  factorLabels: {},
  experimentText: null,
  problems: [],
  holders: [],
  look: null,
};

/** The events of a discussion in which Ada and Ben take turns. */
function turnsOf(discussion: string): readonly Envelope[] {
  return Array.from({ length: 8 }, (_, turn) => {
    const participant = turn % 2 === 0 ? "Ada" : "Ben";
    const data = { turn, comment: turn, participant, text: `<img src=x> ${discussion} at ${turn}` };
    return { type: "TurnTaken", data, seq: turn } as unknown as Envelope;
  });
}

/** A source that has outcomes after a look. */
function withOutcomes(): Readonly<{ source: ViewerSource; looks: () => number; asked: () => number }> {
  const outcomes = outcomesOf();
  let [looks, asked] = [0, 0];
  const look: LookAnswer = {
    outcomes: [
      { name: "toxicity", declared: true, unit: "comment" },
      { name: "mood=calm", declared: false, unit: "comment" },
      { name: "diversity", declared: false, unit: "discussion" },
    ],
    ended: 37,
    completed: 36,
    planned: 40,
    analysis: "",
    unrecorded: null,
  };
  const { source } = fixedSource({
    runs: () => Promise.resolve([{ ...FACTS, look: looks > 0 ? look : null }]),
    look: () => {
      looks++;
      return Promise.resolve(look);
    },
    outcome: (_, question) => {
      asked++;
      return Promise.resolve(viewRuns([outcomes], question));
    },
    report: () => Promise.resolve("report/ticket"),
    events: (_, discussion) =>
      Promise.resolve({ events: turnsOf(discussion), next: 8, isEnd: true, damage: null }),
  });
  return { source, looks: () => looks, asked: () => asked };
}

viewerTest("the page of outcomes shows nothing before the reader agrees to a recorded look", async (open) => {
  const { source, looks, asked } = withOutcomes();
  const { page } = await open(source, { hash: "#/outcomes" });
  await page.getByRole("button", { name: /^Look at outcomes/ }).click();
  assert.deepEqual([looks(), asked()], [0, 0]);
  assert.deepEqual(await axeProblems(page), []);
  await page.getByRole("button", { name: "Show no outcomes" }).click();
  assert.equal(await page.locator(".plot").count(), 0);
  await page.getByRole("button", { name: /^Look at outcomes/ }).click();
  await page.getByRole("button", { name: /^Record the look/ }).click();
  await page.locator(".plot circle").first().waitFor();
  assert.equal(looks(), 1);
});

/** Opens the page after a look. */
async function openLooked(open: OpenViewer, query: string) {
  const { source } = withOutcomes();
  await source.look("first");
  const opened = await open(source, { hash: `#/outcomes?${query}` });
  await opened.page.locator(".plot circle").first().waitFor();
  return opened;
}

viewerTest("arrow keys reach every dot of a plot, and Enter opens its comment", async (open) => {
  const { page, complaints } = await openLooked(open, "outcome=toxicity&each=comment");
  const dots = page.locator(".plot").first().locator("a");
  assert.equal(await dots.count(), 36 * 8);
  assert.equal(await page.locator(".plot a[tabindex='0']").count(), 2);
  await dots.first().focus();
  for (const key of ["End", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  const label = await page.evaluate(() => document.activeElement!.getAttribute("aria-label")!);
  assert.equal(label, await dots.nth(1).getAttribute("aria-label"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.startsWith("#/d/first/"));
  const [, discussion, position] = /^#\/d\/first\/([^?]+)\?at=(\d+)$/.exec(new URL(page.url()).hash)!;
  assert.ok(label.startsWith(`${decodeURIComponent(discussion!)}, turn ${Number(position) + 1}: `), label);
  assert.deepEqual(complaints, []);
});

viewerTest(
  "a point of the plot over time links to its comments, and the table has the same values",
  async (open) => {
    const { page } = await openLooked(open, "outcome=toxicity");
    await page.getByText("Counted: comments of participants; openings and scripted").waitFor();
    const point = page.locator(".plot").nth(1).locator("a").nth(3);
    const label = await point.getAttribute("aria-label");
    await point.focus();
    await page.keyboard.press("Enter");
    const rows = page.locator("#values tbody tr");
    await page.waitForFunction(() => location.hash.includes("from=3"));
    await page.getByText("Only turn 4.").waitFor();
    assert.equal(await rows.count(), 36);
    const last = rows.last();
    const name = (await last.getByRole("link").textContent())!;
    await last.getByText(`${name.replace(/, turn 4$/, " at 3")}`).waitFor();
    assert.equal(await last.locator("b").textContent(), "Ben");
    assert.equal(await page.locator("img").count(), 0);
    const group = label!.slice(0, label!.indexOf(", turn 4: "));
    const values = await rows.filter({ hasText: group }).locator("td.number").allTextContents();
    const mean = values.reduce((sum, text) => sum + Number(text.replace("\u2212", "-")), 0) / values.length;
    const shown = Number(label!.slice(label!.lastIndexOf(" ") + 1).replace("\u2212", "-"));
    assert.ok(Math.abs(mean - shown) < 0.011, `${mean} and ${shown}`);
  },
);

viewerTest("labels of a nominal scale are stacked bars, and hostile names stay text", async (open) => {
  const { page, complaints, requests } = await openLooked(open, "outcome=mood%3Dcalm");
  assert.equal(await page.locator(".plot rect").count(), 6);
  assert.equal(await page.locator("img").count(), 0);
  const calm = page.getByRole("region", { name: /^Labels of/ }).getByRole("row").filter({ hasText: "calm" });
  assert.deepEqual(await calm.locator("td").allTextContents(), ["60", "72", "60"]);
  assert.deepEqual(complaints, []);
  assert.ok(requests.every((address) => new URL(address).hostname === "127.0.0.1"));
});

viewerTest(
  "the groups are compared with the reference, and only runs with one analysis are shown together",
  async (open) => {
    const asked: (readonly string[])[] = [];
    const { source } = withOutcomes();
    const look = await source.look("first");
    const run = (name: string, analysis: string) => ({ ...FACTS, name, look: { ...look, analysis } });
    const { page } = await open({
      ...source,
      runs: () => Promise.resolve([run("one", "a"), run("two", "b"), run("three", "a")]),
      outcome(names, question) {
        asked.push(names);
        return source.outcome(names, question);
      },
    }, { hash: "#/outcomes?outcome=toxicity" });
    const differences = page.getByRole("region", { name: "Differences between groups" }).locator("tbody tr");
    await differences.first().waitFor();
    const view = (await source.outcome(["first"], { outcome: "toxicity" }))!;
    const heads = await differences.locator("th").allTextContents();
    assert.deepEqual(heads, view.differences.map(({ group, reference }) => `${group} − ${reference}`));
    assert.equal(heads.length, 2);
    await page.getByText("These runs declare different analyses").waitFor();
    assert.deepEqual(asked, [["one", "three"]]);
    assert.deepEqual(await axeProblems(page), []);
    await page.locator(".analyses").getByRole("link", { name: "two" }).click();
    await until("the page asks for the chosen run", () => asked.length > 1);
    assert.deepEqual(asked.at(-1), ["two"]);
    await page.waitForFunction(() => !document.body.textContent!.includes("These runs declare"));
    await differences.first().waitFor();
  },
);

viewerTest("runs that repeat each other are shown with a caution", async (open) => {
  const first = outcomesOf();
  const discussions = first.table.discussions.map((one) => ({ ...one, run: "again" }));
  const again = { ...first, run: "again", table: { ...first.table, discussions } };
  const { source } = withOutcomes();
  const look = await source.look("first");
  const { page } = await open({
    ...source,
    runs: () => Promise.resolve(["first", "again"].map((name) => ({ ...FACTS, name, look }))),
    outcome: (names, question) =>
      Promise.resolve(viewRuns([first, again].filter(({ run }) => names.includes(run)), question)),
  }, { hash: "#/outcomes?outcome=toxicity" });
  const caution = page.getByText("36 discussions of again and first have the same name and the same seed");
  await caution.waitFor();
  const runs = await page.getByRole("table", { name: "Values" }).locator("tbody tr td:nth-child(2)")
    .allTextContents();
  assert.deepEqual([...new Set(runs)].sort(), ["again", "first"]);
  assert.deepEqual(await axeProblems(page), []);
  await page.goto(`${page.url()}&run=first`);
  await page.getByText("Means and intervals").waitFor();
  await caution.waitFor({ state: "detached" });
});

viewerTest("the report is made on demand, and its link disappears after it is used", async (open) => {
  const { page } = await openLooked(open, "outcome=diversity");
  await page.getByRole("button", { name: "Make the report" }).click();
  const link = page.getByRole("link", { name: "Open the report" });
  assert.equal(await link.getAttribute("href"), "report/ticket");
  const [popup] = await Promise.all([page.waitForEvent("popup"), link.click()]);
  await popup.close();
  await page.getByRole("button", { name: "Make the report" }).waitFor();
});
