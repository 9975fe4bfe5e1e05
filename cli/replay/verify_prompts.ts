/** Replays all logs of a run: renders every prompt again, and compares it with the log. */
import { BrokenRule, type Rules } from "../../core/discussion/mod.ts";
import { DamagedStream, type Divergence, verifyReplay } from "../../core/engine/mod.ts";
import { TemplateError } from "../../core/templates/mod.ts";
import type { Logs } from "../shared/logs.ts";

export type ReplayProblem =
  | Readonly<{ discussion: string; divergence: Divergence }>
  /** The log could not be replayed to its end. */
  | Readonly<{ discussion: string; message: string }>;

export type ReplayReport = Readonly<{
  discussions: number;
  events: number;
  /** Prompts that were rendered again and are equal to the log. */
  promptsVerified: number;
  /** Prompts in the past of branches. They belong to the discussions that the branches continue. */
  promptsInherited: number;
  /** Prompts that cannot be rendered, because words of people in them are withdrawn or sealed. */
  promptsWithheld: number;
  /** The number of divergences and of logs that could not be replayed. */
  problems: number;
  /** Rules without loaded code. The replay takes their decisions from the logs. */
  assumed: readonly string[];
}>;

export async function verifyPrompts(
  logs: Logs,
  { discussions, rules, found }: {
    discussions: AsyncIterable<string>;
    rules: Rules;
    found: (problem: ReplayProblem) => void;
  },
): Promise<ReplayReport> {
  const report = {
    discussions: 0,
    events: 0,
    promptsVerified: 0,
    promptsInherited: 0,
    promptsWithheld: 0,
    problems: 0,
  };
  const assumed = new Set<string>();
  const tell = (problem: ReplayProblem) => {
    report.problems++;
    found(problem);
  };
  for await (const discussion of discussions) {
    report.discussions++;
    try {
      const verdict = await verifyReplay(logs.events(discussion), rules);
      report.events += verdict.events;
      report.promptsVerified += verdict.promptsVerified;
      report.promptsInherited += verdict.promptsInherited;
      report.promptsWithheld += verdict.promptsWithheld;
      for (const name of verdict.assumed) assumed.add(name);
      for (const divergence of verdict.divergences) tell({ discussion, divergence });
    } catch (error) {
      // A RangeError reports events in an impossible order.
      const isOwn = error instanceof DamagedStream || error instanceof BrokenRule ||
        error instanceof TemplateError || error instanceof RangeError;
      if (!isOwn) throw error;
      tell({ discussion, message: error.message });
    }
  }
  return { ...report, assumed: [...assumed] };
}
