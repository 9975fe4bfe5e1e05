/** `pack`: writes a run into one archive. */
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { argument, type InferValue, message, object, option, optional } from "../shared/optique.ts";
import type { Packed } from "../../adapters/stores/archive/pack_run.ts";
import { missing, path, place, runPlace } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { keysText } from "../shared/keys_text.ts";
import { namesOfThisMachine } from "../shared/machine_names.ts";
import { EXIT_CODES, shownPath, UsageError } from "../shared/program.ts";
import { Findings } from "../terminal/findings.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { TextSink } from "../terminal/text_sink.ts";

const parser = object({
  run: argument(place("RUN"), { description: runPlace }),
  out: optional(option("--out", path("FILE", "file"), {
    description: message`The archive to write; by default, NAME.tar.gz in the current folder.`,
  })),
  withoutPromptsLog: option("--without-prompts-log", {
    description:
      message`Leave out the operations log: log.jsonl and its older files. This log has all prompts if the run had
--log-level trace. The archive says what was left out.`,
  }),
  withKeys: option("--with-keys", {
    description:
      message`Also pack the keys of people. Anyone who has them can read the words of these people, even after a withdrawal here.`,
  }),
  anonymise: option("--anonymise", {
    description:
      message`Replace host names, user names and absolute paths in all files that are not protected by hashes, such as the
operations log and the report. List the names that remain in the other files, and paths whose end is unclear.`,
  }),
  json: option("--json", {
    description: message`Write JSON lines: one for each name that remains, then the summary.`,
  }),
}, missing("RUN", "a run's folder, such as runs/NAME"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Writes a .tar.gz file with everything in the run's folder except locks and temporary files, and with a list of the
SHA-256 of each file. The same folder with the same name gives the same bytes. Changes nothing in the folder. Refuses a
run that is in use.`,
  example: "pack runs/first-experiment --out first-experiment.tar.gz",
  findings: "with --anonymise, private names remain or may remain",
  async run(values, { stdout }) {
    const { packRun } = await import("../../adapters/stores/archive/pack_run.ts");
    const { fillFile, realPath, scratchFolder } = await import("../shared/files.ts");
    const { run, withoutPromptsLog, withKeys, anonymise } = values;
    if (withKeys && anonymise) {
      throw new UsageError(
        "Cannot use --with-keys with --anonymise: the keys open the words of people. Leave out one of them",
      );
    }
    const { ARCHIVE_ENDING, isAddress, nameOfRun } = await import("../../adapters/stores/mod.ts");
    const name = nameOfRun(run);
    const out = values.out ?? `${name}${ARCHIVE_ENDING}`;
    using fetched = isAddress(run) ? scratchFolder() : null;
    const folder = fetched === null ? run : join(fetched.path, name);
    const notFetched = fetched === null ? 0 : await fetchRun(run, folder, withKeys);
    if (fetched === null) refuseInside(out, relative(realPath(run), realPath(out)));
    const paths = [resolve(folder), realPath(folder)];
    using scratch = anonymise ? scratchFolder() : null;
    const anonymising = scratch && { names: namesOfThisMachine(paths), scratch: scratch.path };
    const packed = await fillFile(
      out,
      { force: null },
      (to) => packRun(folder, to, { promptsLog: !withoutPromptsLog, keys: withKeys, anonymise: anonymising }),
    );
    const keysLeftOut = packed.keysLeftOut + notFetched;
    show({ ...packed, keysLeftOut }, { ...values, out }, stdout);
    return (packed.anonymised?.remainingCount ?? 0) > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  },
});

/**
 * Writes a run of a database to a folder.
 *
 * @returns How many keys of people were left out.
 */
async function fetchRun(place: string, folder: string, keys: boolean): Promise<number> {
  const { copyRun, runAt } = await import("../../adapters/stores/mod.ts");
  return (await copyRun(await runAt(place), await runAt(folder), { keys })).keysLeftOut;
}

/** Refuses to write the archive into the run's folder, because the next call would pack it, too. */
function refuseInside(out: string, fromRun: string): void {
  if (isAbsolute(fromRun) || fromRun.split(sep)[0] === "..") return;
  throw new UsageError(
    `Cannot write the archive to "${out}": it is in the folder of the run. Choose a path outside the folder with --out`,
  );
}

const KINDS = {
  path: "the path",
  user: "the user name",
  host: "the host name",
  unclear: "a path with an unclear end,",
  "not-text": "is not text, so it was not searched",
} as const;

function show(
  { files, bytes, leftOut, keys, keysLeftOut, anonymised }: Packed,
  { out, json }: Pick<Values, "json"> & Readonly<{ out: string }>,
  stdout: TextSink,
): void {
  const { remaining = [], remainingCount = null, copies } = anonymised ?? {};
  const found = new Findings(json, stdout);
  if (remaining.length > 0 && !json) stdout.write("These stay in the archive:\n");
  for (const finding of remaining) {
    const { file, line, kind, text, count } = finding;
    const place = shownPath(file) + (line === null ? "" : `:${line}`);
    const what = text === "" ? KINDS[kind] : `${KINDS[kind]} ${JSON.stringify(neutralise(text))}`;
    found.add({ type: "remains", ...finding }, `  ${place}: ${what}${count > 1 ? `, ${count} times` : ""}`);
  }
  if (json) {
    stdout.write(
      `${safeJson({ type: "packed", out, files, bytes, leftOut, keys, keysLeftOut, remainingCount })}\n`,
    );
    return;
  }
  stdout.write(found.rest());
  if (copies !== undefined) {
    stdout.write(
      `Replaced private names in ${plural(copies.size, "file")}; ${remainingText(remainingCount ?? 0)}\n`,
    );
  }
  if (leftOut.length > 0) {
    stdout.write(`Left out, because it can contain prompts: ${leftOut.map(shownPath).join(", ")}\n`);
  }
  stdout.write(keysText("archive", { keys, keysLeftOut }));
  stdout.write(
    `Wrote ${shownPath(out)}: ${plural(files, "file")}, ${formatCount(bytes)} bytes before compression\n`,
  );
}

function remainingText(count: number): string {
  if (count === 0) return "none remain";
  return `${formatCount(count)} ${
    count === 1 ? "stays" : "stay"
  }, because hashes protect the file, the file is not text, or the end of a path is unclear`;
}
