/** What `view` prints. */
import type { ViewedRun } from "../../adapters/viewer/server/viewed_run.ts";
import { shellCommand, shownPath } from "../shared/program.ts";
import { ECHO_MS_MAX } from "../shared/stop_signals.ts";
import { readVariable } from "../terminal/text_sink.ts";

/** Says for which runs the page waits. */
export function waitingText(runs: readonly ViewedRun[]): string {
  return runs.filter(({ reader }) => reader === null).map(({ home: { place } }) =>
    `There is no run at ${shownPath(place)} yet; the page shows it as soon as it begins\n`
  ).join("");
}

/**
 * SSH sets this variable to the addresses and ports of both machines. If it is set, the user's browser is on another
 * machine.
 */
const SSH_VARIABLE = "SSH_CONNECTION";
const ADDRESS = /^[\da-fA-F.:]+$/;

/** Says how to reach the page from another machine, if the user works over SSH, and how to end the command. */
export function hintText(port: number): string {
  const end = "Ctrl-C ends the viewer\n";
  const [, , host] = readVariable(SSH_VARIABLE)?.split(" ") ?? [];
  if (host === undefined || !ADDRESS.test(host)) return end;
  const tunnel = shellCommand(["ssh", "-N", "-L", `${port}:127.0.0.1:${port}`, host]);
  return `You work over SSH. On your own machine, run this command, and then open the link below there:\n  ${tunnel}\n${end}`;
}

/** Resolves at Ctrl-C or SIGTERM. A later signal ends the process at once. */
export async function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, resolve);
  await promise;
  setTimeout(() => {
    for (const signal of signals) Deno.removeSignalListener(signal, resolve);
  }, ECHO_MS_MAX);
}
