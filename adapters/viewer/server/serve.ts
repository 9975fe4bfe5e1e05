/** Serves an app on this machine. */
import { LOOPBACK } from "./access.ts";

/** A server that listens. */
export type Served = Readonly<{
  port: number;
  /** Ends the server and its open connections. */
  close: () => Promise<void>;
}>;

/**
 * Serves an app at 127.0.0.1.
 *
 * @param port The port; 0 for any free port.
 * @throws {Deno.errors.AddrInUse} If another program listens on the port.
 */
export function serve(
  app: Readonly<{ fetch: (request: Request) => Response | Promise<Response> }>,
  port: number,
): Served {
  const ended = new AbortController();
  const server = Deno.serve(
    { hostname: LOOPBACK, port, signal: ended.signal, onListen: () => {} },
    (request) => app.fetch(request),
  );
  return {
    port: server.addr.port,
    close: async () => {
      ended.abort();
      await server.finished;
    },
  };
}

/** The link to a page at a path. The token is in the part after `#`, which browsers never send. */
export function linkTo(port: number, token: string, path = "/"): string {
  return `http://${LOOPBACK}:${port}${path}#t=${token}`;
}
