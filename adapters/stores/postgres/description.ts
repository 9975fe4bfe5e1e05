/**
 * Makes and extends the description of a run. All functions here are part of a transaction that has locked the
 * description.
 */
import {
  DESCRIPTION_FILES,
  type Reaching,
  type Recorded,
  type RunDescription,
} from "../../../core/ports/mod.ts";
import {
  growthOf,
  newAddresses,
  refuseMixedUp,
  refuseOtherRun,
  RunError,
  type RunLogState,
} from "../../../core/run_log/mod.ts";
import { nativeSha256 } from "../../system.ts";
import type { Sql } from "./connection.ts";
import { addEvents, findRun, keepInputs, readRecorded, type RunRow, writeFile } from "./run_rows.ts";

/** The name and the place of a run that may not exist. */
export type RunPlace = Omit<RunRow, "id">;

/**
 * The run at a place.
 *
 * @throws {RunError} If there is none.
 */
export async function existingRun(sql: Sql, { name, place }: RunPlace): Promise<RunRow> {
  const id = await findRun(sql, name);
  if (id !== null) return { id, name, place };
  throw noRun(place);
}

/** The error for a place without a run. */
export function noRun(place: string): RunError {
  return new RunError(
    "not-a-run",
    `Cannot open the run "${place}": there is no run with this name. Check the address`,
  );
}

/** Finds the run at a place, or makes it. Also returns whether the run existed. */
export async function runRow(
  sql: Sql,
  { name, place }: RunPlace,
): Promise<Readonly<{ run: RunRow; existed: boolean }>> {
  const found = await findRun(sql, name);
  if (found !== null) return { run: { id: found, name, place }, existed: true };
  const [made] = await sql`insert into syndisco.runs (name) values (${name}) returning id`;
  return { run: { id: made!.id, name, place }, existed: false };
}

/** Writes the description of a new run, or extends the description of an existing one. */
export async function describe(
  sql: Sql,
  { run, existed }: Readonly<{ run: RunRow; existed: boolean }>,
  { experimentText, manifest, inputs = new Map(), nowMs }: RunDescription,
): Promise<void> {
  if (!existed) {
    const created = { type: "RunCreated", data: manifest } as const;
    await addEvents(sql, run.id, { log: null, events: [created], nowMs });
    await writeFile(sql, run.id, { name: DESCRIPTION_FILES.experiment, content: experimentText });
    await keepInputs(sql, run.id, inputs);
    return;
  }
  const held = await readRecorded(sql, run);
  refuseChanged(run.place, held);
  refuseOtherRun(run.place, held, manifest);
  await keepInputs(sql, run.id, inputs);
  if (held.log.kind !== "kept") return;
  const events = growthOf(held.manifest, manifest);
  const log = await addEvents(sql, run.id, { log: held.log.log, events, nowMs });
  if (nativeSha256(experimentText) === log!.record.experiment.sha256) {
    await writeFile(sql, run.id, { name: DESCRIPTION_FILES.experiment, content: experimentText });
  }
}

/** Records the addresses of models from now on. */
export async function describeReached(
  sql: Sql,
  run: RunRow,
  { reached = [], nowMs }: Reaching,
): Promise<void> {
  if (reached.length === 0) return;
  const { log, problems } = await readRecorded(sql, run);
  if (log.kind !== "kept") return;
  refuseChanged(run.place, { log, problems });
  refuseMixedUp(run.place, log, reached);
  await addEvents(sql, run.id, { log: log.log, events: newAddresses(log.log.record, reached), nowMs });
}

function refuseChanged(
  place: string,
  { log, problems }: Readonly<{ log: RunLogState }> & Pick<Recorded, "problems">,
): void {
  if (problems.length === 0 || log.kind === "none") return;
  throw new RunError(
    "damaged-manifest",
    `Cannot resume the run "${place}": its description was changed: ${problems.join("; ")}. ` +
      "Restore the database from a backup",
  );
}
