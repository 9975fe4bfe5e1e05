/** Compiles files with TeX, for tests. */

/** The command that installs the programs on Debian. The second package contains `booktabs`. */
const INSTALL =
  "apt-get install --no-install-recommends texlive-latex-base texlive-latex-recommended poppler-utils";

const NEEDED = [
  { what: "pdflatex", program: "pdflatex", ask: "--version" },
  { what: "booktabs.sty", program: "kpsewhich", ask: "booktabs.sty" },
  { what: "pdftotext", program: "pdftotext", ask: "-v" },
] as const;

/** On CI, a test without its program fails. Elsewhere, it is skipped. */
const MUST_RUN = Deno.env.get("CI") === "true";

export type Compiled = Readonly<{
  pages: readonly string[];
  /** How far lines and tables extend beyond the right margin, in points. */
  overfull: readonly number[];
}>;

export type Compile = (document: string, files: ReadonlyMap<string, string>) => Promise<Compiled>;

/** Registers a test that needs pdfLaTeX. Without pdfLaTeX, the test is skipped, and its name says how to install it. */
export function texTest(name: string, test: (compile: Compile) => Promise<void>): void {
  const absent = NEEDED.filter(({ program, ask }) => !answers(program, ask)).map(({ what }) => what);
  const lack = absent.length > 0 ? `there is no ${absent.join(", no ")}: ${INSTALL}` : null;
  Deno.test({
    name: lack === null ? name : `${name} (skipped: ${lack})`,
    ignore: lack !== null && !MUST_RUN,
    fn: async () => {
      if (lack !== null) throw new Error(lack);
      const folder = await Deno.makeTempDir();
      try {
        await test((document, files) => compiled(folder, document, files));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

function answers(program: string, ask: string): boolean {
  try {
    return new Deno.Command(program, { args: [ask], stdin: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function compiled(
  folder: string,
  document: string,
  files: ReadonlyMap<string, string>,
): Promise<Compiled> {
  await Deno.mkdir(`${folder}/tables`, { recursive: true });
  for (const [name, content] of [["document.tex", document], ...files] as const) {
    await Deno.writeTextFile(`${folder}/${name}`, content);
  }
  const flags = ["-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "document.tex"];
  // The second run reads the captions that the first run wrote.
  await output(folder, "pdflatex", flags);
  const log = await output(folder, "pdflatex", flags);
  return {
    pages: (await output(folder, "pdftotext", ["-raw", "document.pdf", "-"])).split("\f").slice(0, -1),
    overfull: [...log.matchAll(/^Overfull \\hbox \(([\d.]+)pt too wide\)/gm)].map(([, points]) =>
      Number(points)
    ),
  };
}

async function output(cwd: string, program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd, stdin: "null" })
    .output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) {
    throw new Error(`${program} ended with ${code}\n${text.slice(-3000)}${new TextDecoder().decode(stderr)}`);
  }
  return text;
}
