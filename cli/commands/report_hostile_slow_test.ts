/** Every form of a report shows texts of models, personas and experiment files as text, even if they look like code. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "npm:csv-parse@7.0.3/sync";
import MarkdownIt from "npm:markdown-it@15.0.3";
import { browserTest } from "../../adapters/report/testing/browser.ts";
import { HOSTILE_TEXTS, NASTY_TEXTS } from "../../adapters/report/testing/hostile.ts";
import { texTest } from "../../adapters/report/testing/tex.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { runHere } from "../testing/processes.ts";
import { assertSound, type WrittenReport, writtenReport } from "../testing/written_report.ts";

const TEXTS = [...HOSTILE_TEXTS, ...NASTY_TEXTS].filter((text) => text.trim() !== "");

/** Texts that are short enough for names and labels. A number makes each unique. */
const SHORT = TEXTS.filter((text) => text.length < 190 && !/[\p{C}\u2028\u2029]/u.test(text)).map((
  text,
  index,
) => `${text.trim()} ${index}`);

const yaml = JSON.stringify;

/** An experiment with a hostile text in every place for a text. */
function hostileExperiment(): string {
  const [moderator, annotator, scale, condition, other] = SHORT.slice(-5);
  const name = (index: number) => SHORT[index % SHORT.length];
  return `# ${
    TEXTS.join("\n# ").replaceAll(/[^\P{Cc}\n]|[\u0085\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/gu, "?")
      .replaceAll("\n", "\n# ")
  }
name: hostile
seed: 7
models:
  talker: { adapter: scripted, replies: ${yaml(TEXTS.filter((text) => !text.includes("{{")))} }
  judge: { adapter: scripted, annotatorReplies: ["1", "2", ${yaml(TEXTS[0])}] }
participants:
  model: talker
  personas: ${
    yaml(SHORT.slice(0, 12).map((text, index) => ({ name: text, [`trait${index}`]: name(index + 12) })))
  }
  count: 4
  instructions: ${yaml(TEXTS.join("\n"))}
  roles: [{ name: sceptic, probability: 0.5, instructions: ${yaml(TEXTS[3])} }]
openings: ${yaml(TEXTS.slice(0, 5))}
discussion: { turns: 6 }
moderators:
  host: { model: talker, name: ${yaml(moderator)}, instructions: ${yaml(TEXTS[4])}, schedule: every-turn }
moderator: host
design:
  factors:
    participants.instructions:
      - { label: ${yaml(condition)}, value: ${yaml(TEXTS[5])} }
      - { label: ${yaml(other)}, value: ${yaml(TEXTS[6])} }
  replications: 3
annotation:
  annotators: { model: judge, personas: [{ name: ${yaml(annotator)} }, { name: Sam }] }
  scales:
    mood: { type: ordinal, min: 1, max: 3, question: ${yaml(scale)} }
analysis: { question: ${yaml(TEXTS.join(" "))}, outcomes: [mood], effects: [participants.instructions] }
`;
}

let made: Promise<WrittenReport> | undefined;

function hostileReport(): Promise<WrittenReport> {
  return made ??= inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), hostileExperiment());
    const run = join(cwd, "<img src=x onerror=alert(1)> & $_{%");
    const ran = await runHere("run", join(cwd, "e.yaml"), "--out", run, "--quiet");
    assert.equal(ran.code, 0, ran.stderr);
    const { code, stdout, stderr } = await runHere("report", run, "--full");
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout, /[^\P{Cc}\n]|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
    const written = await writtenReport(join(run, "report"));
    return written;
  });
}

Deno.test("report writes complete files from hostile texts", async () => assertSound(await hostileReport()));

browserTest(
  "report's page runs no script, sends no request and has no element from hostile texts",
  async (open) => {
    const { files } = await hostileReport();
    const { page, requests, complaints } = await open(files.get("report.html")!);
    await page.evaluate("document.querySelectorAll('details').forEach((details) => details.open = true)");
    await page.mouse.move(400, 400);
    await page.mouse.click(640, 450);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("typeof harmed"), "undefined");
    assert.deepEqual([requests.length, complaints], [1, []]);
    const foreign =
      "script, iframe, img, image, object, embed, base, form, link, button, input, textarea, template, " +
      "style ~ style, foreignObject, use, math, [onload], [onerror], [onfocus], [onmouseover], [src], " +
      "[href]:not([href^='#'])";
    assert.equal(await page.evaluate(`document.querySelectorAll(${yaml(foreign)}).length`), 0);
    assert.equal(await page.evaluate("document.querySelectorAll('h1').length"), 1);
    const text = await page.evaluate("document.querySelector('main').textContent") as string;
    for (const said of TEXTS.filter((text) => /^[ -~]+$/.test(text) && !text.includes("{{"))) {
      assert.ok(text.includes(said), said);
    }
  },
);

Deno.test("report's Markdown has no tag, link or image from hostile texts", async () => {
  const { files } = await hostileReport();
  const parsed = new MarkdownIt({ html: true, linkify: true }).parse(files.get("report.md")!, {});
  const tokens = parsed.flatMap((token) => [token, ...token.children ?? []]);
  const html = tokens.filter(({ type }) => type.startsWith("html_")).map(({ content }) => content);
  assert.deepEqual(html.filter((tag) => tag !== "<br>"), []);
  assert.deepEqual(tokens.filter(({ type }) => type === "link_open" || type === "image"), []);
});

Deno.test("report's CSV files have no formula from hostile texts", async () => {
  const { files } = await hostileReport();
  let cells = 0;
  for (const [path, text] of files) {
    if (!path.startsWith("data/")) continue;
    for (const cell of (parse(text) as string[][]).flat()) {
      cells++;
      if (/^[=+\-@\t\r]/.test(cell)) {
        assert.ok(cell.trim() !== "" && Number.isFinite(Number(cell)), `${path}: ${cell}`);
      }
    }
  }
  assert.ok(cells > 1000);
});

texTest("report's LaTeX tables compile with hostile texts", async (compile) => {
  const { files } = await hostileReport();
  const latex = [...files].filter(([path]) => path.startsWith("latex/"))
    .map(([path, text]) => [path.slice("latex/".length), text] as const);
  const document = "\\documentclass{article}\n\\usepackage{array,booktabs,longtable}\n\\begin{document}\n" +
    "\\input{tables}\n\\end{document}\n";
  const { pages } = await compile(document, new Map(latex));
  // LaTeX can break a long text at any character, so spaces are removed first.
  assert.ok(pages.join("").replaceAll(/\s/g, "").includes("window.harmed=true"));
});
