/** `prompts`: shows the prompts that an experiment will send, or the requests that a log records. */
import {
  argument,
  type InferValue,
  integer,
  message,
  object,
  option,
  optional,
  string,
} from "../shared/optique.ts";
import { missing, place, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, type ExitCode, UsageError } from "../shared/program.ts";
import { safeJson } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import type { TextSink } from "../terminal/text_sink.ts";

const parser = object({
  source: argument(place("EXPERIMENT_OR_RUN", "any"), {
    description:
      message`The experiment file, or a run: its folder, or postgres://HOST/DATABASE/NAME. With --discussion or --at: a run, or the file of
one log.`,
  }),
  replicate: optional(option("--replicate", integer({ metavar: "N", min: 1 }), {
    description:
      message`Show the prompts of every participant of the N-th replicate, instead of an example for each role.`,
  })),
  discussion: optional(option("-d", "--discussion", string({ metavar: "ID" }), {
    description:
      message`Show the requests that this discussion sent, each with the reply. Give its name, or the beginning of the name.`,
  })),
  at: optional(option("--at", integer({ metavar: "N", min: 0 }), {
    description:
      message`Show only the request that led to event N. The transcript of replay shows the numbers, which start at 0.`,
  })),
  trust: trust(),
  json: option("--json", {
    description: message`Write JSON: one object, or one line for each logged request.`,
  }),
}, missing("EXPERIMENT_OR_RUN", "the experiment file, or a run's folder"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Before a run: every distinct prompt of each role, moderator, annotator and scale, in each condition, with marks where
conditions differ. After a run: for each logged request, the exact prompt, the reply, the thoughts, and what was read from
the reply. Asks no model and writes nothing.`,
  example: "prompts runs/first-experiment --discussion gentle.r0001 --at 12",
  findings: "a prompt that was rendered again differs from the log",
  async run(values, { stdout }) {
    const { source, discussion, at } = values;
    const isLogged = discussion !== undefined || at !== undefined || source.endsWith(".jsonl");
    return isLogged ? await showLogged(values, stdout) : await showPlanned(values, stdout);
  },
});

async function showLogged(
  { source, replicate, discussion, at, json }: Values,
  stdout: TextSink,
): Promise<ExitCode> {
  if (replicate !== undefined) {
    throw new UsageError("Cannot use --replicate with a log: name the discussion with --discussion");
  }
  const { openLogs } = await import("../shared/logs.ts");
  const { chosenDiscussion } = await import("../shared/chosen_discussion.ts");
  const { showRequests } = await import("../prompts/show_requests.ts");
  const logs = await openLogs(source);
  return await showRequests(logs, await chosenDiscussion(logs, discussion), { at, json, stdout });
}

async function showPlanned(
  { source, replicate, trust, json }: Values,
  stdout: TextSink,
): Promise<ExitCode> {
  const { load } = await import("../shared/load.ts");
  const loaded = await load(source, { trusted: trust, code: "if-trusted" });
  const { replications } = loaded.experiment;
  if (replicate !== undefined && replicate > replications) {
    throw new UsageError(
      `Cannot show replicate "${replicate}": the experiment has ${plural(replications, "replication")}`,
    );
  }
  const { experimentPrompts } = await import("../prompts/distinct_prompts.ts");
  const { promptsText } = await import("../prompts/prompts_text.ts");
  const { promptTokens } = await import("../prompts/prompt_tokens.ts");
  const tokensOf = await promptTokens(loaded);
  const prompts = experimentPrompts(loaded, { replicate: replicate ?? null, tokensOf });
  stdout.write(json ? `${safeJson(prompts)}\n` : promptsText(prompts, stdout));
  return EXIT_CODES.ok;
}
