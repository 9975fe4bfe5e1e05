/**
 * Runs the service of a local model in a worker. The worker's module calls this at once, because messages come
 * early.
 */
import { type FromWorker, reasonOf, type ToEmbedder, type ToWorker } from "./protocol.ts";

const scope = globalThis as unknown as {
  addEventListener: (type: "unhandledrejection", listener: (event: PromiseRejectionEvent) => void) => void;
  onmessage: (event: MessageEvent<unknown>) => void;
  postMessage: (message: FromWorker) => void;
};

type Service<Order> = Readonly<{ receive(message: ToWorker<Order> | ToEmbedder<Order>): Promise<void> }>;

/**
 * Serves a model until the worker ends.
 *
 * @param open Imports and makes the service. Messages that arrive before it is ready wait.
 */
export function serveModel<Order>(
  open: (send: (message: FromWorker) => void) => Promise<Service<Order>>,
): void {
  const service = open((message) => scope.postMessage(message));
  // A library can reject a promise that no caller awaits, such as when a download fails.
  scope.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const message = `The local model failed: ${reasonOf(event.reason)}`;
    scope.postMessage({ type: "load-failed", kind: "broken-model", message });
  });
  scope.onmessage = ({ data }) => void service.then((service) => service.receive(data as ToWorker<Order>));
}
