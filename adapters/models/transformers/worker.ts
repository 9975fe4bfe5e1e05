/** The worker of a local model: everything that blocks happens here. */
import type { ToWorker } from "./protocol.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage: (message: unknown) => void;
};

// With a location, Transformers.js takes Deno's worker for a browser's, and reads no files.
Object.defineProperty(globalThis, "location", { value: undefined });

const service = import("./serve.ts").then(({ ModelService }) =>
  new ModelService((message) => scope.postMessage(message))
);

scope.onmessage = ({ data }) => void service.then((service) => service.receive(data));
