/** The test cases that every event store must pass. */
import assert from "node:assert/strict";
import { type StoredLine } from "../events/codec.ts";
import { type EventStore, readingAhead, StreamConflict } from "./event_store.ts";
import { type ConformanceCase, conformanceCases, type SkippedCases } from "./cases_conformance.ts";

/** An empty store for one case, and functions to reopen the store and to clean up. */
export type EventStoreHarness = Readonly<{
  store: EventStore;
  /** Opens the same streams again, like a new process after this one has died. */
  reopen: () => Promise<EventStore>;
  cleanup: () => Promise<void>;
}>;

const STREAMS = 40;

/** A function call with this number of arguments would overflow the stack. */
const LINES_OF_ONE_APPEND = 200_000;

const line = (text: string): StoredLine => JSON.stringify({ text });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const CASES: Readonly<Record<string, (harness: EventStoreHarness) => Promise<void>>> = {
  async "read() gives appended lines back in order"({ store }) {
    await store.append("a", 0, [line("0")]);
    await store.append("a", 1, [line("1"), line("2")]);
    await store.append("a", 3, [line("3")]);
    assert.deepEqual(await all(store.read("a")), ["0", "1", "2", "3"].map(line));
  },
  async "append() takes more lines in one call than a function call can have arguments"({ store }) {
    const lines = Array.from({ length: LINES_OF_ONE_APPEND }, (_, index) => line(String(index)));
    await store.append("a", 0, lines);
    await store.append("a", lines.length, [line("last")]);
    assert.deepEqual(await all(store.read("a")), [...lines, line("last")]);
  },
  async "read() of an unknown stream gives nothing"({ store }) {
    assert.deepEqual(await all(store.read("no-one")), []);
    assert.deepEqual(await all(store.streams()), []);
  },
  async "read() can be stopped early and started again"({ store }) {
    await store.append("a", 0, ["0", "1", "2"].map(line));
    for await (const first of store.read("a")) {
      assert.equal(first, line("0"));
      break;
    }
    assert.equal((await all(store.read("a"))).length, 3);
  },
  async "append() refuses a wrong expectedSeq and writes nothing"({ store, reopen }) {
    await assert.rejects(store.append("a", 1, [line("early")]), StreamConflict);
    await store.append("a", 0, [line("0")]);
    await assert.rejects(store.append("a", 0, [line("again")]), StreamConflict);
    await assert.rejects(store.append("a", 2, [line("gap")]), StreamConflict);
    assert.deepEqual(await all(store.read("a")), [line("0")]);
    assert.deepEqual(await all((await reopen()).read("a")), [line("0")]);
  },
  async "append() creates no stream when it is refused"({ store }) {
    await assert.rejects(store.append("a", 5, [line("gap")]), StreamConflict);
    assert.deepEqual(await all(store.streams()), []);
  },
  async "append() without lines throws a RangeError"({ store }) {
    await assert.rejects(store.append("a", 0, []), RangeError);
    assert.deepEqual(await all(store.streams()), []);
  },
  async "append() of a line with a newline in it throws a RangeError"({ store }) {
    await assert.rejects(store.append("a", 0, [line("fine"), '{"text":\n"two lines"}']), RangeError);
    assert.deepEqual(await all(store.read("a")), []);
  },
  async "append() accepts exactly one of two conflicting appends"({ store }) {
    const rivals = await Promise.allSettled([
      store.append("a", 0, [line("one")]),
      store.append("a", 0, [line("two")]),
    ]);
    assert.equal(rivals.filter(({ status }) => status === "fulfilled").length, 1);
    const lost = rivals.find(({ status }) => status === "rejected");
    assert.ok(lost?.status === "rejected" && lost.reason instanceof StreamConflict);
    assert.equal((await all(store.read("a"))).length, 1);
  },
  async "append() to many streams at the same time keeps the streams apart"({ store, reopen }) {
    const names = Array.from({ length: STREAMS }, (_, index) => `stream-${index}`);
    await Promise.all(names.map(async (name) => {
      for (let seq = 0; seq < 10; seq++) await store.append(name, seq, [line(`${name} ${seq}`)]);
    }));
    const expected = (name: string) => Array.from({ length: 10 }, (_, seq) => line(`${name} ${seq}`));
    const reopened = await reopen();
    for (const name of names) {
      assert.deepEqual(await all(store.read(name)), expected(name));
      assert.deepEqual(await all(reopened.read(name)), expected(name));
    }
  },
  async "read() gives either all lines of an append or none"({ store, reopen }) {
    const batch = Array.from({ length: 1000 }, (_, index) => line(`${index} `.repeat(50)));
    const append = store.append("a", 0, batch);
    const meanwhile = (await all(store.read("a"))).length;
    assert.ok(meanwhile === 0 || meanwhile === batch.length, `read ${meanwhile} lines of a batch of 1000`);
    await append;
    assert.deepEqual(await all(store.read("a")), batch);
    assert.deepEqual(await all((await reopen()).read("a")), batch);
  },
  async "append() and read() keep every character"({ store, reopen }) {
    const texts = [
      'quotes " and \\ backslashes',
      "line\nbreaks\r\nof\u2028all\u2029kinds\u0085",
      "emoji 👩‍👩‍👧‍👦, combining e\u0301, right-to-left \u202e, byte order mark \ufeff",
      "NUL \u0000 and other controls \u0001\u001b[31m\u007f",
      "lone surrogates \ud800 \udc00 x",
      "\ufeff",
      "",
    ];
    const lines = texts.map(line);
    await store.append("a", 0, lines);
    for (const source of [store, await reopen()]) {
      const read = await all(source.read("a"));
      assert.deepEqual(read, lines);
      assert.deepEqual(read.map((stored) => JSON.parse(stored).text), texts);
    }
  },
  async "append() and read() take long lines"({ store }) {
    const long = line("ä€😀".repeat(120_000));
    assert.ok(new TextEncoder().encode(long).length > 1_000_000);
    await store.append("a", 0, [line("before"), long, line("after")]);
    assert.deepEqual(await all(store.read("a")), [line("before"), long, line("after")]);
  },
  async "readInPieces() reads the same lines as read(), from any line on"({ store }) {
    await store.append("a", 0, [..."01234"].map((digit) => line(digit.repeat(100_000))));
    for (const from of store.readInPieces === undefined ? [] : [0, 3, 5, 6]) {
      assert.deepEqual((await all(store.readInPieces!("a", from))).flat(), await all(store.read("a", from)));
    }
  },
  async "readingAhead() reads the same lines as read(), in the given order of streams and in any other order"(
    { store, reopen },
  ) {
    const names = ["a", "none", "b", "c", "d", "e", "f"];
    for (const name of names.filter((name) => name !== "none")) {
      await store.append(name, 0, [line(name), line("1"), line("2")]);
    }
    const ahead = readingAhead(await reopen(), names);
    for (const name of [...names, ...names.toReversed(), "unknown", "b", "d"]) {
      assert.deepEqual(await all(ahead.read(name)), await all(store.read(name)));
    }
    assert.deepEqual(await all(ahead.read("c", 2)), [line("2")]);
  },
  async "streams() names every stream once"({ store, reopen }) {
    const names = ["moderator=none.r001-3f2a", "a+b=c.d_e-f", "UPPER", "0"];
    for (const name of names) {
      await store.append(name, 0, [line("0")]);
      await store.append(name, 1, [line("1")]);
    }
    assert.deepEqual((await all(store.streams())).sort(), [...names].sort());
    assert.deepEqual((await all((await reopen()).streams())).sort(), [...names].sort());
  },
  async "sizes() gives each stream a number that grows with each append"({ store, reopen }) {
    assert.deepEqual(await all(store.sizes()), []);
    const sizesIn = async (source: EventStore, streams?: readonly string[]) =>
      new Map((await all(source.sizes(streams))).map(({ stream, size }) => [stream, size]));
    await store.append("a", 0, [line("0")]);
    await store.append("b/c", 0, [line("0")]);
    const before = await sizesIn(store);
    assert.deepEqual([...before.keys()].sort(), ["a", "b/c"]);
    assert.deepEqual(await sizesIn(store, ["b/c", "unknown"]), new Map([["b/c", before.get("b/c")]]));
    await store.append("a", 1, [line("")]);
    for (const source of [store, await reopen()]) {
      const after = await sizesIn(source);
      assert.ok(after.get("a")! > before.get("a")!);
      assert.equal(after.get("b/c"), before.get("b/c"));
    }
  },
  async "streams with unusual names are kept apart"({ store, reopen }) {
    const names = [
      "a/b",
      "../a",
      ".",
      "..",
      "a b",
      "a%20b",
      "ä",
      "a\\b",
      "nul\0",
      "con.jsonl",
      "😀",
      "*?<>|:",
    ];
    for (const name of names) await store.append(name, 0, [line(name)]);
    const reopened = await reopen();
    assert.deepEqual((await all(reopened.streams())).sort(), [...names].sort());
    for (const name of names) assert.deepEqual(await all(reopened.read(name)), [line(name)]);
  },
  async "a reopened store has all acknowledged lines, and takes more"({ store, reopen }) {
    await store.append("a", 0, [line("0")]);
    await store.append("a", 1, [line("1")]);
    const second = await reopen();
    await assert.rejects(second.append("a", 1, [line("again")]), StreamConflict);
    await second.append("a", 2, [line("2")]);
    assert.deepEqual(await all((await reopen()).read("a")), ["0", "1", "2"].map(line));
  },
  async "append() works after release()"({ store }) {
    store.release("unknown");
    await store.append("a", 0, [line("0")]);
    store.release("a");
    await store.append("a", 1, [line("1")]);
    const append = store.append("a", 2, [line("2")]);
    store.release("a");
    await append;
    store.release("a");
    await assert.rejects(store.append("a", 2, [line("again")]), StreamConflict);
    await store.append("a", 3, [line("3")]);
    assert.deepEqual(await all(store.read("a")), ["0", "1", "2", "3"].map(line));
  },
  async "append() works after read()"({ store }) {
    await store.append("a", 0, [line("0")]);
    store.release("a");
    assert.equal((await all(store.read("a"))).length, 1);
    await store.append("a", 1, [line("1")]);
    assert.equal((await all(store.read("a"))).length, 2);
    await store.append("a", 2, [line("2")]);
    assert.deepEqual(await all(store.read("a")), ["0", "1", "2"].map(line));
  },
  async "read() from a sequence number leaves out the lines before it"({ store, reopen }) {
    await store.append("a", 0, ["0", "1", "2"].map(line));
    for (const source of [store, await reopen()]) {
      for (const from of [2, 0, 3, 1, 7]) {
        const expected = ["0", "1", "2"].slice(from).map(line);
        assert.deepEqual(await all(source.read("a", from)), expected, `from ${from}`);
      }
    }
    await store.append("a", 3, [line("3")]);
    assert.deepEqual(await all(store.read("a", 2)), ["2", "3"].map(line));
    assert.deepEqual(await all(store.read("unknown", 1)), []);
  },
  async "follow() gives the lines of a stream, then further lines as they are appended"({ store, reopen }) {
    await store.append("a", 0, ["0", "1"].map(line));
    for (const source of [store, await reopen()]) {
      const until = new AbortController();
      const followed: StoredLine[] = [];
      let seq = (await all(store.read("a"))).length;
      const end = seq + 2;
      for await (const given of source.follow("a", { from: 1, signal: until.signal })) {
        followed.push(given);
        if (followed.length + 1 === end) until.abort();
        else if (followed.length + 1 === seq) await store.append("a", seq, [line(String(seq++))]);
      }
      assert.deepEqual(followed, Array.from({ length: end - 1 }, (_, index) => line(String(index + 1))));
    }
  },
  async "follow() waits for a stream that does not exist yet, and for a line after its end"(
    { store, reopen },
  ) {
    const until = new AbortController();
    const followers = [store, await reopen()].map(async (source) => {
      const given: StoredLine[] = [];
      for await (const next of source.follow("a", { from: 1, signal: until.signal })) {
        given.push(next);
        if (given.length === 2) break;
      }
      return given;
    });
    await store.append("other", 0, [line("other")]);
    for (let seq = 0; seq < 3; seq++) await store.append("a", seq, [line(String(seq))]);
    for (const follower of followers) assert.deepEqual(await follower, ["1", "2"].map(line));
  },
  async "follow() ends when its signal is aborted, while it reads and while it waits"({ store }) {
    await store.append("a", 0, ["0", "1"].map(line));
    assert.deepEqual(await all(store.follow("a", { signal: AbortSignal.abort() })), []);
    for (const lines of [1, 2]) {
      const until = new AbortController();
      const given: StoredLine[] = [];
      for await (const next of store.follow("a", { signal: until.signal })) {
        if (given.push(next) === lines) Promise.resolve().then(() => until.abort());
        if (lines === 1) await Promise.resolve();
      }
      assert.equal(given.length, lines);
    }
  },
  async "follow() lets several readers follow one stream"({ store }) {
    const until = new AbortController();
    const counts = [0, 0, 0];
    const followers = counts.map(async (_, index) => {
      for await (const _line of store.follow("a", { signal: until.signal })) {
        counts[index]!++;
        if (counts.every((count) => count === 3)) until.abort();
      }
    });
    for (let seq = 0; seq < 3; seq++) await store.append("a", seq, [line(String(seq))]);
    await Promise.all(followers);
    assert.deepEqual(counts, [3, 3, 3]);
  },
};

/** The cases that every event store passes, as tests. `makeStore` makes an empty store for each test. */
export function eventStoreConformance(
  name: string,
  makeStore: () => Promise<EventStoreHarness>,
  options: { skip?: readonly SkippedCases[] } = {},
): readonly ConformanceCase[] {
  return conformanceCases(name, CASES, { makeHarness: makeStore, ...options });
}
