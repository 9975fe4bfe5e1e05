/** The worker of a local model: everything that blocks happens here. */
import { reasonOf } from "./load_failure.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

const scope = globalThis as unknown as {
  addEventListener: (type: "unhandledrejection", listener: (event: PromiseRejectionEvent) => void) => void;
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage: (message: unknown) => void;
};

// With a location, Transformers.js takes Deno's worker for a browser's, and reads no files.
Object.defineProperty(globalThis, "location", { value: undefined });

const service = import("./serve.ts").then(({ ModelService }) =>
  new ModelService((message) => scope.postMessage(message))
);

// The library fails outside of what its callers wait for when a file of a download is lost.
scope.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  const message = `The local model failed: ${reasonOf(event.reason)}`;
  scope.postMessage({ type: "load-failed", kind: "broken-model", message } satisfies FromWorker);
});

scope.onmessage = ({ data }) => void service.then((service) => service.receive(data));
