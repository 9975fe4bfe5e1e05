/** Generates pages of docs/reference from the code. Usage: deno task docs */
import { fileURLToPath } from "node:url";
import {
  type DocEntry,
  formatMessage,
  formatUsage,
  formatUsageTerm,
  getDocPage,
  type Message,
  type Parser,
} from "./shared/optique.ts";
import { markdownTable } from "npm:markdown-table@3.1.0";
import { experimentReference } from "../core/experiment/reference.ts";
import { PROVIDERS } from "../adapters/models/openai/providers.ts";
import { TABLE_FACTS } from "../adapters/tables/data_dictionary.ts";
import { COMMANDS } from "./commands/mod.ts";
import { EXIT_CODE_MEANINGS, PROGRAM } from "./shared/program.ts";

/** The generated pages: path in the repository → the function that makes its text. */
export const PAGES: ReadonlyMap<string, () => string | Promise<string>> = new Map<
  string,
  () => string | Promise<string>
>([
  ["docs/reference/commands.md", commandReference],
  ["docs/reference/experiment.md", experimentReference],
  ["docs/reference/providers.md", providerReference],
  ["docs/reference/tables.md", tablesReference],
]);

/** The text of a page, laid out as `deno fmt` does. */
export async function formattedPage(make: () => string | Promise<string>): Promise<string> {
  const fmt = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "md", "-"],
    cwd: fileURLToPath(new URL("../", import.meta.url)),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Blob([await make()]).stream().pipeTo(fmt.stdin);
  const { success, stdout } = await fmt.output();
  if (!success) throw new Error("Cannot format a page: deno fmt failed");
  return new TextDecoder().decode(stdout);
}

/** Makes the page about all commands from their help texts and their parsers. */
async function commandReference(): Promise<string> {
  const commands = await Promise.all(
    COMMANDS.map(async ({ name, summary, load }) => ({ name, summary, ...(await load()).command })),
  );
  const codes = Object.entries(EXIT_CODE_MEANINGS).map(([code, meaning]) => [code, meaning]);
  return `# Commands

This page is generated from the commands by \`deno task docs\`. In a clone, write \`deno task run experiment.yaml\`
for \`${PROGRAM} run experiment.yaml\`. \`${PROGRAM} COMMAND --help\` shows the same text.

${
    tableOf(
      ["command", "what it does"],
      commands.map(({ name, summary }) => [`[\`${name}\`](#${name})`, summary]),
    )
  }

The exit code is for scripts:

${tableOf(["exit code", "meaning"], codes)}

${
    commands.map(({ name, summary, description, example, findings, parser }) =>
      `## ${name}

${summary}.

${plain(description)}

${usageOf(parser, [], name)}
${findings === undefined ? "" : `\nExit code 1: ${escaped(findings)}.\n`}
For example: \`${PROGRAM} ${example}\`
`
    ).join("\n")
  }`;
}

/** The usage and the options of a command, then its sub-commands. */
function usageOf(parser: Parser<"sync", unknown, unknown>, words: readonly string[], name: string): string {
  const page = getDocPage(parser, words)!;
  const entries = page.sections.flatMap((section) => section.entries);
  const options = ["argument", "option"].flatMap((type) => entries.filter(({ term }) => term.type === type));
  const subcommands = entries.flatMap(({ term }) => term.type === "command" ? [term.name] : []);
  const alternatives = subcommands.length > 0 && page.usage?.[0]?.type === "exclusive"
    ? page.usage[0].terms.filter(([first]) => first?.type !== "command")
    : [page.usage!];
  const usages = alternatives.map((usage) => {
    const line = formatUsage(`${PROGRAM} ${name}`, usage);
    return `\`\`\`\n${line}\n\`\`\`\n`;
  });
  return [
    ...usages,
    tableOf(["argument or option", "meaning"], options.map((entry) => [nameOf(entry), meaningOf(entry)])),
    ...subcommands.map((word) => `\n### ${name} ${word}\n\n${usageOf(parser, [...words, word], name)}`),
  ].join("\n");
}

function nameOf({ term }: DocEntry): string {
  return `\`${formatUsageTerm(term, { optionsSeparator: ", " }).replaceAll("|", "\\|")}\``;
}

