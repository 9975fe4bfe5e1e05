/** `init`: writes a first experiment file. */
import { argument, choice, message, object, option, optional, text } from "../shared/optique.ts";
import { dirname, join } from "node:path";
import { path } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, ownCommand, shownPath } from "../shared/program.ts";
import { isFolder, refuseFile, writeTextFile } from "../shared/files.ts";
import { askForTemplate, canAsk } from "../init/ask.ts";
import { INIT_TEMPLATES } from "../init/mod.ts";

const [DEFAULT] = INIT_TEMPLATES;
const LIST = INIT_TEMPLATES.map(({ name, summary }) => `${name} (${summary})`).join(", ");

const parser = object({
  target: optional(argument(path("PATH"), {
    description: message`The file to write, or a folder to write it to. By default, a file in this folder:
experiment.yaml, or annotation.yaml for the template annotation.`,
  })),
  template: optional(
    option("--template", choice(INIT_TEMPLATES.map(({ name }) => name), { metavar: "NAME" }), {
      description: message`What to write: ${text(LIST)}. Without this option, the command asks you on a
terminal; elsewhere, it writes ${DEFAULT.name}.`,
    }),
  ),
});

export const command = defineCommand({
  parser,
  description:
    message`The experiment runs at once, without a model or a network: its speakers read from a script.
The file shows how to use a real model. An existing file is never changed.`,
  example: "init experiment.yaml --template moderation",
  async run({ target, template: name }, { stdout }) {
    const template = INIT_TEMPLATES.find((one) => one.name === name) ??
      (canAsk(stdout) ? askForTemplate(stdout) : DEFAULT);
    const file = target === undefined
      ? template.file
      : target.endsWith("/") || await isFolder(target)
      ? join(target, template.file)
      : target;
    const at = (beside: string) => join(dirname(file), beside);
    const others = Object.entries(template.beside ?? {}).map(([beside, content]) =>
      [at(beside), content] as const
    );
    const files = [...others, [file, template.text] as const];
    // All files are written, or none.
    for (const [path] of files) refuseFile(path, { force: null });
    for (const [path, content] of files) await writeTextFile(path, content, { force: null });
    const written = files.map(([path]) => shownPath(path)).reverse().join(", ");
    const next = template.next(file, at).map((words) => `  ${ownCommand(...words)}\n`);
    stdout.write(`Wrote ${written}. Next:\n${next.join("")}`);
    return EXIT_CODES.ok;
  },
});
