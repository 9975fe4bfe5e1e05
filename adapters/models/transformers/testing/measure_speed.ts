/**
 * Measures a local model as discussions use it, and prints one line for each number of discussions at once: tokens written in
 * a second, and processor time for each token. Then it prints how long the first token takes with a new and with a known
 * prompt, and how much the memory grows over many requests.
 *
 *     deno run -A --lock=deno.lock adapters/models/transformers/testing/measure_speed.ts FOLDER DTYPE [DISCUSSIONS,…]
 */
import { resolve } from "node:path";
import process from "node:process";
import type { Model, ModelRequest } from "../../../../core/ports/model.ts";
import { transformersAdapter } from "../adapter.ts";
import { NEVER, patientClock, question } from "./local_models.ts";

const PEOPLE = 4;

const TURNS = Number(Deno.env.get("TURNS") ?? 4);

const REPLY_TOKENS = 60;

/** Requests between the two measurements of the memory; 0 skips them. */
const REQUESTS = Number(Deno.env.get("REQUESTS") ?? 0);

const TOPICS = ["buses at night", "a ban on cars", "school uniforms", "a tax on sugar", "longer holidays"];

const NAMES = ["Amara", "Boris", "Chen", "Dilek"];

/** Some 120 tokens about a person, then the task. */
function systemOf(person: number): string {
  const likes = TOPICS.map((topic, index) =>
    `${topic}: ${["for it", "against it", "not sure"][(person + index) % 3]}`
  );
  return "You are taking part in an online discussion with three other people. Stay on the topic, and be concrete.\n\n" +
    `You are ${NAMES[person]}. About you:\n- age: ${31 + 7 * person}\n- work: ${
      ["nurse", "teacher", "driver", "student"][person]
    }\n- ` + likes.join("\n- ") + "\n\nWrite one short comment of at most three sentences.";
}

function requestOf(person: number, comments: readonly string[], seed: number): ModelRequest {
  const said = comments.length === 0
    ? ""
    : `The last comments of the discussion:\n\n${comments.join("\n\n")}\n\n`;
  return question("", {
    messages: [
      { role: "system", content: systemOf(person) },
      { role: "user", content: `${said}It is your turn, ${NAMES[person]}. Write only your own comment.` },
    ],
    seed,
    sampling: { temperature: 0.8, maxTokens: REPLY_TOKENS },
  });
}

type Work = { promptTokens: number; replyTokens: number };

/** One discussion: each turn shows the last two comments, so a prompt has some 240 tokens. */
async function discuss(model: Model, number: number, work: Work): Promise<void> {
  const comments = [`Leo: Discussion ${number}. What do you think about ${TOPICS[number % TOPICS.length]}?`];
  for (let turn = 0; turn < TURNS; turn++) {
    const person = (turn + number) % PEOPLE;
    const { text, usage } = await model.generate(
      requestOf(person, comments.slice(-2), number * TURNS + turn),
      NEVER,
    );
    comments.push(`${NAMES[person]}: ${text.replaceAll("\n", "\n  ")}`);
    work.promptTokens += usage!.promptTokens;
    work.replyTokens += usage!.completionTokens!;
  }
}

const cpuSeconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;

const write = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

const [folder, dtype, counts = "1,4,16"] = Deno.args;
const spec = { adapter: "transformers", sampling: {}, options: { model: resolve(folder!), dtype: dtype! } };
const model = await transformersAdapter.create(spec, {
  env: () => undefined,
  clock: patientClock,
  folder: "/",
});
await model.generate(requestOf(0, [], 0), NEVER);

let number = 0;
for (const count of counts.split(",").map(Number)) {
  const work = { promptTokens: 0, replyTokens: 0 };
  const [before, cpuBefore] = [performance.now(), cpuSeconds()];
  await Promise.all(Array.from({ length: count }, () => discuss(model, ++number, work)));
  const [seconds, cpu] = [(performance.now() - before) / 1000, cpuSeconds() - cpuBefore];
  write(
    `${dtype}, ${count} discussions: ${(work.replyTokens / seconds).toFixed(1)} tokens/s, ` +
      `${(1000 * cpu / work.replyTokens).toFixed(1)} ms of processor time a token ` +
      `(${work.promptTokens} tokens read, ${work.replyTokens} written, load ${
        Deno.loadavg()[0]!.toFixed(1)
      })`,
  );
}

const first = async (request: ModelRequest): Promise<number> => {
  const before = cpuSeconds();
  await model.generate({ ...request, sampling: { maxTokens: 1 } }, NEVER);
  return cpuSeconds() - before;
};
const long = ["Boris: ", "Chen: "].map((name) =>
  name + "They run every hour, and they are empty after one. ".repeat(2)
);
const { messages: [system, user], ...rest } = requestOf(2, long, 1);
// No other prompt begins like this one.
const messages = [{ ...system!, content: `New. ${system!.content}` }, user!];
const times = [{ ...rest, messages }, { ...rest, messages, seed: 2 }];
const [fresh, known] = [await first(times[0]!), await first(times[1]!)];
write(`${dtype}, first token: ${fresh.toFixed(3)} s for a new prompt, ${known.toFixed(3)} s for a known one`);

if (REQUESTS > 0) {
  const memory: number[] = [];
  for (let half = 0; half < 2; half++) {
    for (let done = 0; done < REQUESTS; done += 16) {
      const asked = Array.from(
        { length: 16 },
        (_, index) => requestOf(index % PEOPLE, [`Leo: ${half} ${done} ${index}`], done),
      );
      await Promise.all(asked.map((one) => model.generate({ ...one, sampling: { maxTokens: 2 } }, NEVER)));
    }
    memory.push(Deno.memoryUsage().rss / 1e6);
  }
  write(
    `${dtype}, memory after ${REQUESTS} and ${2 * REQUESTS} requests: ${
      memory.map(Math.round).join(" and ")
    } MB`,
  );
}
await model.close!();
