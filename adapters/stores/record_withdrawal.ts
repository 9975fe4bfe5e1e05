/** Lets a person withdraw from a run, also while another process writes to it. */
import { peopleOf } from "../../core/run_log/mod.ts";
import { folderPersonKeys } from "./person_keys.ts";
import { storedManifest } from "./run_description.ts";
import { lockDescription } from "./run_lock.ts";
import { addToRunLog, readRunLog, renewManifest } from "./run_log.ts";
import { RunLogFile } from "./run_log_file.ts";

/**
 * Deletes the key of a person, and records the withdrawal if it is not recorded yet. The deletion comes first. So if
 * the process is killed before the record, the words are unreadable already, and the next call records the withdrawal.
 *
 * @param nowMs Now, in milliseconds since 1970.
 * @throws {RunError} When the run's log cannot be read or written.
 * @throws {StoreError} When the key cannot be deleted.
 */
export async function recordWithdrawal(folder: string, person: string, nowMs: number): Promise<void> {
  const isRecorded = () => {
    const state = readRunLog(folder, storedManifest(folder));
    return state.kind !== "kept" || peopleOf(state.log).withdrew.has(person);
  };
  isRecorded();
  await folderPersonKeys(folder).withdraw(person);
  using _alone = await lockDescription(folder);
  if (isRecorded()) return;
  const event = { type: "PersonWithdrew", data: { person } } as const;
  await renewManifest(folder, await addToRunLog(new RunLogFile(folder), { event, nowMs }));
}
