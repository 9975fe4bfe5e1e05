/** A model can send any text: logs keep it unchanged, and the terminal gets it with control characters escaped. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { nativeSha256 } from "../../adapters/system.ts";
import type { StubFault } from "../../adapters/models/testing/openai_stub.ts";
import { startOpenAiStub } from "../../adapters/models/testing/openai_stub.ts";
import { folderRun } from "../../adapters/stores/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { readStream } from "../../core/engine/mod.ts";
import { eventOf } from "../../core/events/mod.ts";
import { experiment, jsonLines } from "../testing/experiments.ts";
import { contentsOfRun, type Ended, runProgram } from "../testing/processes.ts";

const OUR_OWN_JSON = JSON.stringify({
  type: "finished",
  exitCode: 0,
  stream: "base.r0001",
  seq: 0,
  data: { text: "{}" },
  hash: "0".repeat(64),
});

const HOSTILE: Readonly<Record<string, string>> = {
  "terminal escapes": "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m \x9b31m \x1bP+q544e\x1b\\",
  "control characters": "a\x00b\x08\x08c\rd\x7fe\x85f",
  "bidi controls": "\u202eevil\u202c \u2066x\u2069 \u200f",
  "line and paragraph separators": "one\u2028two\u2029three",
  "lone surrogates": "\ud800 and \udfff",
  "an enormous line": "long ".repeat(100_000).trim(),
  "text that looks like our own JSON": `${OUR_OWN_JSON}\n${OUR_OWN_JSON}`,
  "text that closes a JSON string": '"}],"usage":{}}\n{"choices":[{"message":{"content":"',
};

/** Control characters except the newline, separators of lines and paragraphs, and characters that change the direction of writing. */
const COMMANDS = /[^\P{Cc}\n]|[\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Runs three small discussions with a server that has the fault. Returns the output of the program. */
async function runWith(
  fault: StubFault,
  { cwd, args = [] }: { cwd: string; args?: readonly string[] },
): Promise<Ended> {
  await using stub = startOpenAiStub({ fault: () => fault });
  const model = `{ adapter: openai, model: stub-model, baseUrl: "${stub.baseUrl}" }`;
  await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(model, 2));
  return await runProgram(["run", "e.yaml", ...args], { cwd });
}

async function textsIn(folder: string): Promise<string[]> {
  const { store } = await folderRun(folder).read();
  const texts: string[] = [];
  for await (const stream of store.streams()) {
    for await (const envelope of readStream(store, stream, nativeSha256)) {
      const event = eventOf(envelope);
      if (event.type === "TurnTaken") texts.push(event.data.raw ?? event.data.text);
    }
  }
  return texts;
}

for (const [what, said] of Object.entries(HOSTILE)) {
  Deno.test(`run logs ${what} unchanged, and no command prints a control character other than a newline`, async () => {
    await inFolder(async (cwd) => {
      const fault: StubFault = { kind: "choice", message: { role: "assistant", content: said } };
      const ran = await runWith(fault, { cwd, args: ["--log-level", "trace"] });
      assert.equal(ran.code, 0, ran.stderr);
      const folder = join(cwd, "runs/tiny");
      assert.deepEqual(await textsIn(folder), Array(6).fill(said));
      const logged = jsonLines(await Deno.readTextFile(join(folder, "log.jsonl")));
      const replies = logged.filter(({ message }) => message === "prompt and reply").map(({ reply }) =>
        reply
      );
      assert.deepEqual(replies, Array(6).fill(said));
      const shown = [
        ran,
        await runProgram(["replay", "runs/tiny", "-d", "base.r0001"], { cwd }),
        await runProgram(["replay", "runs/tiny", "--verify"], { cwd }),
        await runProgram(["verify", "runs/tiny"], { cwd }),
        await runProgram(["status", "runs/tiny"], { cwd }),
      ];
      for (const { code, stdout, stderr } of shown) {
        assert.equal(code, 0, stderr);
        assert.doesNotMatch(stdout + stderr, COMMANDS);
      }
    });
  });
}

Deno.test("run reads each byte that is not UTF-8 as U+FFFD", async () => {
  await inFolder(async (cwd) => {
    const before = new TextEncoder().encode('{"choices":[{"message":{"content":"caf');
    const after = new TextEncoder().encode('"},"finish_reason":"stop"}]}');
    const bytes = new Uint8Array([...before, 0xe9, 0xff, 0xc3, ...after]);
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      async (request) => {
        await request.text();
        return new Response(bytes, { headers: { "content-type": "application/json" } });
      },
    );
    const model = `{ adapter: openai, model: m, baseUrl: "http://127.0.0.1:${server.addr.port}/v1" }`;
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(model, 2));
    assert.equal((await runProgram(["run", "e.yaml"], { cwd })).code, 0);
    assert.deepEqual(await textsIn(join(cwd, "runs/tiny")), Array(6).fill("caf\ufffd\ufffd\ufffd"));
    assert.equal((await runProgram(["verify", "runs/tiny"], { cwd })).code, 0);
  });
});

Deno.test("run escapes the control characters of a server's error message in all output", async () => {
  await inFolder(async (cwd) => {
    const fault: StubFault = {
      kind: "answer",
      status: 400,
      body: { error: { message: `\x1b[2J\u202e${OUR_OWN_JSON}\nno` } },
    };
    for (const args of [[], ["--log-level", "debug"], ["--json"], ["--quiet"]]) {
      const { code, stdout, stderr } = await runWith(fault, { cwd, args });
      assert.equal(code, 3);
      assert.doesNotMatch(stdout + stderr, COMMANDS);
      if (args.includes("--json")) {
        const lines = jsonLines(stdout);
        assert.equal(lines.filter(({ type }) => type === "finished").length, 1);
      }
    }
    for (const { message } of jsonLines(await Deno.readTextFile(join(cwd, "runs/tiny/log.jsonl")))) {
      assert.doesNotMatch(message, COMMANDS);
    }
    assert.equal((await contentsOfRun(join(cwd, "runs/tiny"))).size, 3);
  });
});

Deno.test("run writes no API key to a log or the terminal, even if the server repeats the key", async () => {
  await inFolder(async (cwd) => {
    const key = "sk-secret-0123456789";
    const fault: StubFault = { kind: "answer", status: 400, body: { error: { message: `bad key ${key}` } } };
    await using stub = startOpenAiStub({ apiKey: key, fault: (_, index) => index % 2 === 0 ? fault : null });
    const model = `{ adapter: openai, model: stub-model, baseUrl: "${stub.baseUrl}", apiKeyEnv: TEST_KEY }`;
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(model, 2));
    const { stdout, stderr } = await runProgram(["run", "e.yaml", "--log-level", "trace"], {
      cwd,
      env: { TEST_KEY: key },
    });
    const folder = join(cwd, "runs/tiny");
    const files = [join(folder, "log.jsonl"), join(folder, "manifest.json")];
    for (const { name } of Deno.readDirSync(join(folder, "discussions"))) {
      files.push(join(folder, "discussions", name));
    }
    const texts = await Promise.all(files.map((file) => Deno.readTextFile(file)));
    for (const text of [stdout, stderr, ...texts]) {
      assert.ok(!text.includes(key));
      assert.doesNotMatch(text, /authorization|bearer/i);
    }
  });
});
