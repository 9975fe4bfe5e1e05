/** `import`: discussions, annotations and scores from elsewhere. */
import { message } from "../shared/optique.ts";
import { importParser } from "../import/parser.ts";
import { defineCommand } from "../shared/command.ts";

export const command = defineCommand({
  parser: importParser,
  description:
    message`Imports discussions that were not run here: files of the Python library, tables of comments, ConvoKit corpora,
Reddit exports. They can be replayed, annotated, exported and reported like any other. Discussions that the run has
already are skipped; broken ones are reported and left out.`,
  example: "import old-runs/ --out runs/old --condition {model}_{moderator}",
  findings: "some files or rows could not be imported",
  async run(values, io) {
    const { carryOut } = await import("../import/carry_out.ts");
    return await carryOut(values, io);
  },
});
