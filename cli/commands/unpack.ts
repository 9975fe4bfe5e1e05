/** `unpack`: writes the run in an archive to a folder, and verifies it. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argument, message, object, option, optional } from "../shared/optique.ts";
import type { ArchiveNote } from "../../adapters/stores/archive/archive_format.ts";
import { missing, path } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { shownPath, UsageError } from "../shared/program.ts";
import { safeJson } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";

const parser = object({
  archive: argument(path("FILE", "file"), { description: message`An archive that "pack" wrote.` }),
  out: optional(option("--out", path("DIR", "directory"), {
    description:
      message`The folder to write: a new one, or an empty one; by default, the name of the folder in the archive.`,
  })),
  json: option("--json", {
    description: message`Write JSON lines: the archive's description, then the lines of "verify".`,
  }),
}, missing("FILE", 'an archive that "pack" wrote'));

export const command = defineCommand({
  parser,
  description:
    message`Compares each file with its SHA-256 in the archive, then verifies the run as "verify" does. The folder appears only
when it is complete. Refuses a damaged archive, and an archive with paths that lead out of the folder. Runs no code of the
archive.`,
  example: "unpack first-experiment.tar.gz --out runs/first-experiment",
  findings: "a log is damaged, or the run's files were changed before they were packed",
  async run({ archive, out, json }, io) {
    const { unpackRun } = await import("../../adapters/stores/archive/unpack_run.ts");
    const { readRun } = await import("../../adapters/stores/mod.ts");
    const { errorCode, storeError } = await import("../../adapters/stores/store_errors.ts");
    const { scratchFolder } = await import("../shared/files.ts");
    const { verifyLogs } = await import("./verify.ts");
    if (out !== undefined) refuseTarget(out);
    let target: string;
    try {
      const near = existingParent(dirname(resolve(out ?? "run")));
      using unfinished = scratchFolder(join(near, `.unpack.${crypto.randomUUID()}.tmp`));
      const { name, files, note } = await unpackRun(archive, unfinished.path);
      target = out ?? name;
      // The second check is needed because the folder may have appeared meanwhile.
      refuseTarget(target);
      moveFolder(unfinished.path, target);
      if (json) io.stdout.write(`${safeJson({ type: "unpacked", folder: target, files, note })}\n`);
      else io.stdout.write(unpackedText(target, files, note));
    } catch (error) {
      throw errorCode(error) === undefined ? error : storeError("unpack to", out ?? ".", error);
    }
    // The head lets the receiver compare the run with a published head.
    const printHead = (await readRun(target)).log.kind === "kept";
    return await verifyLogs({ log: target, repair: false, json, printHead }, io);
  },
});

/**
 * Returns the path itself if it exists, otherwise the nearest folder above it that exists. The unfinished
 * files go there, so that a refused archive leaves no new folder.
 */
function existingParent(path: string): string {
  return existsSync(path) ? realpathSync(path) : existingParent(dirname(path));
}

function moveFolder(from: string, to: string): void {
  // A link to an empty folder is followed, not replaced.
  const path = existsSync(to) ? realpathSync(to) : resolve(to);
  if (existsSync(path)) Deno.removeSync(path);
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.renameSync(from, path);
}

function refuseTarget(folder: string): void {
  if (!existsSync(folder)) return;
  const isEmpty = Deno.statSync(folder).isDirectory && [...Deno.readDirSync(folder)].length === 0;
  if (isEmpty) return;
  throw new UsageError(
    `Cannot unpack to "${folder}": it exists and is not an empty folder. Choose another folder with --out`,
  );
}

function unpackedText(folder: string, files: number, { leftOut, anonymised }: ArchiveNote): string {
  const lines = [
    `Wrote ${shownPath(folder)}: ${plural(files, "file")}, as packed`,
    leftOut.length === 0 ? "" : `Left out of the archive: ${leftOut.map(shownPath).join(", ")}`,
    anonymised === null
      ? ""
      : `Private names were replaced in ${plural(anonymised.changed.length, "file")} before packing`,
  ];
  return lines.filter((line) => line !== "").map((line) => `${line}\n`).join("");
}
