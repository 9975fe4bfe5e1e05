/** Opens pages in a real browser, for tests. */
import { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";

/** The browser's program. `SYNDISCO_CHROMIUM` can name another one. */
const CHROMIUM = Deno.env.get("SYNDISCO_CHROMIUM") ?? "/usr/bin/chromium";

/** On CI, a test without its program fails. Elsewhere, it is skipped. */
const MUST_RUN = Deno.env.get("CI") === "true";

type OpenedPage = Readonly<{
  page: Page;
  /** The addresses that the page requested, including its own. */
  requests: readonly string[];
  /** The page's messages to the console, errors of its scripts, and its dialogs. */
  complaints: readonly string[];
}>;

type View = Readonly<{ width?: number; colours?: "light" | "dark" }>;

/** Registers a test that needs the browser. Without a browser, the test is skipped, and its name says how to install one. */
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
      // In containers, tests run as root, and the browser's sandbox does not work for root.
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
      try {
        await test((html, view) => opened(browser, folder, html, view));
      } finally {
        await browser.close();
        await Deno.remove(folder, { recursive: true });
      }
    },
    // The browser's driver keeps connections open until the browser ends.
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
