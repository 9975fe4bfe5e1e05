/** The rating page in a browser, with a real desk and a real server. */
import assert from "node:assert/strict";
import axe, { type AxeResults } from "npm:axe-core@4.14.1";
import type { Page } from "npm:playwright-core@1.65.1";
import type { Scale } from "../../core/annotation/scales/mod.ts";
import { withBrowser } from "../report/testing/browser.ts";
import { linkTo } from "../viewer/server/serve.ts";
import { openRating, type RatingServer, type RatingSketch, startRating } from "./testing/opened_rating.ts";

/** One scale of every type. */
const SCALES: readonly Scale[] = [
  { name: "toxicity", type: "ordinal", min: 1, max: 5, question: "How toxic?", labels: { 5: "severe" } },
  { name: "insult", type: "boolean", question: "Does it insult?" },
  { name: "stance", type: "nominal", labels: ["for", "against"], question: "Which side?" },
  { name: "warmth", type: "interval", min: 0, max: 10, question: "How warm?" },
  { name: "why", type: "text", maxLength: 40, question: "Why?" },
];

function ratingTest(
  name: string,
  sketch: RatingSketch,
  test: (server: RatingServer, open: Open) => Promise<void>,
) {
  withBrowser(name, async (browser) => {
    const server = await startRating({ settings: { instructions: null }, ...sketch });
    try {
      await test(server, async (view) => {
        const opened = await openRating(browser, server, view);
        await opened.page.waitForSelector("h1");
        return opened;
      });
    } finally {
      await server.close();
    }
  });
}

type Open = (view?: Parameters<typeof openRating>[2]) => ReturnType<typeof openRating>;

async function onPlace(page: Page, number: number): Promise<void> {
  await page.waitForFunction(
    (text: string) => document.querySelector("header .number")?.textContent?.includes(text) ?? false,
    `: ${number} of`,
  );
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

ratingTest(
  "the page takes the answers of every type of scale with the keyboard alone",
  { scales: SCALES },
  async (server, open) => {
    const { page, complaints } = await open();
    await onPlace(page, 1);
    assert.equal(await page.locator("input:checked").count(), 0);
    await press(page, "4", "2", "1");
    await page.keyboard.type("7.5");
    await press(page, "Enter");
    const why = page.locator("fieldset", { hasText: "Why?" });
    assert.match(await why.getByRole("alert").textContent() ?? "", /This question has no answer yet/);
    await page.keyboard.type("Because");
    await press(page, "Enter");
    await onPlace(page, 2);
    assert.deepEqual((await server.desk.item("Rita", 0))!.answers, ["4", "no", "for", "7.5", "Because"]);
    await press(page, "0", "0", "0", "Escape", "0", "Escape", "0", "Enter");
    await onPlace(page, 3);
    assert.deepEqual((await server.desk.item("Rita", 1))!.answers, [null, null, null, null, null]);
    assert.deepEqual(complaints, []);
  },
);

ratingTest("the page corrects an earlier rating, and says that an old one is final", {
  discussions: ["calm.r1", "loud.r1", "mild.r1"],
}, async (server, open) => {
  const { page } = await open();
  for (let number = 1; number <= 12; number++) {
    await onPlace(page, number);
    await press(page, "2", "2", "Enter");
  }
  await onPlace(page, 13);
  await press(page, "Backspace");
  await onPlace(page, 12);
  assert.equal(await page.locator("input:checked").count(), 2);
  await page.locator("fieldset").first().getByText("5").first().click();
  await press(page, "Enter");
  await onPlace(page, 13);
  assert.deepEqual((await server.desk.item("Rita", 11))!.answers, ["5", "no"]);
  for (let number = 12; number >= 1; number--) {
    await press(page, "Backspace");
    await onPlace(page, number);
  }
  assert.match(await page.locator(".final").textContent() ?? "", /This rating is final/);
  await press(page, "5", "Enter");
  await onPlace(page, 2);
  assert.deepEqual((await server.desk.item("Rita", 0))!.answers, ["2", "no"]);
});

ratingTest("drafts survive a reload, and the page continues at the first comment without a rating", {
  scales: SCALES,
}, async (_, open) => {
  const { page } = await open();
  await onPlace(page, 1);
  await press(page, "0", "0", "0", "Escape", "0", "Escape", "0", "Enter");
  await onPlace(page, 2);
  await press(page, "3", "0", "2");
  await page.keyboard.type("1");
  await page.reload();
  await onPlace(page, 2);
  assert.equal(page.url().includes("#t="), false);
  const checked = await page.locator("input:checked").count();
  assert.deepEqual([checked, await page.locator("input[type=text]").inputValue()], [3, "1"]);
});

ratingTest("the page leads through consent, instructions, quiz, rating and debriefing", {
  discussions: ["calm.r1"],
  consent: { file: "consent.md", text: "We store your ratings.", sha256: "a".repeat(64) },
  debriefing: "It was about moderators.",
  settings: {
    instructions: "Rate calmly.",
    quiz: [{ comments: [{ author: "Ann", text: "You idiot." }], answers: { insult: "yes" } }],
  },
}, async (server, open) => {
  const { page } = await open();
  await page.getByText("We store your ratings.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Take part", exact: true }).isDisabled(), true);
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Take part", exact: true }).click();
  await page.getByText("Rate calmly.").waitFor();
  await press(page, "Enter");
  for (
    const [answer, result] of [["2", /Practice: 1 of 1, attempt 2 of 2/], ["1", /Rating: 1 of/]] as const
  ) {
    await page.waitForFunction(() => document.querySelector("dialog") === null);
    await press(page, "3", answer, "Enter");
    await page.getByText("You have answered the practice").waitFor();
    await press(page, "Enter");
    await page.waitForFunction(
      (source: string) =>
        new RegExp(source).test(document.querySelector("header .number")?.textContent ?? ""),
      result.source,
    );
  }
  assert.match(await page.locator(".result").textContent() ?? "", /Practice answers as expected: 1 of 1/);
  const { from, to } = server.desk.progress("Rita");
  for (let number = 1; number <= to - from; number++) {
    await onPlace(page, number);
    await press(page, "1", "2", "Enter");
  }
  await page.getByText(`You have rated all ${to - from} comments`).waitFor();
  await press(page, "Enter");
  await page.getByText("It was about moderators.").waitFor();
  assert.equal(server.desk.progress("Rita").part, "finished");
});

