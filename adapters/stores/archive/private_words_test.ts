import assert from "node:assert/strict";
import { PrivateWords } from "./private_words.ts";

/** Paths are put together, so that this file names none. */
const home = ["", "home", "jane"].join("/");
const spaced = ["", "Users", "Jane Doe"].join("/");

const words = new PrivateWords({
  users: ["jane", "root"],
  hosts: ["gpu17.lab.example", "localhost"],
  folders: [spaced],
});

Deno.test("replace() replaces absolute paths except for their last part, and names of users and hosts", () => {
  const cases: readonly [text: string, expected: string][] = [
    [`open "${home}/models/x.gguf" failed`, 'open "removed-path/x.gguf" failed'],
    [`file://${home}/x`, "file://removed-path/x"],
    [home, "removed-path"],
    [`${home}/jane`, "removed-path/removed-user"],
    [`in ${spaced}/my run/a`, "in removed-path/a"],
    [JSON.stringify(`see:\n${home}/y`), '"see:\\nremoved-path/y"'],
    ["D:\\models\\x.gguf", "removed-path/x.gguf"],
    [JSON.stringify(["C:", "Users", "jane", "x"].join("\\")), '"removed-path/x"'],
    ["/данные/модель/веса.bin", "removed-path/веса.bin"],
    ["--model=/data/m/a.bin", "--model=removed-path/a.bin"],
    ["jane@gpu17 or gpu17.lab.example", "removed-user@removed-host or removed-host"],
    ["runs/jane-pilot and jane_2", "runs/removed-user-pilot and removed-user_2"],
    ["Jane on GPU17.lab.Example", "removed-user on removed-host"],
    [JSON.stringify("by\njane"), '"by\\nremoved-user"'],
  ];
  for (const [text, expected] of cases) assert.equal(words.replace(text), expected);
});

Deno.test("replace() keeps texts that are no absolute paths and no names", () => {
  for (
    const text of [
      "and/or/maybe, 1/2/3, 01/02/2024",
      "../a/b ./a/b ~/a/b discussions/a.jsonl",
      "https://example.org/a/b?c=/d and POST /v1/chat/completions",
      "</td></tr> data:image/png;base64,AAAA/BBB+/c/d=",
      "Janet janes sjane :root { } localhost",
      JSON.stringify("A:\nhello"),
      "\\\\ \\hline",
    ]
  ) assert.equal(words.replace(text), text);
});

Deno.test("learn() learns the users of home folders, and the servers of models", () => {
  const learnt = new PrivateWords({ users: [], hosts: [], folders: [] });
  learnt.learn(
    `notes: ${
      ["", "Users", "eve", "a"].join("/")
    }\nbaseUrl: "http://me:secret@node3.lab.example:8000/v1"\nsee https://example.org`,
  );
  learnt.learn(JSON.stringify({ address: [JSON.stringify({ baseUrl: "http://10.0.0.5/v1" })] }));
  learnt.learnHolder("process 42 on login1.lab.example, since 2026-01-01T00:00:00.000Z\n");
  assert.equal(
    learnt.replace("eve node3.lab.example 10.0.0.5 login1 example.org"),
    "removed-user removed-host removed-host removed-host example.org",
  );
});

Deno.test("find() gives kind and position of each word", () => {
  assert.deepEqual([...words.find("by jane on gpu17: /data/a")], [
    { kind: "user", text: "jane", at: 3 },
    { kind: "host", text: "gpu17", at: 11 },
    { kind: "path", text: "/data/a", at: 18 },
  ]);
});
