/** Builds the scripts and styles of the pages. Usage: deno task bundle [FOLDER] */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** A script and a style become one file each. A script that a page loads later has no style. */
type Bundle = Readonly<{ name: string; script: string; style?: string }>;

/** All bundles. */
export const PAGE_BUNDLES: readonly Bundle[] = [
  { name: "app", script: "adapters/viewer/page/main.tsx", style: "adapters/viewer/page/main.css" },
  {
    name: "rating",
    script: "adapters/people/rating_page/main.tsx",
    style: "adapters/people/rating_page/rating.css",
  },
  { name: "seat", script: "adapters/people/seat_page/main.tsx", style: "adapters/people/seat_page/seat.css" },
  { name: "exported", script: "adapters/viewer/page/exported_main.tsx" },
  { name: "plots", script: "adapters/viewer/page/outcomes/plots.ts" },
];

/** The folder in which the program looks for bundles. */
export const BUNDLE_FOLDER = join(PROJECT, "adapters", "viewer", "bundle");

/** Writes all bundles into a folder. The same sources give the same bytes. */
export async function buildBundles(folder: string, bundles: readonly Bundle[] = PAGE_BUNDLES): Promise<void> {
  Deno.mkdirSync(folder, { recursive: true });
  for (const { name, script, style } of bundles) {
    await bundle(script, join(folder, `${name}.js`));
    if (style !== undefined) await bundle(style, join(folder, `${name}.css`));
  }
}

async function bundle(source: string, target: string): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--no-remote", "--lock=deno.lock", "--frozen"],
      ...["--platform", "browser", "--format", "iife", "--minify", "--output", target, source],
    ],
    cwd: PROJECT,
    stdin: "null",
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  throw new Error(`Cannot bundle "${source}": ${said.trim()}`);
}

if (import.meta.main) await buildBundles(Deno.args[0] ?? BUNDLE_FOLDER);
