/**
 * Requests as discussions send them, for measurements. Prompts do not depend on replies, so all models get the same
 * prompts.
 */
import process from "node:process";
import type { Message, Model, ModelReply } from "../../../core/ports/model.ts";
import { NEVER, question } from "./stub_models.ts";

const TOPICS = ["buses at night", "a ban on cars", "school uniforms", "a tax on sugar", "longer holidays"];
const NAMES = ["Amara", "Boris", "Chen", "Dilek"];
const WORK = ["nurse", "teacher", "driver", "student"];
const COMMENTS = [
  "I use them every week, and they are never on time. The city should pay for that.",
  "My neighbours say the opposite. They would pay more if it came more often.",
  "It depends on where you live. In the country, people have no choice.",
  "We tried it in my town, and after a year most people liked it.",
];

/** The most comments that a prompt shows. */
const HISTORY = 4;

export const REPLY_TOKENS = 60;

/** The persona is the same in all discussions; the transcript differs. A prompt has 150 to 240 tokens. */
export function promptOf(discussion: number, turn: number, history: number = HISTORY): Message[] {
  const person = (turn + discussion) % NAMES.length;
  const likes = TOPICS.map((topic, index) =>
    `${topic}: ${["for it", "against it", "not sure"][(person + index) % 3]}`
  );
  const opening = `Leo: Discussion ${discussion}. What do you think about ${
    TOPICS[discussion % TOPICS.length]
  }?`;
  const comments = Array.from(
    { length: turn },
    (_, index) =>
      `${NAMES[(index + discussion) % NAMES.length]}: Point ${discussion + index}. ${
        COMMENTS[(index + discussion) % COMMENTS.length]
      }`,
  );
  const shown = [opening, ...comments].slice(-history).join("\n\n");
  return [
    {
      role: "system",
      content:
        "You are taking part in an online discussion with three other people. Stay on the topic, and be concrete.\n\n" +
        `You are ${NAMES[person]}. About you:\n- age: ${31 + 7 * person}\n- work: ${WORK[person]}\n- ` +
        `${likes.join("\n- ")}\n\nWrite one short comment of at most three sentences.`,
    },
    {
      role: "user",
      content: `The last comments of the discussion:\n\n${shown}\n\nIt is your turn, ${
        NAMES[person]
      }. Write only your own comment.`,
    },
  ];
}

/** The text of a prompt, without the marks of a chat template. */
export function textOf(messages: readonly Message[]): string {
  return messages.map(({ content }) => content).join("\n");
}

/** Asks for a reply at temperature 0. */
export async function ask(
  model: Model,
  messages: readonly Message[],
  tokens: number = REPLY_TOKENS,
): Promise<ModelReply> {
  return await model.generate(
    question("", { messages, sampling: { temperature: 0, maxTokens: tokens } }),
    NEVER,
  );
}

/**
 * What a model did in some discussions. `seconds` is the time that passed, and `cpu` the seconds of all processors
 * together. `read`, `unknown` and `written` count tokens. `unknown` is a lower estimate of the tokens that follow
 * the longest known beginning of each prompt.
 */
export type Work = Readonly<{
  seconds: number;
  cpu: number;
  read: number;
  unknown: number;
  written: number;
  turns: readonly (readonly [Message[], number])[];
}>;

/** The share of a prompt that follows its longest common beginning with an earlier prompt. */
function unknownShare(prompt: string, earlier: readonly string[]): number {
  let known = 0;
  for (const other of earlier) {
    while (other.startsWith(prompt.slice(0, known + 1)) && known < prompt.length) known++;
  }
  return 1 - known / prompt.length;
}

/**
 * Runs discussions at the same time, numbered from `first`. The number of a discussion determines its prompts.
 *
 * @param earlier The prompts that the model has had. New ones are added.
 */
export async function discuss(
  model: Model,
  { first, discussions, turns }: Readonly<{ first: number; discussions: number; turns: number }>,
  earlier: string[],
): Promise<Work> {
  const done: (readonly [Message[], number])[] = [];
  let read = 0, written = 0, unknown = 0;
  const [before, cpuBefore] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: discussions }, async (_, index) => {
    for (let turn = 0; turn < turns; turn++) {
      const messages = promptOf(first + index, turn);
      const prompt = textOf(messages);
      const share = unknownShare(prompt, earlier);
      earlier.push(prompt);
      const { promptTokens, completionTokens } = (await ask(model, messages)).usage!;
      read += promptTokens;
      unknown += share * promptTokens;
      written += completionTokens!;
      done.push([messages, completionTokens!]);
    }
  }));
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - before) / 1000;
  return { seconds, cpu: (user + system) / 1e6, read, unknown, written, turns: done };
}
