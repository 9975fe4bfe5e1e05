/** The model that is a person. The person answers on a page that `run` and `annotate` serve. */
import { type ModelAdapter, ModelError, type OptionProblem } from "../../core/ports/model.ts";
import { z } from "../../core/zod.ts";
import { checkOptions, readOptions, whole } from "../models/shared/options.ts";

/** The name of the adapter in experiment files. */
export const HUMAN = "human";

/** The shortest time limit: enough to read one comment and to write a word. */
const TIME_LIMIT_SECONDS_MIN = 5;

/** The longest time limit: thirty days. */
const TIME_LIMIT_SECONDS_MAX = 2_592_000;

const humanSchema = z.strictObject({
  timeLimitSeconds: whole(TIME_LIMIT_SECONDS_MIN, TIME_LIMIT_SECONDS_MAX).optional().describe(
    "How long a person may take for an answer. A question without an answer is then silence with the reason timed-out. " +
      "Without a limit, the discussion waits. Annotators have no time limit",
  ),
});

/** Keys of a model that make no sense for a person → the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  temperature: "a person is not sampled",
  topP: "a person is not sampled",
  maxTokens: "the page has its own limit of characters",
  stop: "a person's words are stored as they were sent",
  thoughts: "a person's words are stored as they were sent",
  limits: "use timeLimitSeconds for the time of an answer",
  prices: "a person has no tokens",
};

/** The adapter `human`. */
export const humanAdapter: ModelAdapter = {
  asksPeople: true,
  checkOptions: (options) => checkOptions(humanSchema, options),
  checkEntry: (entry) =>
    Object.entries(REFUSED).filter(([key]) => entry[key] !== undefined).map((
      [key, reason],
    ): OptionProblem => ({
      path: [key],
      part: "key",
      message: `a human model cannot have ${key}: ${reason}`,
    })),
  create({ options }, { askPerson }) {
    if (askPerson === undefined) {
      throw new ModelError(
        "broken-model",
        "Cannot ask a person here: only run and annotate serve people's pages",
      );
    }
    const { timeLimitSeconds } = readOptions(humanSchema, options);
    const terms = { timeLimitMs: timeLimitSeconds === undefined ? null : timeLimitSeconds * 1000 };
    return { generate: (request, signal) => askPerson(request, terms, signal) };
  },
};
