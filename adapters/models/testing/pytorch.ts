/** Starts PyTorch for comparisons. `PYTHON` names a Python that has torch and transformers. */
import { join } from "node:path";
import type { Message } from "../../../core/ports/model.ts";

/** `seconds` is the time that passed; `cpu` is the seconds of all processors together. */
export type PyTorchReply = Readonly<
  { seconds: number; cpu: number; promptTokens: number; tokens: number; text: string }
>;

/** The model's weights, and what the processor can do in a second. */
export type Limits = Readonly<
  { weights: number; floatOperations: number; integerOperations: number; bytes: number }
>;

export class PyTorch {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #rest = "";

  /** @param folder A model in Hugging Face's form. */
  constructor(folder: string, dtype: "float32" | "bfloat16", threads: number) {
    this.#child = new Deno.Command(Deno.env.get("PYTHON") ?? "python3", {
      args: [join(import.meta.dirname!, "pytorch.py"), folder, dtype, String(threads)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** A greedy reply of at most this many tokens, or of exactly this many if `exact` is true. */
  async reply(messages: readonly Message[], tokens: number, exact = false): Promise<PyTorchReply> {
    return await this.#ask({ messages, tokens, exact }) as PyTorchReply;
  }

  async limits(): Promise<Limits> {
    return await this.#ask({ limits: true }) as Limits;
  }

  async close(): Promise<void> {
    await this.#input.close();
    await this.#output.cancel();
    await this.#child.status;
  }

  async #ask(question: unknown): Promise<unknown> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(question)}\n`));
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error("Cannot ask PyTorch: it has ended; set PYTHON to a Python with torch");
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return JSON.parse(line);
  }
}
