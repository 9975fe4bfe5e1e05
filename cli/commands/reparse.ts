/** `reparse`: reads the stored replies of an annotation again, and shows which values change. */
import { argument, message, object, option, optional, string } from "../shared/optique.ts";
import type { ReadingChange } from "../../core/annotation/mod.ts";
import { missing, passName, path, place, runOrLogPlace } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, UsageError } from "../shared/program.ts";
import { Findings } from "../terminal/findings.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";

const parser = object({
  log: argument(place("RUN_OR_LOG", "any"), { description: runOrLogPlace }),
  with: option("-w", "--with", path("FILE", "file"), {
    description: message`The annotation file with the changed scales or grammar.`,
  }),
  pass: optional(option("--pass", string({ metavar: "NAME" }), {
    description: message`The pass to read again; by default, the pass that the file names.`,
  })),
  as: optional(option("--as", passName(), {
    description:
      message`Record the result as a pass with this name. Without this option, nothing is written.`,
  })),
  json: option("--json", { description: message`Write the changes and the summary as JSON lines.` }),
}, missing("RUN_OR_LOG", "a run's folder, or one of its logs"));

export const command = defineCommand({
  parser,
  description:
    message`No model is called: the replies are in the logs. If a question has several replies, the first reply with a
value counts.`,
  example: "reparse runs/first-experiment --with changed_scales.yaml --as mood-2",
  findings: "some logs are damaged",
  async run(values, { stdout, stderr }) {
    const { openTarget } = await import("../shared/logs.ts");
    const { loadAnnotationFile } = await import("../shared/load.ts");
    const { reparseRun } = await import("../../adapters/local/mod.ts");
    const { DamagedStream } = await import("../../core/engine/mod.ts");
    const target = await openTarget(values.log);
    // No model is called, so no adapter is needed.
    const loaded = await loadAnnotationFile(values.with, {
      seed: target.seed,
      trusted: false,
      code: "never",
    });
    const { pass = loaded.setup.design.pass } = values;
    if (pass === values.as) {
      throw new UsageError(`Cannot record "${pass}" as itself: give another name with --as`);
    }
    const counts: Counts = {
      discussions: 0,
      left: 0,
      setAside: 0,
      unchanged: 0,
      changed: 0,
      gained: 0,
      lost: 0,
    };
    const changes = new Findings(values.json, stdout);
    const results = explaining(reparseRun(target, loaded, { pass, as: values.as ?? null }));
    for await (const { discussion, reparsed } of results) {
      if (reparsed === null) {
        counts.left++;
        continue;
      }
      if (reparsed instanceof DamagedStream) {
        counts.setAside++;
        stderr.write(`failed ${neutralise(discussion)}: ${neutralise(reparsed.message)}\n`);
        continue;
      }
      counts.discussions++;
      counts.unchanged += reparsed.unchanged;
      for (const change of reparsed.changes) {
        counts[kindOf(change)]++;
        changes.add({ type: "change", discussion, ...change }, changeText(discussion, change));
      }
    }
    if (counts.discussions === 0) {
      throw new UsageError(`Cannot read the pass "${pass}" again: no discussion has completed it`);
    }
    if (values.json) {
      stdout.write(`${safeJson({ type: "reparsed", pass, as: values.as ?? null, ...counts })}\n`);
    } else stdout.write(changes.rest() + summaryText(counts, values.as));
    return counts.setAside > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  },
});

type Counts = Record<
  "discussions" | "left" | "setAside" | "unchanged" | "changed" | "gained" | "lost",
  number
>;

/** Yields the same results. If the annotation file does not fit the pass, throws a `UsageError`. */
async function* explaining<T>(results: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* results;
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message, { cause: error }) : error;
  }
}

function kindOf({ before, after }: ReadingChange): "changed" | "gained" | "lost" {
  if (before === null) return "gained";
  return after === null ? "lost" : "changed";
}

function changeText(discussion: string, { comment, annotator, scale, before, after }: ReadingChange): string {
  const shown = (value: ReadingChange["before"]) => value === null ? "unparsed" : String(value);
  return neutralise(
    `${discussion} comment ${comment}, ${annotator}, ${scale}: ${shown(before)} → ${shown(after)}`,
  );
}

function summaryText(
  { discussions, left, setAside, unchanged, changed, gained, lost }: Counts,
  as: string | undefined,
): string {
  const lines = [
    `${plural(discussions, "discussion")}: ${plural(unchanged, "value")} unchanged, ` +
    `${formatCount(changed)} changed, ${formatCount(gained)} gained, ${formatCount(lost)} lost`,
    left > 0 && `${plural(left, "discussion")} skipped: the pass is not complete there`,
    setAside > 0 && `${plural(setAside, "damaged log")} skipped: "verify --repair" keeps the good part`,
    as === undefined
      ? "Nothing was written; --as NAME records the result as a pass"
      : `Recorded as the pass ${neutralise(as)}`,
  ];
  return lines.filter((line) => line !== false).map((line) => `${line}\n`).join("");
}
