/** Opens the viewer's page in a browser, with a real server, for tests. */
import { pathToFileURL } from "node:url";
import { type OpenedPage, openPage, type View, withBrowser } from "../../report/testing/browser.ts";
import type { ViewerSource } from "../api.ts";
import { buildBundles } from "../bundles.ts";
import { holdersByToken, newToken } from "../server/access.ts";
import { viewerApp } from "../server/app.ts";
import { linkTo, serve } from "../server/serve.ts";
import { Tickets } from "../server/tickets.ts";

/**
 * Builds the bundles once in a process, so that a test never sees an old page.
 *
 * @returns Their folder.
 */
export function builtBundles(): Promise<URL> {
  return built ??= (async () => {
    const folder = await Deno.makeTempDir();
    globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
    await buildBundles(folder);
    return pathToFileURL(`${folder}/`);
  })();
}

let built: Promise<URL> | null = null;

/** A viewer's server for a test. */
export type TestServer = Readonly<{ port: number; token: string; close: () => Promise<void> }>;

/**
 * Starts the viewer's server.
 *
 * @param again The port and token of an ended server, to start it again. Default: new ones.
 */
export async function startViewer(
  source: ViewerSource,
  again: Readonly<{ port?: number; token?: string }> = {},
): Promise<TestServer> {
  const token = again.token ?? newToken();
  const ended = new AbortController();
  const holderOf = holdersByToken([[token, "researcher"] as const]);
  const app = await viewerApp({
    source,
    holderOf,
    reports: new Tickets(),
    signal: ended.signal,
    bundles: await builtBundles(),
  });
  const { port, close } = serve(app, again.port ?? 0);
  return {
    port,
    token,
    close: async () => {
      ended.abort();
      await close();
    },
  };
}

/**
 * Opens the page of a source.
 *
 * @param hash The route, such as `#/discussions`.
 */
export type OpenViewer = (
  source: ViewerSource,
  options?: View & Readonly<{ hash?: string }>,
) => Promise<OpenedPage & Readonly<{ server: TestServer }>>;

/** Registers a test of the viewer's page in the browser. The servers end with the test. */
export function viewerTest(name: string, test: (open: OpenViewer) => Promise<void>): void {
  withBrowser(name, async (browser) => {
    const servers: TestServer[] = [];
    try {
      await test(async (source, { hash = "", ...view } = {}) => {
        const server = await startViewer(source);
        servers.push(server);
        const opened = await openPage(browser, linkTo(server.port, server.token), view);
        if (hash !== "") {
          await opened.page.evaluate((to: string) => {
            globalThis.location.hash = to;
          }, hash);
        }
        return { ...opened, server };
      });
    } finally {
      for (const server of servers) await server.close();
    }
  });
}