function meaningOf({ description, default: fallback }: DocEntry): string {
  const text = description === undefined ? "" : plain(description);
  return fallback === undefined ? text : `${text} Default: ${plain(fallback)}.`;
}

function plain(message: Message): string {
  return escaped(formatMessage(message, { quotes: false }).replaceAll("\n", " "));
}

/** Escapes characters that Markdown would read as markup or as the end of a cell. */
function escaped(text: string): string {
  return text.replaceAll(/[|<>*_\\]/g, "\\$&");
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable([head, ...rows]);
}

/** The line above the generated part of a page. */
const GENERATED = "<!-- generated: deno task docs writes everything below from the program -->";

/** Makes the page about tables: keeps the part of the page that is written by hand, and adds the data dictionary. */
async function tablesReference(): Promise<string> {
  const page = await Deno.readTextFile(new URL("../docs/reference/tables.md", import.meta.url));
  const tables = Object.entries(TABLE_FACTS);
  const titles = ["column", "type", "unit", "levels", "counts", "meaning", "comes from"];
  return `${page.slice(0, page.indexOf(GENERATED))}${GENERATED}

${tableOf(["table", "a row is"], tables.map(([name, { row }]) => [`[\`${name}\`](#${name})`, escaped(row)]))}
${
    tables.map(([name, { columns }]) => `
### ${name}

${
      tableOf(
        titles,
        columns.map(({ name, type, unit, levels, counts, meaning, from }) => [
          `\`${name}\``,
          ...[type, unit, levels, counts, meaning, from].map(escaped),
        ]),
      )
    }
`).join("")
  }`;
}

if (import.meta.main) {
  for (const [path, make] of PAGES) {
    await Deno.writeTextFile(new URL(`../${path}`, import.meta.url), await formattedPage(make));
  }
}

/** Makes the page about all providers from the table `PROVIDERS`. */
function providerReference(): string {
  const all = Object.entries(PROVIDERS);
  const code = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(", ");
  const reached = all.map(([name, { title, options: { baseUrl, apiKeyEnv, ...others } }]) => [
    `\`${name}\``,
    title,
    `\`${baseUrl}\``,
    apiKeyEnv === undefined ? "" : `\`${apiKeyEnv}\``,
    code(Object.entries(others).map(([option, value]) => `${option}: ${value}`)),
  ]);
  const known = all.map(([name, provider]) => [
    `\`${name}\``,
    provider.seed,
    provider.structuredForSome ? `${provider.structuredOutput}, for some models` : provider.structuredOutput,
    String(provider.topLogprobs),
    code(provider.thoughts),
    code(provider.waitHeaders),
  ]);
  const notes = all.flatMap(([name, { note }]) => note === undefined ? [] : [`- \`${name}\`: ${note}`]);
  const sources = all.map(([name, { sources }]) => `- \`${name}\`: ${sources.join("; ")}`);
  return `# Providers

This page is generated from the table of providers by \`deno task docs\`. \`provider: NAME\` in an entry of \`models\` gives
the options below to the adapter \`openai\`. An option that the entry gives itself is used instead of the provider's.
[Use model servers](../how_to/model_servers.md) has an example of each provider, and says which of them we have tried.

${tableOf(["provider", "is", "baseUrl", "apiKeyEnv", "other options"], reached)}

A provider says only how a server is reached and what the server accepts. It never turns on an option that changes what a
model is asked, such as \`structuredOutput\`. So you can name a provider in the file of an existing run without changing
the experiment, as long as the address stays the same. The exception is \`gemini\`: this server refuses requests with a
seed, so the program sends none. An entry that gives another \`baseUrl\` must also name the variable of the key. So a key
never reaches another server by accident.

\`validate\` refuses an entry that its provider would refuse: \`sendSeed: true\` where seeds are refused, a
\`topLogprobs\` above the highest, or a temperature above 1 for \`anthropic\`. If the entry gives another \`baseUrl\`,
\`validate\` does not check this, because another server can answer there.

The providers' documentation states the following facts. An empty field means that we found no statement.

${
    tableOf(
      ["provider", "seed", "`structuredOutput`", "highest `topLogprobs`", "thoughts in", "waits in"],
      known,
    )
  }

${notes.join("\n")}

The facts are from these documents:

${sources.join("\n")}
`;
}
