/** Makes the folder of a run without running it, and prints the head of its log. */
import { type LoadedExperiment, prepareRun } from "../../adapters/local/mod.ts";
import { isAddress } from "../../adapters/stores/mod.ts";
import { EXIT_CODES, type ExitCode, ownCommand, shownPath } from "../shared/program.ts";
import { formatCount } from "../terminal/numbers.ts";
import type { Io } from "../terminal/text_sink.ts";
import { headIn, headText } from "../verify/heads.ts";

/** Prepares the run of a loaded experiment. */
export async function prepareLoaded(
  loaded: LoadedExperiment,
  { out, json }: Readonly<{ out: string | undefined; json: boolean }>,
  { stdout }: Io,
): Promise<ExitCode> {
  const { folder, planned, log } = await prepareRun(loaded, { out });
  const head = headText(headIn(log, null)!, { unrecorded: 0 }, json);
  const start = ownCommand(isAddress(folder) ? "worker" : "run", folder);
  stdout.write(
    json
      ? head
      : `The run ${shownPath(folder)} is ready for ${
        formatCount(planned)
      } discussions\n${head}\nTo start: ${start}\n`,
  );
  return EXIT_CODES.ok;
}
