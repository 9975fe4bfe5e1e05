/** `doctor`: checks the machine, and the models of an experiment. */
import {
  argument,
  type InferValue,
  message,
  object,
  option,
  optional,
  withDefault,
} from "../shared/optique.ts";
import { duration, path, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, UsageError } from "../shared/program.ts";
import { safeJson } from "../terminal/neutralise.ts";
import type { Io } from "../terminal/text_sink.ts";
import type { CheckResult } from "../doctor/result.ts";
import type { Service } from "../doctor/services.ts";

/** The time limit for one answer. For a local model, it includes the time to load the model. */
const TIMEOUT = { text: "2m", ms: 120_000 };

const parser = object({
  experiment: optional(argument(path("EXPERIMENT"), {
    description:
      message`The experiment file, or the folder of a run. Without it, only the machine is checked.`,
  })),
  dir: withDefault(
    option("--dir", path("DIR", "directory"), {
      description: message`The folder that will hold runs: its disk and its locks are tried out.`,
    }),
    ".",
  ),
  timeout: withDefault(
    option("--timeout", duration(), { description: message`How long to wait for one answer of a model.` }),
    TIMEOUT,
  ),
  yes: option("-y", "--yes", {
    description: message`Send the requests without asking you first. Needed if the input is not a terminal.`,
  }),
  trust: trust(),
  json: option("--json", { description: message`Write one JSON object.` }),
});

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Checks versions, access, disk, locks and memory. With an experiment, sends at most five short requests to each
of its models and annotators, after it has shown their number and highest cost. It finds out: Does the model answer, follow
the system message, use the seed, give answers in a required form, and give their probabilities? Does it write thoughts, are
replies cut, and how fast is it? Says what to change in the file.`,
  example: "doctor experiment.yaml --yes",
  findings: "there is a problem that would spoil a run",
  async run(values, io) {
    const { experiment, dir, json } = values;
    await refuseNoFolder(dir);
    const { checkMachine } = await import("../doctor/check_machine.ts");
    const { resultsText, totalText } = await import("../doctor/view.ts");
    const loaded = experiment === undefined ? null : await loadedFrom(experiment, values);
    const machine = await checkMachine(dir);
    if (!json) io.stdout.write(resultsText("this machine", machine, io.stdout));
    const models = loaded === null ? [] : await checkModels(loaded, values, io);
    const results = [...machine, ...models.flatMap(({ results }) => results)];
    if (json) io.stdout.write(`${safeJson({ machine, models })}\n`);
    else io.stdout.write(totalText(results));
    if (models.length > 0 && !values.yes && !canAsk(io)) {
      throw new UsageError(
        "Cannot ask the models: there is no terminal to confirm the requests. Give --yes to send them",
      );
    }
    return results.some(({ level }) => level === "problem") ? EXIT_CODES.findings : EXIT_CODES.ok;
  },
});

/** @throws {UsageError} */
async function refuseNoFolder(dir: string): Promise<void> {
  const { explainFailure } = await import("../../adapters/stores/store_errors.ts");
  const { kindAt } = await import("../../adapters/path_info.ts");
  let kind;
  try {
    kind = kindAt(dir);
  } catch (error) {
    throw new UsageError(explainFailure("check", dir, error), { cause: error });
  }
  if (kind === "folder") return;
  const reason = kind === null ? "there is no such folder" : "it is not a folder";
  throw new UsageError(`Cannot check "${dir}": ${reason}. Name an existing folder with --dir`);
}

type Loaded = Awaited<ReturnType<typeof loadedFrom>>;

async function loadedFrom(experiment: string, { trust }: Values) {
  const { load } = await import("../shared/load.ts");
  return await load(experiment, { lookForModels: true, trusted: trust, code: "if-trusted" });
}

/** What was found out about one service. */
type ModelReport =
  & Pick<Service, "names" | "cost">
  & Readonly<{
    adapter: string;
    currency: string | null;
    requests: number;
    tokensAtMost: Service["tokens"];
    isAsked: boolean;
    results: readonly CheckResult[];
  }>;

async function checkModels(loaded: Loaded, values: Values, io: Io): Promise<ModelReport[]> {
  const { servicesOf } = await import("../doctor/services.ts");
  const { checkService } = await import("../doctor/check_service.ts");
  const { keyRemover } = await import("../doctor/keys.ts");
  const { costText, resultsText, serviceTitle } = await import("../doctor/view.ts");
  const services = servicesOf(loaded);
  const withoutKeys = keyRemover(services.map(({ setup }) => setup), variables());
  const people = values.json ? io.stderr : io.stdout;
  people.write(`\nRequests to the models:\n${costText(services)}`);
  const isAsked = values.yes || agreed(io);
  const reports: ModelReport[] = [];
  for (const service of services) {
    const found = isAsked
      ? await checkService(service, { ...loaded, timeoutMs: values.timeout.ms })
      : [{ check: "answers", level: "note", found: "not asked" }] satisfies CheckResult[];
    const results = found.map((result): CheckResult => ({ ...result, found: withoutKeys(result.found) }));
    if (!values.json) io.stdout.write(`\n${resultsText(serviceTitle(service), results, io.stdout)}`);
    const { names, setup: { adapter, prices }, questions, tokens, cost } = service;
    reports.push({
      names,
      adapter,
      requests: questions.length,
      tokensAtMost: tokens,
      cost,
      currency: prices?.currency ?? null,
      isAsked,
      results,
    });
  }
  return reports;
}

function variables(): Record<string, string> {
  const { state } = Deno.permissions.querySync({ name: "env" });
  return state === "granted" ? Deno.env.toObject() : {};
}

const ANSWER_BYTES_MAX = 100;

/** Whether the user can see a question and answer it. */
function canAsk({ stderr }: Io): boolean {
  return Deno.stdin.isTerminal() && stderr.isTerminal;
}

function agreed(io: Io): boolean {
  if (!canAsk(io)) return false;
  const { stderr } = io;
  stderr.write("Send them? [y/N] ");
  const bytes = new Uint8Array(ANSWER_BYTES_MAX);
  const count = Deno.stdin.readSync(bytes) ?? 0;
  return /^\s*y(?:es)?\s*$/i.test(new TextDecoder().decode(bytes.subarray(0, count)));
}
