/** A network between a client and a server. It can lose questions and answers. */

/** What the network loses: the client's question, which the server then does not get, or the server's answer. */
export type Loss = "answer" | "question";

/** A running proxy. */
export type Proxy = Readonly<{
  port: number;
  /**
   * Loses the next question that contains a text, or its answer, and ends the connection. Resolves when this has
   * happened.
   */
  lose: (loss: Loss, text: string) => Promise<void>;
  close: () => void;
}>;

/** After this time, in milliseconds, the server has answered. */
const ANSWER_MS = 300;

/** Starts a proxy for a server on this machine. */
export function startProxy(serverPort: number): Proxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let next: Readonly<{ loss: Loss; text: string; done: () => void }> | null = null;
  const carry = async (client: Deno.Conn) => {
    const server = await Deno.connect({ hostname: "127.0.0.1", port: serverPort });
    let isLost = false;
    const answers = (async () => {
      for await (const bytes of server.readable) if (!isLost) await writeAll(client, bytes);
    })().catch(() => {});
    const decoder = new TextDecoder();
    const bytes = new Uint8Array(1 << 20);
    try {
      for (let count; (count = await client.read(bytes)) !== null;) {
        const question = bytes.subarray(0, count);
        if (next === null || !decoder.decode(question).includes(next.text)) {
          await writeAll(server, question);
          continue;
        }
        const { loss, done } = next;
        next = null;
        isLost = true;
        if (loss === "answer") {
          await writeAll(server, question);
          await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
        }
        done();
        break;
      }
    } catch {
      // The client or the server has ended the connection.
    }
    for (const end of [client, server]) {
      try {
        end.close();
      } catch {
        // It is closed already.
      }
    }
    await answers;
  };
  void (async () => {
    for await (const client of listener) void carry(client);
  })().catch(() => {});
  return {
    port: (listener.addr as Deno.NetAddr).port,
    lose: (loss, text) => new Promise((done) => next = { loss, text, done }),
    close: () => listener.close(),
  };
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
