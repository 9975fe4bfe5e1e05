/** `schema`: writes the JSON Schema of experiment files. */
import { message, object, option, optional } from "../shared/optique.ts";
import { path } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, shownPath } from "../shared/program.ts";

const parser = object({
  out: optional(option("-o", "--out", path("FILE", "file"), {
    description: message`The file to write; by default, the standard output.`,
  })),
  force: option("--force", { description: message`Replace a file that exists.` }),
});

export const command = defineCommand({
  parser,
  description:
    message`With the schema, editors complete and check experiment files. The first line of an experiment file must be
"# yaml-language-server: $schema=" and the path of the schema.`,
  example: "schema --out experiment.schema.json",
  async run({ out, force }, { stdout, stderr }) {
    const { experimentJsonSchema } = await import("../../core/experiment/mod.ts");
    const text = `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`;
    if (out === undefined) {
      stdout.write(text);
      return EXIT_CODES.ok;
    }
    const { writeTextFile } = await import("../shared/files.ts");
    await writeTextFile(out, text, { force });
    stderr.write(`Wrote ${shownPath(out)}\n`);
    return EXIT_CODES.ok;
  },
});
