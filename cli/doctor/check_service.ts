/** Asks one model a few short questions, and says what its replies mean for a run. */
import { openModels } from "../../adapters/local/open_models.ts";
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { specOf } from "../../core/experiment/model_keys.ts";
import { type Model, ModelError, type ModelFacts } from "../../core/ports/mod.ts";
import { formatDuration } from "../terminal/numbers.ts";
import { failureOf } from "./failures.ts";
import { type QuestionName, requestOf } from "./questions.ts";
import {
  type Answered,
  answering,
  context,
  cuts,
  forms,
  seed,
  speed,
  systemRole,
  thoughts,
  type TimedReply,
} from "./read_replies.ts";
import type { CheckResult } from "./result.ts";
import { isPerson } from "../people/people_plan.ts";
import type { Service } from "./services.ts";

/** How a service is checked. */
export type ServiceOptions =
  & Pick<LoadedExperiment, "adapters" | "folder" | "left">
  & Readonly<{
    /** The longest time for one answer, in milliseconds. */
    timeoutMs: number;
  }>;

/** Checks one service. If the first question fails, asks no other: the others would fail in the same way. */
export async function checkService(service: Service, options: ServiceOptions): Promise<CheckResult[]> {
  const { setup, names } = service;
  if (!options.adapters.has(setup.adapter)) {
    return [{
      check: "answers",
      level: "warning",
      found: `not asked: its adapter "${setup.adapter}" was not loaded: ${options.left.get(setup.adapter)}`,
      change: "read the code, then give --trust",
    }];
  }
  if (isPerson(options, setup.adapter)) {
    return [{ check: "answers", level: "ok", found: "a person, whom doctor does not ask" }];
  }
  try {
    const opened = await openModels([[names[0]!, setup]], options);
    try {
      return await checkModel(opened.lookUp(names[0]!, specOf(setup)).model, service, options.timeoutMs);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof ModelError) return [failureOf("answers", error, "problem")];
    throw error;
  }
}

async function checkModel(model: Model, service: Service, timeoutMs: number): Promise<CheckResult[]> {
  const facts = await within(timeoutMs, (signal) => model.facts?.(signal) ?? Promise.resolve({}));
  if (facts instanceof ModelError) return [failureOf("answers", facts, "problem")];
  const answered = new Map<QuestionName, TimedReply | ModelError>();
  for (const name of service.questions) {
    const start = performance.now();
    const reply = await within(timeoutMs, (signal) => model.generate(requestOf(name, service.setup), signal));
    if (reply instanceof ModelError) {
      if (name === "first") return [failureOf("answers", reply, "problem")];
      answered.set(name, reply);
    } else answered.set(name, { reply, ms: performance.now() - start });
  }
  return resultsOf(answered, service, facts);
}

function resultsOf(answered: Answered, service: Service, facts: ModelFacts): CheckResult[] {
  const first = answering(answered, facts);
  // A reply without a text says nothing about the other checks.
  if (first.some(({ level }) => level === "problem")) return first;
  return [
    ...first,
    ...systemRole(answered, service),
    ...context(service, facts),
    ...seed(answered, service),
    ...forms(answered, service),
    ...thoughts(answered, service),
    ...cuts(answered, service),
    ...speed(answered),
  ];
}

/** Waits for a model for a limited time. Returns its error instead of throwing it. */
async function within<T>(ms: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T | ModelError> {
  const late = new ModelError("time-out", `no answer within ${formatDuration(ms)}`);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(late), ms);
  // An adapter of the user's own can ignore the signal.
  const { promise, reject } = Promise.withResolvers<never>();
  stop.signal.addEventListener("abort", () => reject(late), { once: true });
  try {
    return await Promise.race([Promise.try(ask, stop.signal), promise]);
  } catch (error) {
    if (error instanceof ModelError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new ModelError("broken-model", `its adapter failed: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}
