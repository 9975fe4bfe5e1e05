/** The stream of notices, as a page reads it. */
import assert from "node:assert/strict";
import { Hono } from "npm:hono@4.13.19";
import { systemClock } from "../../system.ts";
import type { Notice } from "../api.ts";
import { fixedSource } from "../testing/fixed_source.ts";
import { followRoute } from "./live.ts";

const TIMING = { messageMs: 1, aliveMs: 60_000, clock: systemClock };

type Message = Readonly<{ id: string; notices: readonly Notice[] }>;

/** Reads messages and comments one by one. */
async function* messagesOf(response: Response): AsyncGenerator<Message | ":"> {
  let text = "";
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const message = text.slice(0, end);
      text = text.slice(end + 2);
      if (message.startsWith(":")) yield ":";
      else {
        const [, data, id] = /^data: (.*)\nid: (.*)$/.exec(message)!;
        yield { id: id!, notices: JSON.parse(data!) };
      }
    }
  }
}

function server(timing = TIMING) {
  const { source, notify } = fixedSource();
  const ended = new AbortController();
  const app = new Hono().get("/", followRoute(source, ended.signal, timing));
  const connect = async (last?: string) =>
    messagesOf(await app.request("/", { headers: last === undefined ? {} : { "Last-Event-ID": last } }));
  return { notify, connect, end: () => ended.abort() };
}

async function next(messages: AsyncGenerator<Message | ":">): Promise<Message> {
  const { value } = await messages.next();
  assert.notEqual(value, ":");
  return value as Message;
}

const changed = (events: number, discussion = "d") =>
  ({ kind: "discussions", changed: [{ run: "r", discussion, events }] }) as const;

Deno.test("every page gets the notices after it has connected", async () => {
  const { notify, connect, end } = server();
  const [one, other] = [await connect(), await connect()];
  assert.deepEqual((await next(one)).notices, []);
  assert.deepEqual((await next(other)).notices, []);
  notify(changed(3));
  assert.deepEqual((await next(one)).notices, [changed(3)]);
  assert.deepEqual((await next(other)).notices, [changed(3)]);
  notify({ kind: "overview" });
  assert.deepEqual((await next(one)).notices, [{ kind: "overview" }]);
  end();
  assert.equal((await one.next()).done, true);
});

Deno.test("a page that does not read gets only the latest state when it reads again", async () => {
  const { notify, connect, end } = server();
  const messages = await connect();
  await next(messages);
  for (let events = 1; events <= 20_000; events++) {
    notify(changed(events, `d${events % 10}`));
    if (events % 1_000 === 0) await systemClock.sleep(1);
  }
  const last = new Map<string, number>();
  let count = 0;
  while (last.size < 10 || [...last.values()].some((events) => events <= 19_990)) {
    count++;
    for (const notice of (await next(messages)).notices) {
      assert.equal(notice.kind, "discussions");
      for (const { discussion, events } of (notice as ReturnType<typeof changed>).changed) {
        last.set(discussion, events);
      }
    }
  }
  assert.ok(count < 25, `${count} messages`);
  end();
});

Deno.test("a page that connects again is told to reload only if something changed meanwhile", async () => {
  const { notify, connect, end } = server();
  const first = await connect();
  notify(changed(1));
  await next(first);
  const { id } = await next(first);
  await first.return(undefined);
  assert.deepEqual((await next(await connect(id))).notices, []);
  notify(changed(2));
  const again = await connect(id);
  await next(again);
  assert.deepEqual((await next(again)).notices, [{ kind: "reload" }]);
  const other = await connect("of-another-start-1");
  await next(other);
  assert.deepEqual((await next(other)).notices, [{ kind: "reload" }]);
  end();
});

Deno.test("a silent stream has comments, which show that the server is there", async () => {
  const { connect, end } = server({ ...TIMING, aliveMs: 1 });
  const messages = await connect();
  await next(messages);
  assert.equal((await messages.next()).value, ":");
  assert.equal((await messages.next()).value, ":");
  end();
});
