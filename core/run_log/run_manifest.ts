/** The manifest of a run: its description in one object. */
import { z } from "../zod.ts";
import { RunError } from "./run_error.ts";
import type { LogEnd } from "../events/log_end.ts";
import { logEndSchema, recordSchema, type RunRecord } from "./run_events.ts";
import { recordAsOf, recordHeadOf, type RunLog, runLogEndOf } from "./run_log.ts";

const MANIFEST_FORMAT = 1;

/**
 * The description of a run in one file, which people can read. If the run has a log, the manifest is computed
 * from it.
 */
export type RunManifest =
  & RunRecord
  & Readonly<{
    format: 1;
    /** ISO 8601 time, UTC. */
    createdAt: string;
    /** The hash of the last event in the run's log that changed the record. Missing if the run has no log. */
    runLog?: string;
    /**
     * The end of the run's log at the time when this manifest was written. The log must still contain this
     * end. Missing in manifests of older versions, and if the run has no log.
     */
    runLogEnd?: LogEnd;
  }>;

/**
 * The manifest after the event with this hash. By default, this is the last event that changed the record.
 */
export function manifestOf(log: RunLog, hash: string = recordHeadOf(log)): RunManifest {
  const record = recordAsOf(log, hash);
  if (record === null) return manifestOf(log);
  return {
    format: MANIFEST_FORMAT,
    createdAt: log.createdAt,
    ...record,
    runLog: hash,
    runLogEnd: runLogEndOf(log),
  };
}

/**
 * Whether the log lacks the end that a manifest records. If it does, the log was cut, or it was changed and
 * got new hashes.
 */
export function lacksEndOf({ runLogEnd }: RunManifest, { entries }: RunLog): boolean {
  if (runLogEnd === undefined) return false;
  const [events, hash] = runLogEnd;
  return entries[events - 1]?.hash !== hash;
}

/** The manifest of imported discussions before the first import. Their run has no log. */
export function importedManifest(
  name: string,
  { nowMs, versions, shards }: Readonly<{ nowMs: number }> & Pick<RunRecord, "versions" | "shards">,
): RunManifest {
  return {
    format: MANIFEST_FORMAT,
    createdAt: new Date(nowMs).toISOString(),
    experiment: { name, file: null, sha256: null },
    fingerprint: "imported",
    resolved: {},
    sources: {},
    seed: null,
    plan: { discussions: 0, conditions: 0, replications: 0 },
    versions,
    shards,
  };
}

/** The state of a run's log. */
export type RunLogState =
  | Readonly<{ kind: "kept"; log: RunLog }>
  /** An older version made the run, or the run was imported. */
  | Readonly<{ kind: "none" }>
  /** The log is damaged or was deleted. */
  | Readonly<{ kind: "broken"; message: string }>;

const manifestSchema: z.ZodType<RunManifest> = recordSchema.extend({
  format: z.literal(MANIFEST_FORMAT),
  createdAt: z.string(),
  runLog: z.string().optional(),
  runLogEnd: logEndSchema.optional(),
});

/** The content of the file of a manifest. */
export function manifestText(manifest: RunManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Parses a manifest. Keeps members that this version does not know. */
export function parseManifest(text: string, path: string): RunManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, "it is not JSON", cause);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > MANIFEST_FORMAT) {
    throw new RunError(
      "newer-format",
      `Cannot read "${path}": a newer version of this program made it (format ${format}). ` +
        `Use that version for this run`,
    );
  }
  const issue = manifestSchema.safeParse(value).error?.issues[0];
  if (issue === undefined) return value as RunManifest;
  const [key] = issue.path;
  throw damaged(
    path,
    key === undefined ? "it is not an object" : `its "${String(key)}" is not valid`,
  );
}

function damaged(path: string, how: string, cause?: unknown): RunError {
  return new RunError(
    "damaged-manifest",
    `Cannot read "${path}": ${how}. Restore it from a copy. The discussions are unchanged`,
    { cause },
  );
}
