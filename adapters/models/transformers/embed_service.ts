/** The worker's side of a model that returns vectors: loads it, and answers one request after the other. */
import { failureOf, reportFailure } from "../shared/model_service.ts";
import type { FromWorker, ToEmbedder } from "../shared/protocol.ts";
import type { Dtype } from "./options.ts";
import type { Embedder } from "./load_embedder.ts";

export class EmbedService<Order extends Readonly<{ batch: number; dtype: Dtype }>> {
  readonly #load: (order: Order) => Promise<Embedder>;
  readonly #send: (message: FromWorker) => void;
  /** The open requests. */
  readonly #asked = new Set<number>();
  #loading: Promise<Embedder> | null = null;
  #batch = 1;
  /** Settled when all requests so far have been answered. */
  #working: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(load: (order: Order) => Promise<Embedder>, send: (message: FromWorker) => void) {
    this.#load = load;
    this.#send = send;
  }

  async receive(message: ToEmbedder<Order>): Promise<void> {
    switch (message.type) {
      case "load":
        return await this.#open(message.order);
      case "embed":
        this.#asked.add(message.id);
        this.#working = this.#working.then(() => this.#embed(message));
        return await this.#working;
      case "abort":
        this.#asked.delete(message.id);
        return;
      case "close":
        return await this.#close();
      default:
        message satisfies never;
    }
  }

  async #open(order: Order): Promise<void> {
    // Other formats round by the largest numbers of a batch, so a vector would depend on the other texts.
    this.#batch = order.dtype === "fp32" ? order.batch : 1;
    this.#loading = this.#load(order);
    await reportFailure(this.#loading, this.#send);
  }

  async #embed({ id, texts }: Extract<ToEmbedder<Order>, { type: "embed" }>): Promise<void> {
    try {
      // `#open()` reports a failure to load.
      const model = await this.#loading!.catch(() => null);
      const vectors: Float32Array[] = [];
      let [cut, tokens] = [0, 0];
      for (let from = 0; from < texts.length; from += this.#batch) {
        if (model === null || this.#isClosing || !this.#asked.has(id)) return;
        const embedded = await model.embed(texts.slice(from, from + this.#batch));
        vectors.push(...embedded.vectors);
        cut += embedded.cut;
        tokens += embedded.tokens;
      }
      if (this.#asked.delete(id)) {
        this.#send({ type: "vectors", id, embedded: { vectors, cut, usage: usageOf(tokens) } });
      }
    } catch (error) {
      if (this.#asked.delete(id)) this.#send({ type: "failed", id, ...failureOf(error) });
    }
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    await this.#working;
    const model = await this.#loading?.catch(() => null);
    await model?.dispose();
    this.#send({ type: "closed" });
  }
}

function usageOf(promptTokens: number) {
  return { promptTokens, completionTokens: 0 };
}
