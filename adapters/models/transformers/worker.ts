/** The worker of a local model. Work that would block the program's own thread runs here. */
import { type FromWorker, reasonOf, type ToWorker } from "./protocol.ts";

const scope = globalThis as unknown as {
  addEventListener: (type: "unhandledrejection", listener: (event: PromiseRejectionEvent) => void) => void;
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage: (message: unknown) => void;
};

// If `location` is set, Transformers.js assumes a browser and reads no files.
Object.defineProperty(globalThis, "location", { value: undefined });

const service = import("./service.ts").then(({ ModelService }) =>
  new ModelService((message) => scope.postMessage(message))
);

// When a download fails, the library can reject a promise that no caller awaits.
scope.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  const message = `The local model failed: ${reasonOf(event.reason)}`;
  scope.postMessage({ type: "load-failed", kind: "broken-model", message } satisfies FromWorker);
});

scope.onmessage = ({ data }) => void service.then((service) => service.receive(data));
