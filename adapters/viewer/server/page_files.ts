/** The files of a page: its HTML, and the script and the style that `deno task bundle` writes. */
import { Hono } from "npm:hono@4.13.19";
import { isMissing } from "../../path_info.ts";

/** The folder of the bundles. */
export const BUNDLES = new URL("../bundle/", import.meta.url);

/** A page with one script and one style. */
export type PageFiles = Readonly<{
  /** The name of its bundle, such as `app`. */
  bundle: string;
  /** The names of further scripts, which the page loads when it needs them. */
  later?: readonly string[];
  /** The title of the browser's tab, until the page sets another title. */
  title: string;
  /** The page's own address, such as `/rating`. Default: `/`. */
  path?: string;
  /** The folder of the bundles. Default: {@linkcode BUNDLES}. */
  folder?: URL;
}>;

/**
 * The routes of a page: the page itself, its scripts and its style. They need no token, because they contain
 * no data.
 *
 * @throws {Error} If the bundle was not built.
 */
export async function pageRoutes(
  { bundle, later = [], title, path = "/", folder = BUNDLES }: PageFiles,
): Promise<Hono> {
  const app = new Hono();
  app.get(path, (context) => context.html(pageHtml(bundle, title)));
  for (const name of [`${bundle}.css`, ...[bundle, ...later].map((script) => `${script}.js`)]) {
    const content = await bundleFile(new URL(name, folder));
    const type = name.endsWith(".css") ? "text/css" : "text/javascript";
    app.get(
      `/${name}`,
      (context) => context.body(content, 200, { "Content-Type": `${type}; charset=utf-8` }),
    );
  }
  return app;
}

async function bundleFile(file: URL): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new Error(
      `Cannot read the page's file "${file.pathname}": it is missing. Build it with deno task bundle`,
      {
        cause,
      },
    );
  }
}

/** @param title Text without characters that HTML reserves. */
function pageHtml(bundle: string, title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${bundle}.css">
<script src="${bundle}.js" defer></script>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
}
