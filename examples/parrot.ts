/** A model adapter: its model repeats the last comment. */
import { type ModelAdapter, ModelError } from "@syndisco/syndisco";

const parrot: ModelAdapter = {
  create({ options }) {
    const prefix = String(options.prefix ?? "So you say:");
    return {
      generate({ messages }, signal) {
        signal.throwIfAborted();
        const transcript = messages.at(-1)?.content;
        if (transcript === undefined) throw new ModelError("bad-request", "The prompt is empty");
        const last = transcript.split("\n\n").at(-2)?.replace(/^[^:]*: /, "") ?? "nothing yet";
        return Promise.resolve({ text: `${prefix} ${last.slice(0, 80)}`, finishReason: "stop" });
      },
    };
  },
};

export default parrot;
