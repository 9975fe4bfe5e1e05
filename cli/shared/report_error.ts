/** Reports errors to the user. */
import { BrokenRule } from "../../core/discussion/mod.ts";
import { DamagedStream, ModelPausedTooLong, OtherPass } from "../../core/engine/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { ExperimentError } from "../../core/experiment/problems.ts";
import { ClaimLost, ModelError, StoreError, StreamConflict } from "../../core/ports/mod.ts";
import { TemplateError } from "../../core/templates/mod.ts";
import { EXIT_CODES, type ExitCode, UsageError } from "./program.ts";
import { neutraliseLines } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import { styled } from "../terminal/text.ts";
import { readVariable, type TextSink } from "../terminal/text_sink.ts";

/** If this variable is set, reports include stack traces. */
const DEBUG_VARIABLE = "SYNDISCO_DEBUG";

/**
 * Reports an error, or any other thrown value.
 *
 * @returns Its exit code.
 */
export function reportError(error: unknown, stderr: TextSink): ExitCode {
  const { message, exitCode } = explained(error);
  // Problems in files begin with their positions, which editors and terminals turn into links.
  const label = error instanceof ExperimentError ? "" : `${styled(stderr, "red", "error")} `;
  stderr.write(`${label}${neutraliseLines(message)}\n`);
  if (readVariable(DEBUG_VARIABLE) && error instanceof Error) {
    stderr.write(`${neutraliseLines(error.stack ?? "")}\n`);
  }
  return exitCode;
}

function explained(error: unknown): { message: string; exitCode: ExitCode } {
  // The suppressed error came first, so it is reported. Then closing failed too, most likely for the same
  // reason.
  if (error instanceof SuppressedError) return explained(error.suppressed);
  if (error instanceof UsageError) return { message: error.message, exitCode: EXIT_CODES.usage };
  if (error instanceof ExperimentError) {
    const { length } = error.problems;
    const message = `${error.message}\n${plural(length, "problem")}; nothing was run or written`;
    return { message, exitCode: EXIT_CODES.usage };
  }
  if (error instanceof DamagedStream) {
    const message = `${error.message}. "verify --repair" moves the damage to another file and keeps the rest`;
    return { message, exitCode: EXIT_CODES.environment };
  }
  const isKnown = KNOWN.some((known) => error instanceof known);
  if (isKnown) return { message: (error as Error).message, exitCode: EXIT_CODES.environment };
  if (error instanceof Deno.errors.NotCapable) {
    const message =
      `Cannot continue, because Deno does not permit it. Choose another path, or follow Deno: ${error.message}`;
    return { message, exitCode: EXIT_CODES.environment };
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    message: `${reason}\nThis is a bug in the program; please report it. ` +
      `Set ${DEBUG_VARIABLE}=1 to see its stack trace`,
    exitCode: EXIT_CODES.environment,
  };
}

/** Errors with messages for users. */
const KNOWN = [
  RunError,
  StoreError,
  StreamConflict,
  ClaimLost,
  ModelError,
  BrokenRule,
  TemplateError,
  OtherPass,
  ModelPausedTooLong,
];
