/** The program's own help. Each command has one of its own. */
import { COMMANDS } from "./commands.ts";
import { EXIT_CODE_MEANINGS } from "./exit_codes.ts";
import { PROGRAM } from "./program.ts";

/** The text that `--help` shows. */
export function programHelp(): string {
  return `SynDisco: synthetic discussions among LLM agents, from one experiment file to event logs.

Usage: ${PROGRAM} COMMAND [...]
       ${PROGRAM} COMMAND --help

Commands:
${listed(COMMANDS.map(({ name, summary }) => [name, summary]))}

Options:
${listed([["-h, --help", "Show this help"], ["-V, --version", "Show the version"]])}

Exit codes:
${listed(Object.entries(EXIT_CODE_MEANINGS))}

A first run:  ${PROGRAM} init experiment.yaml && ${PROGRAM} run experiment.yaml
`;
}

function listed(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, meaning]) => `  ${name.padEnd(14)}${meaning}`).join("\n");
}
