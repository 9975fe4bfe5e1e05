import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ModelError } from "../../../core/ports/model.ts";
import { inFolder } from "../../testing/in_folder.ts";
import { NEVER, patientClock, question } from "../transformers/testing/local_models.ts";
import { llamaAdapter } from "./adapter.ts";
import { openGguf } from "./testing/gguf_models.ts";
import { randomGguf } from "./testing/random_gguf.ts";

const QUESTION = question("Hello?", { sampling: { maxTokens: 2 } });

/** The message of the error that a request to this file causes. */
async function failureOf(...files: readonly Uint8Array[]): Promise<string> {
  let message = "";
  await inFolder(async (folder) => {
    const names = files.length === 1
      ? ["model.gguf"]
      : ["model-00001-of-00002.gguf", "model-00002-of-00002.gguf"];
    for (const [index, name] of names.entries()) await Deno.writeFile(`${folder}/${name}`, files[index]!);
    const model = await openGguf(folder, { model: names[0]! });
    try {
      await model.generate(QUESTION, NEVER);
    } catch (error) {
      assert.ok(error instanceof ModelError && error.kind === "unknown-model", String(error));
      message = error.message.replace(folder, "FOLDER");
    } finally {
      await model.close!();
    }
  });
  return message;
}

Deno.test("llamaAdapter says what is wrong with a file that it cannot load", async () => {
  const whole = randomGguf();
  assert.match(
    await failureOf(whole.slice(0, -5000)),
    /the file has \d+ of \d+ bytes; copy or download it again$/,
  );
  assert.match(
    await failureOf(whole.slice(0, 200)),
    /its header is damaged; copy or download the file again$/,
  );
  assert.match(
    await failureOf(randomGguf({ architecture: "novel" })),
    /FOLDER\/model\.gguf: this version of llama\.cpp does not know the model's architecture "novel" or its tokens/,
  );
  assert.match(await failureOf(randomGguf({ architecture: 7 })), /its header is damaged; copy or download/);
  assert.match(
    await failureOf(randomGguf({ architecture: "novel" }), whole.slice(0, -5000)),
    /FOLDER\/model-00002-of-00002\.gguf: the file has \d+ of \d+ bytes/,
  );
  assert.match(await failureOf(randomGguf({ chatTemplate: null })), /it has no chat template/);
  assert.match(
    await failureOf(randomGguf({ chatTemplate: "{{ raise_exception('nothing fits') }}" })),
    /its chat template fails: .*nothing fits/,
  );
});

Deno.test("llamaAdapter finds missing and wrong files before a run begins", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/model.bin`, "PK, not a model");
    await Deno.writeFile(`${folder}/large-00001-of-00002.gguf`, randomGguf());
    const problemOf = (model: string) => llamaAdapter.checkOptions!({ model }, folder)[0]?.message ?? null;
    assert.match(
      problemOf("model.gguf")!,
      /there is no file .*model\.gguf; expected a \.gguf file, or one on the/,
    );
    assert.match(problemOf(".")!, /is a folder; name the \.gguf file in it$/);
    assert.match(problemOf("model.bin")!, /is not a GGUF file/);
    assert.match(problemOf("large-00001-of-00002.gguf")!, /large-00002-of-00002\.gguf is missing/);
    for (const outside of ["hf:owner/../file.gguf", "hf:../name/file.gguf", "hf:owner/name/../file.gguf"]) {
      assert.match(problemOf(outside)!, /expected a file on the Hugging Face hub/);
    }
    const upwards = llamaAdapter.checkOptions!({ model: "hf:owner/name/file.gguf", revision: ".." }, folder);
    assert.deepEqual(upwards.map(({ path }) => path), [["revision"]]);
    assert.equal(problemOf("hf:owner/name/file.gguf"), null);
  }));

Deno.test("llamaAdapter identifies a model by the hash of its file, and a model of the hub by its revision", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.gguf`, "GGUF");
    const identify = (options: Record<string, string>) =>
      llamaAdapter.identify!({ adapter: "llama", sampling: {}, options }, {
        env: () => undefined,
        clock: patientClock,
        folder,
      });
    // printf GGUF | sha256sum
    const hash = "b83633aa785344791618f2fddf131b010ea04912a60430760b070bad293f65bd";
    assert.deepEqual(await identify({ model: "a.gguf" }), { "a.gguf": hash });
    const onHub = { model: "hf:owner/name/a.gguf", revision: "v2" };
    assert.deepEqual(await identify(onHub), { [onHub.model]: "revision v2" });
  }));

Deno.test("llamaAdapter fetches a file of the hub once, and says what failed", () =>
  inFolder(async (folder) => {
    const asked: string[] = [];
    await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      return pathname.includes("lost") ? new Response("", { status: 404 }) : new Response(randomGguf());
    });
    const { port } = server.addr as Deno.NetAddr;
    const ask = async (model: string) => {
      const spec = {
        adapter: "llama",
        sampling: {},
        options: { model, cacheFolder: "cache", revision: "v1" },
      };
      const env = (name: string) => name === "HF_ENDPOINT" ? `http://127.0.0.1:${port}` : undefined;
      const opened = await llamaAdapter.create(spec, { env, clock: patientClock, folder });
      try {
        return await opened.generate(QUESTION, NEVER);
      } finally {
        await opened.close!();
      }
    };
    const first = await ask("hf:owner/name/tiny.gguf");
    assert.deepEqual(await ask("hf:owner/name/tiny.gguf"), first);
    assert.deepEqual(asked, ["/owner/name/resolve/v1/tiny.gguf"]);
    await assert.rejects(ask("hf:owner/name/lost.gguf"), {
      name: "ModelError",
      kind: "unknown-model",
      message:
        /^Cannot fetch the model "hf:owner\/name\/lost\.gguf" from .*: the server answered with status 404$/,
    });
    const kept = await Array.fromAsync(Deno.readDir(`${folder}/cache/owner/name/v1`), ({ name }) => name);
    assert.deepEqual(kept, ["tiny.gguf"]);
  }));

Deno.test("llamaAdapter needs only read, env and ffi permissions, and reports a missing ffi permission", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/model.gguf`, randomGguf());
    const program = fileURLToPath(new URL("./testing/ask_once.ts", import.meta.url));
    const answered = async (...flags: string[]) => {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", "--allow-read", "--allow-env", ...flags, program, folder],
      }).output();
      return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    };
    assert.equal(await answered("--allow-ffi"), "2");
    assert.match(await answered(), /Requires ffi access .*start Deno with --allow-ffi/);
  }));
