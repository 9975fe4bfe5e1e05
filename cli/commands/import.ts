/** `import`: imports discussions, annotations and scores. */
import { message } from "../shared/optique.ts";
import { importParser } from "../import/parser.ts";
import { defineCommand } from "../shared/command.ts";

export const command = defineCommand({
  parser: importParser,
  description:
    message`Imports discussions from other programs: files of the Python library, tables of comments, ConvoKit corpora,
Reddit exports. They can be replayed, annotated, exported and reported like all others. Discussions that the run
already has are skipped. Broken discussions are reported and left out.`,
  example: "import old-runs/ --out runs/old --condition {model}_{moderator}",
  findings: "some files or rows could not be imported",
  async run(values, io) {
    const { carryOut } = await import("../import/carry_out.ts");
    return await carryOut(values, io);
  },
});