ratingTest("hostile comments stay text, and two raters see only their own ratings", {
  settings: {
    instructions: null,
    quiz: [{
      comments: [
        { author: "<b>Ann</b>", text: "<img src=x onerror=alert(1)>" },
        { author: "Bob", text: `javascript:alert(1) \u202e${"x".repeat(1_000_000)}` },
      ],
      answers: { insult: "yes" },
    }],
  },
}, async (server, open) => {
  const [rita, sam] = [await open(), await open({ rater: "Sam" })];
  await onPlace(rita.page, 1);
  await press(rita.page, "5", "1", "Enter");
  await rita.page.getByText("You have answered the practice").waitFor();
  await onPlace(sam.page, 1);
  assert.equal(await sam.page.locator("input:checked").count(), 0);
  assert.equal(await sam.page.locator("main img, main a, main b").count(), 0);
  assert.deepEqual([...rita.complaints, ...sam.complaints], []);
  const origins = new Set(
    [...rita.requests, ...sam.requests].filter((one) => !one.startsWith("data:"))
      .map((one) => new URL(one).origin),
  );
  assert.deepEqual([...origins], [`http://127.0.0.1:${server.port}`]);
});

ratingTest("an answer outside its limits is refused at its own question, and stays in the field", {
  scales: SCALES,
}, async (server, open) => {
  const { page } = await open();
  await onPlace(page, 1);
  await press(page, "4", "2", "1");
  await page.keyboard.type("70");
  const why = page.locator("fieldset", { hasText: "Why?" });
  await why.getByRole("textbox").fill("😀".repeat(41));
  await why.getByText("41 of at most 40 characters").waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await why.getByText("it has 41 characters, and at most 40 are possible").waitFor();
  assert.equal(await why.getByRole("textbox").inputValue(), "😀".repeat(41));
  await why.getByRole("textbox").fill("😀".repeat(40));
  await page.getByRole("button", { name: "Next" }).click();
  const warmth = page.locator("fieldset", { hasText: "How warm?" });
  await warmth.getByText("This answer must be a number from 0 to 10.").waitFor();
  const field = warmth.getByRole("textbox");
  assert.deepEqual([await field.inputValue(), await field.getAttribute("aria-invalid")], ["70", "true"]);
  await field.fill("7");
  await page.getByRole("button", { name: "Next" }).click();
  await onPlace(page, 2);
  assert.equal((await server.desk.item("Rita", 0))!.answers!.at(-1), "😀".repeat(40));
});

