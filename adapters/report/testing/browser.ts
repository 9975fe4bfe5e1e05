/** A real browser, for tests of what it makes of our pages. */
import { type Browser, chromium, type Page } from "playwright-core";

/** The program: `SYNDISCO_CHROMIUM` names another one. */
const CHROMIUM = Deno.env.get("SYNDISCO_CHROMIUM") ?? "/usr/bin/chromium";

/** Where tests are run for everybody, nothing that they need may be absent. */
const MUST_RUN = Deno.env.get("CI") === "true";

/** A page, opened in the browser, and everything that it did. */
type OpenedPage = Readonly<{
  page: Page;
  /** The addresses that the page asked for, its own among them. */
  requests: readonly string[];
  /** What it reported to the console, and errors of scripts. */
  complaints: readonly string[];
}>;

type View = Readonly<{ width?: number; colours?: "light" | "dark" }>;

/** Registers a test that needs the browser. Where there is none, it is skipped and says what installs one. */
export function browserTest(
  name: string,
  test: (open: (html: string, view?: View) => Promise<OpenedPage>) => Promise<void>,
): void {
  const lack = exists(CHROMIUM) ? null : `there is no ${CHROMIUM}: apt-get install chromium`;
  Deno.test({
    name: lack === null ? name : `${name} (skipped: ${lack})`,
    ignore: lack !== null && !MUST_RUN,
    fn: async () => {
      if (lack !== null) throw new Error(lack);
      const folder = await Deno.makeTempDir();
      // Where tests run as root, as they do in containers, the browser has no sandbox of its own.
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
      try {
        await test((html, view) => opened(browser, folder, html, view));
      } finally {
        await browser.close();
        await Deno.remove(folder, { recursive: true });
      }
    },
    // The browser's driver keeps connections, which end with the browser.
    sanitizeOps: false,
    sanitizeResources: false,
  });
}

async function opened(
  browser: Browser,
  folder: string,
  html: string,
  { width = 1280, colours = "light" }: View = {},
): Promise<OpenedPage> {
  const file = `${folder}/report.html`;
  await Deno.writeTextFile(file, html);
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: colours });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(dialog.message()));
  await page.goto(`file://${file}`, { waitUntil: "load" });
  return { page, requests, complaints };
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * A script that gives the contrast of every text with its ground, and of every series' colour with the paper, as the
 * guidelines for accessible pages define it: from 1 to 21.
 */
export const LOOKS_OF_TEXT = `(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = parse(colour).map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (parse(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" || !element.checkVisibility() || element.closest("title, desc")) continue;
    const style = getComputedStyle(element);
    const colour = element.closest("svg") ? style.fill : style.color;
    texts.push({ what: walker.currentNode.data, contrast: contrast(colour, groundOf(element)) });
  }
  const probe = document.body.appendChild(document.createElement("i"));
  const paper = groundOf(document.body);
  const shapes = [1, 2, 3, 4, 5].map((index) => {
    probe.style.color = "var(--series-" + index + ")";
    return { what: "series " + index, contrast: contrast(getComputedStyle(probe).color, paper) };
  });
  probe.remove();
  return { texts, shapes };
})()`;
