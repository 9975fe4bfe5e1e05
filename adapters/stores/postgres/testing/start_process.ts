/** Starts a process that does one thing with a run in a database. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { until } from "../../../testing/until.ts";

const PROCESS = fileURLToPath(new URL("process.ts", import.meta.url));

/** How many lines a process must have written before a test continues. */
const LINES_MIN = 5;

/** A process that is at work. */
export type StartedProcess = Readonly<{
  child: Deno.ChildProcess;
  /** All lines that the process has written, when it has ended. */
  ended: Promise<readonly string[]>;
  /** Resolves when the process has written some lines. */
  hasWritten: () => Promise<void>;
}>;

/**
 * Starts a process.
 *
 * @param action An action of `process.ts`, the place of the run, and further arguments.
 */
export function startProcess(...action: readonly string[]): StartedProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--no-lock", PROCESS, ...action],
    stdout: "piped",
  }).spawn();
  const lines: string[] = [];
  let hasEnded = false;
  const ended = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      lines.push(...text.split("\n").filter((line) => line !== ""));
    }
    await child.status;
    hasEnded = true;
    return lines;
  })();
  const hasWritten = () =>
    until("the process writes", () => {
      assert.ok(!hasEnded, `the process has ended: ${lines.join(", ")}`);
      return lines.length >= LINES_MIN;
    });
  return { child, ended, hasWritten };
}