ratingTest("an open page learns that its rater withdrew, and shows the debriefing", {
  debriefing: "It was about moderators.",
}, async (server, open) => {
  const [rita, sam] = [await open(), await open({ rater: "Sam" })];
  for (const { page } of [rita, sam]) await onPlace(page, 1);
  await press(rita.page, "2");
  await server.withdraw("Rita");
  // When Sam sends a rating, the server has not yet learned of this withdrawal.
  await server.run.store.keys!.withdraw("Sam");
  await press(sam.page, "2", "2", "Enter");
  for (const { page } of [rita, sam]) {
    await page.getByRole("heading", { name: "You have withdrawn" }).waitFor();
    await page.getByText("It was about moderators.").waitFor();
    assert.equal(await page.locator("fieldset, .comment").count(), 0);
    assert.equal(await page.evaluate(() => Object.keys(localStorage).join().includes("draft")), false);
  }
});

ratingTest("an open page shows a comment as withdrawn when its author withdraws", {
  discussions: ["calm.r1"],
}, async (server, open) => {
  const { page } = await open();
  for (const number of [1, 2, 3]) {
    await onPlace(page, number);
    await press(page, "2", "2", "Enter");
  }
  await onPlace(page, 4);
  await press(page, "3");
  const shown = await page.locator(".comment").count();
  await server.withdraw("calm.r1/Ann");
  await page.locator(".before").getByText("withdrawn").first().waitFor();
  assert.equal(await page.locator(".comment").count(), shown);
  assert.equal(await page.locator("input:checked").count(), 1);
});

withBrowser(
  "a page whose server restarts says so, keeps the answers, and connects again by itself",
  async (browser) => {
    const before = await startRating({ settings: { instructions: null }, scales: SCALES });
    const { page } = await openRating(browser, before);
    await onPlace(page, 1);
    await press(page, "4", "2", "1");
    await page.keyboard.type("7");
    await before.close();
    await page.getByText("The connection is lost. Your answers are kept in this browser.").waitFor();
    await page.getByRole("textbox", { name: "Why?" }).fill("Because");
    const after = await startRating({ settings: { instructions: null }, scales: SCALES, again: before });
    try {
      await page.getByText("The connection is back.").waitFor();
      await page.getByRole("button", { name: "Next" }).click();
      await onPlace(page, 2);
      assert.deepEqual((await after.desk.item("Rita", 0))!.answers, ["4", "no", "for", "7", "Because"]);
    } finally {
      await after.close();
    }
  },
);

ratingTest("the link of another rater works in an open tab", {}, async (server, open) => {
  const { page } = await open();
  await onPlace(page, 1);
  await press(page, "2", "2", "Enter");
  await onPlace(page, 2);
  await page.goto(linkTo(server.port, "Sam"));
  await onPlace(page, 1);
  await press(page, "3", "2", "Enter");
  await onPlace(page, 2);
  assert.deepEqual((await server.desk.item("Sam", 0))!.answers, ["3", "no"]);
  assert.deepEqual((await server.desk.item("Rita", 0))!.answers, ["2", "no"]);
});

for (const [colours, width] of [["light", 1280], ["dark", 390]] as const) {
  ratingTest(`the page breaks no rule of axe: ${colours}, ${width} pixels wide`, {
    scales: SCALES,
    settings: { instructions: "Rate calmly." },
  }, async (_, open) => {
    const { page } = await open({ colours, width });
    await page.waitForSelector("dialog[open]");
    // The page's policy allows only the page's own script. It is switched off for the tool.
    const session = await page.context().newCDPSession(page);
    await session.send("Page.setBypassCSP", { enabled: true });
    for (const step of ["instructions", "comment", "help"]) {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate("axe.run()") as AxeResults;
      assert.deepEqual(violations.map(({ id, nodes }) => [step, id, nodes.map(({ html }) => html)]), []);
      await press(page, step === "instructions" ? "Escape" : "?");
      await page.waitForTimeout(50);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow}`);
  });
}
