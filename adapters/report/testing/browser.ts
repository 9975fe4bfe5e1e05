/** Opens pages in a real browser, for tests. */
import { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";

/** The browser's program. `SYNDISCO_CHROMIUM` can name another one. */
const CHROMIUM = Deno.env.get("SYNDISCO_CHROMIUM") ?? "/usr/bin/chromium";

/** If the browser is missing, a test fails on CI. Elsewhere, it is skipped. */
const MUST_RUN = Deno.env.get("CI") === "true";

/** A page in the browser. */
export type OpenedPage = Readonly<{
  page: Page;
  /** The addresses that the page requested, including its own. */
  requests: readonly string[];
  /** The page's messages to the console, errors of its scripts, and its dialogs. */
  complaints: readonly string[];
}>;

/** How the page is shown. */
export type View = Readonly<{ width?: number; colours?: "light" | "dark" }>;

/** Registers a test of HTML pages in the browser. */
export function browserTest(
  name: string,
  test: (open: (html: string, view?: View) => Promise<OpenedPage>) => Promise<void>,
): void {
  withBrowser(name, async (browser) => {
    const folder = await Deno.makeTempDir();
    try {
      await test(async (html, view) => {
        const file = `${folder}/report.html`;
        await Deno.writeTextFile(file, html);
        return await openPage(browser, `file://${file}`, view);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/**
 * Registers a test that needs the browser. Without a browser, the test is skipped, and its name says how to install
 * one.
 *
 * @param args Further arguments of the browser's program.
 */
export function withBrowser(
  name: string,
  test: (browser: Browser) => Promise<void>,
  args: readonly string[] = [],
): void {
  const lack = exists(CHROMIUM) ? null : `there is no ${CHROMIUM}: apt-get install chromium`;
  Deno.test({
    name: lack === null ? name : `${name} (skipped: ${lack})`,
    ignore: lack !== null && !MUST_RUN,
    fn: async () => {
      if (lack !== null) throw new Error(lack);
      // In containers, tests run as root, and the browser's sandbox does not work for root.
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", ...args] });
      try {
        await test(browser);
      } finally {
        await browser.close();
      }
    },
    // The browser's driver keeps connections open until the browser ends.
    sanitizeOps: false,
    sanitizeResources: false,
  });
}

/** Opens an address, and records what the page requests and complains about. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1280, colours = "light" }: View = {},
): Promise<OpenedPage> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: colours });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(dialog.message()));
  await page.goto(address, { waitUntil: "load" });
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
