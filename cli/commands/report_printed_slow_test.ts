/** The report of a large design stays short: its summary on the screen, and its pages on paper. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { getDocumentProxy } from "npm:unpdf@1.8.1";
import { openPage, withBrowser } from "../../adapters/report/testing/browser.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { runHere } from "../testing/processes.ts";

/** Three models and six moderators. Scripted models ignore their moderators, so there is nothing to find. */
const CROSSED = `
name: crossed
seed: 17
models:
  small: { adapter: scripted, silence: 0.05 }
  large: { adapter: scripted, silence: 0.05 }
  other: { adapter: scripted, silence: 0.05 }
  judge: { adapter: scripted, annotatorReplies: ["1", "2", "4", "5", "2", "3"] }
participants: { model: small, personas: [{ name: Ada }, { name: Ben }, { name: Cleo }], instructions: Discuss. }
openings: [Should trams be free?]
discussion: { turns: 6 }
moderators:
${
  ["a", "b", "c", "d", "e"].map((name) =>
    `  ${name}: { model: small, instructions: Be ${name}., schedule: { every: 3 } }`
  ).join("\n")
}
design:
  factors:
    participants.model: [small, large, other]
    moderator: [none, a, b, c, d, e]
  replications: 3
annotation:
  annotators: { model: judge, personas: [{ name: Rita }, { name: Sam }] }
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is this comment? }
    civility: { type: ordinal, min: 1, max: 5, question: How civil is this comment? }
analysis:
  question: Does a moderator change a discussion, and does this depend on the model?
  outcomes: [toxicity, civility, diversity, words]
  effects: [moderator, participants.model, "moderator:participants.model", "moderator:turn"]
`;

/** Two screens of this height hold the summary. */
const SCREEN_PIXELS = 1000;

const PAGES_MAX = 12;

withBrowser(
  "the report of 18 conditions without findings has a summary of two screens, and 12 pages of paper",
  (browser) =>
    inFolder(async (folder) => {
      const [file, run] = [join(folder, "experiment.yaml"), join(folder, "run")];
      await Deno.writeTextFile(file, CROSSED);
      for (const args of [["run", file, "--out", run, "--quiet"], ["report", run, "--format", "html"]]) {
        const { code, stderr } = await runHere(...args);
        assert.equal(code, 0, stderr);
      }
      const { page } = await openPage(browser, pathToFileURL(join(run, "report", "report.html")).href);
      const rows = await page.locator("#section-first-page tbody tr").count();
      assert.equal(rows, 14);
      const { height } = (await page.locator("#section-first-page").boundingBox())!;
      assert.ok(height <= 2 * SCREEN_PIXELS, `the summary is ${height} pixels high`);
      const { numPages } = await getDocumentProxy(new Uint8Array(await page.pdf({ format: "A4" })));
      assert.ok(numPages <= PAGES_MAX, `it has ${numPages} pages`);
    }),
);
