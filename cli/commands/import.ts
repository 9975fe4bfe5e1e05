/** `import`: discussions, annotations and scores from elsewhere. */
import { message } from "../shared/optique.ts";
import { defineCommand } from "../shared/command.ts";
import type { ExitCode } from "../shared/program.ts";
import { importParser, type ImportValues } from "../import/parser.ts";
import type { Io } from "../terminal/text_sink.ts";

export const command = defineCommand({
  parser: importParser,
  description:
    message`Imports discussions that were not run here: files of the Python library, tables of comments, ConvoKit corpora,
Reddit exports. They can be replayed, annotated, exported and reported like any other. Discussions that the run has
already are skipped; broken ones are reported and left out.`,
  example: "import old-runs/ --out runs/old --condition {model}_{moderator}",
  findings: "some files or rows could not be imported",
  async run(values: ImportValues, io: Io): Promise<ExitCode> {
    const { carryOut } = await import("../import/carry_out.ts");
    return await carryOut(values, io);
  },
});
