/** `copy`: copies a run between a folder and a database. */
import { argument, message, object, option } from "../shared/optique.ts";
import { missing, place, runPlace } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { keysText } from "../shared/keys_text.ts";
import { EXIT_CODES, shownPath } from "../shared/program.ts";
import { ECHO_MS_MAX } from "../shared/stop_signals.ts";
import { safeJson } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";

const parser = object({
  from: argument(place("FROM"), { description: runPlace }),
  to: argument(place("TO"), {
    description:
      message`The place of the copy: a new folder, or postgres://HOST/DATABASE/NAME with a new name.`,
  }),
  withKeys: option("--with-keys", {
    description:
      message`Also copy the keys of people. Anyone who has them can read the words of these people, even after a withdrawal here.`,
  }),
  json: option("--json", {
    description: message`Write JSON lines: what was copied, then the lines of "verify".`,
  }),
}, missing("FROM", "the run to copy, and the place of the copy"));

export const command = defineCommand({
  parser,
  description:
    message`Copies every log line by line, so that all hashes stay the same, and then verifies the copy as "verify" does. The
copy appears at its place only when all of it is durable. Refuses a run that is in use, and a place that already has a run.
Operations logs, reports and other files in a run's folder are not part of the run, so they are not copied. Does not change
the run at FROM.`,
  example: "copy runs/first-experiment postgres://localhost/lab/first-experiment",
  findings: "a log is damaged, or the run's files were changed before they were copied",
  async run({ from, to, withKeys, json }, io) {
    const { copyRun, readRun, runAt } = await import("../../adapters/stores/mod.ts");
    const { verifyLogs } = await import("./verify.ts");
    const { stdout, stderr } = io;
    let copied;
    {
      using stopped = firstSignal();
      const { signal } = stopped;
      try {
        copied = await copyRun(await runAt(from), await runAt(to), { keys: withKeys, signal });
      } catch (error) {
        if (!signal.aborted) throw error;
        stderr.write(`Nothing was copied to ${shownPath(to)}\n`);
        return EXIT_CODES.interrupted;
      }
    }
    const { discussions, events } = copied;
    if (json) stdout.write(`${safeJson({ type: "copied", from, to, ...copied })}\n`);
    else {
      stdout.write(
        keysText("copy", copied) +
          `Copied ${shownPath(from)} to ${shownPath(to)}: ${plural(discussions, "discussion")}, ${
            plural(events, "event")
          }\n`,
      );
    }
    const printHead = (await readRun(to)).log.kind === "kept";
    return await verifyLogs({ log: to, repair: false, json, printHead }, io);
  },
});

/**
 * Returns an abort signal. The first Ctrl-C or SIGTERM aborts it, so that the copy undoes what it has written. The next
 * Ctrl-C or SIGTERM ends the process at once.
 */
function firstSignal(): Disposable & Readonly<{ signal: AbortSignal }> {
  const stopped = new AbortController();
  const names = ["SIGINT", "SIGTERM"] as const;
  const release = () => names.forEach((name) => Deno.removeSignalListener(name, stop));
  const stop = () => {
    stopped.abort();
    // Other programs forward a signal, so one Ctrl-C can arrive two or three times.
    setTimeout(release, ECHO_MS_MAX);
  };
  for (const name of names) Deno.addSignalListener(name, stop);
  return { signal: stopped.signal, [Symbol.dispose]: release };
}
