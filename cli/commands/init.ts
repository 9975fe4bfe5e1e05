/** `init`: a first experiment file. */
import { join } from "node:path";
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument } from "@optique/core/primitives";
import { path } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, type ExitCode, ownCommand } from "../shared/program.ts";
import { isFolder, writeTextFile } from "../shared/files.ts";
import { INIT_TEMPLATE } from "../init/template.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { Io } from "../terminal/text_sink.ts";

const FILE_NAME = "experiment.yaml";

const parser = object({
  target: withDefault(
    argument(path("PATH"), {
      description: message`The file to write, or a folder to write ${FILE_NAME} to.`,
    }),
    FILE_NAME,
  ),
});

/** The command. */
export const command = defineCommand({
  parser,
  description:
    message`The experiment runs at once, without any model or network: its speakers read from a script.
The file says how to name a real model. A file that exists is left as it is.`,
  example: "init experiment.yaml",
  run,
});

async function run({ target }: InferValue<typeof parser>, { stdout }: Io): Promise<ExitCode> {
  const file = target.endsWith("/") || await isFolder(target) ? join(target, FILE_NAME) : target;
  await writeTextFile(file, INIT_TEMPLATE, { force: null });
  stdout.write(
    `Wrote ${neutralise(file)}. Next:\n` +
      `  ${ownCommand("plan", file)}\n` +
      `  ${ownCommand("run", file)}\n`,
  );
  return EXIT_CODES.ok;
}
