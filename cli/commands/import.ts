/** `import`: discussions, annotations and scores from elsewhere. */
import { message } from "@optique/core/message";
import { defineCommand } from "../shared/command.ts";
import type { ExitCode } from "../shared/program.ts";
import { importParser, type ImportValues } from "../import/parser.ts";
import type { Io } from "../terminal/text_sink.ts";

/** The command. */
export const command = defineCommand({
  parser: importParser,
  description:
    message`Brings in discussions that were held elsewhere: files of the Python library, tables of comments, ConvoKit
corpora, exports of Reddit. They replay, and are annotated, exported and reported like any other. What is there
already is passed over; what is broken is named and left out.`,
  examples: message`syndisco import old-runs/ --out runs/old --condition {model}_{moderator}`,
  async run(values: ImportValues, io: Io): Promise<ExitCode> {
    const { carryOut } = await import("../import/carry_out.ts");
    return await carryOut(values, io);
  },
});
