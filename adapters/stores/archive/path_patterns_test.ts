import assert from "node:assert/strict";
import { PrivateWords } from "./private_words.ts";

/** Home folders are put together, so that this file names none. */
const homes = ["", "home", ""].join("/");
const users = ["", "Users", ""].join("/");
const windows = ["C:", "Users", ""].join("\\");

const words = new PrivateWords({ users: ["kim lee"], hosts: [], folders: [] });

function twice(text: string): string {
  return JSON.stringify(JSON.stringify(text));
}

Deno.test("replace() replaces whole names with spaces in paths of Linux and macOS", () => {
  const cases: readonly [text: string, expected: string][] = [
    [`${homes}Jürgen Müller/x`, "removed-path/x"],
    [`see ${users}Anna Maria/y.csv now`, "see removed-path/y.csv now"],
    [`${homes}Ludwig van der Berg Junior/x/y, then`, "removed-path/y, then"],
    [`${homes}J. R. Smith/x`, "removed-path/x"],
    [`${homes}Dr. Anna Maria/x`, "removed-path/x"],
    [`${homes}Anna  Maria/x and ${homes}Anna\xa0Maria/y`, "removed-path/x and removed-path/y"],
    [`${homes}Conor O'Brien/x`, "removed-path/x"],
    [`${homes}李 小龙/数据/a.csv`, "removed-path/a.csv"],
    [`${homes}Анна Петрова/a/b`, "removed-path/b"],
    [`${homes}${"Jürgen".normalize("NFD")} Müller/a`, "removed-path/a"],
    [`${homes}Jo\\ Smith/data/x`, "removed-path/x"],
    [`${homes}kim lee/x by kim lee`, "removed-path/x by removed-user"],
    ["/Volumes/My Disk/Anna Maria/x.csv and more", "removed-path/x.csv and more"],
    [`"${homes}jo smith/data/a.csv"`, '"removed-path/a.csv"'],
    [`'${homes}Jo Smith'`, "'removed-path'"],
    [JSON.stringify({ by: `"${homes}Jo Smith"` }), '{"by":"\\"removed-path\\""}'],
    [`${homes}Anna Maria/a to ${homes}Jo Smith/b`, "removed-path/a to removed-path/b"],
  ];
  for (const [text, expected] of cases) assert.equal(words.replace(text), expected, text);
});

Deno.test("replace() replaces paths of Windows and of its servers, also in JSON, with both slashes and with spaces", () => {
  const paths = [
    `${windows}Anna Maria\\x.csv`,
    `${windows}anna maria\\notes\\x.csv`,
    `${windows}Anna Maria\\notes\\tables\\x.csv`,
    `${windows.replaceAll("\\", "/")}Anna Maria/x.csv`,
    `${windows}Anna Maria/x.csv`,
    `C:/Users\\Anna Maria\\x.csv`,
    "C:\\temp\\anna\\x.csv",
    "D:\\Projects\\university\\anna\\x.csv",
    "C:\\Program Files (x86)\\Anna\\x.csv",
    "\\\\server\\share\\x.csv",
    "\\\\nas\\team\\Anna Maria\\x.csv",
    "\\\\10.0.0.5\\c$\\Users\\Anna Maria\\x.csv",
  ];
  for (const path of paths) {
    const expected = `copy removed-path/x.csv.`;
    for (const write of [(text: string) => text, JSON.stringify, twice] as const) {
      assert.equal(words.replace(write(`copy ${path}.`)), write(expected), write(path));
    }
  }
  const both = `Copied ${windows}Anna Maria\\x.csv to \\\\server\\share\\y.csv, then left`;
  assert.equal(words.replace(both), "Copied removed-path/x.csv to removed-path/y.csv, then left");
  assert.equal(words.replace(`\\\\?\\${windows}Anna\\x`), "\\\\?\\removed-path/x");
  const lines = JSON.stringify(`see:\n\\\\server\\share\\x\n${windows}Anna Maria\\y\nthen`);
  assert.equal(words.replace(lines), '"see:\\nremoved-path/x\\nremoved-path/y\\nthen"');
});

Deno.test("replace() keeps the sentence after a path", () => {
  const cases: readonly [text: string, expected: string][] = [
    [`${homes}jane. See Docs/a`, "removed-path. See Docs/a"],
    [`${homes}Jane, Docs Team/a`, "removed-path, Docs Team/a"],
    [`${homes}jane is full, see runs/pilot`, "removed-path is full, see runs/pilot"],
    ["verify /data/x --out runs/a and ./b/c", "verify removed-path/x --out runs/a and ./b/c"],
    [`The file ${homes}jane/a.txt is in runs/pilot.`, "The file removed-path/a.txt is in runs/pilot."],
    ["/var/www/home/index.html is it", "removed-path/index.html is it"],
    ["/data/x/y: TCP/IP error", "removed-path/y: TCP/IP error"],
    [`${windows}jane, then`, "removed-path, then"],
    [`(${windows}jane).`, "(removed-path)."],
    [`${windows}jane is full: runs\\pilot`, "removed-path is full: runs\\pilot"],
    ["C:\\a\\x.txt copied runs\\pilot", "removed-path/x.txt copied runs\\pilot"],
    [JSON.stringify("D:\\models\\x.gguf\nnext a/b"), '"removed-path/x.gguf\\nnext a/b"'],
    [JSON.stringify("\\\\server\\share\nnext"), '"removed-path/share\\nnext"'],
  ];
  for (const [text, expected] of cases) assert.equal(words.replace(text), expected, text);
  for (
    const text of [
      "\\\\midrule foo",
      "1 & 2 \\\\ \\hline",
      "// a comment/with slash",
      '"\\\\d+\\\\s"',
      "a \\\\ b\\c",
    ]
  ) assert.equal(words.replace(text), text);
});

Deno.test("replace() removes a few words of a sentence before a separator, because they can be a name", () => {
  const cases: readonly [text: string, expected: string][] = [
    [`in ${homes}jo smith/data/a.csv`, "in removed-path/a.csv"],
    [`in ${homes}jo karl smith/a`, "in removed-path/a"],
    [`"${homes}jo smith"`, '"removed-path"'],
    [`${homes}jane and/or Ben`, "removed-path/or Ben"],
    [`${windows}jane is in runs\\pilot`, "removed-path/pilot"],
    [`${homes}a b c d e f/g`, "removed-path b c d e f/g"],
  ];
  for (const [text, expected] of cases) assert.equal(words.replace(text), expected, text);
});

Deno.test("findDoubts() finds text after a home folder that may belong to a name, but not in a common sentence", () => {
  const doubts = (text: string) => [...words.findDoubts(text)].map((doubt) => doubt.text);
  for (
    const [text, doubt] of [
      [`in ${homes}anna.maria smith/a`, `${homes}anna.maria smith`],
      [`in ${homes}jane. See Docs/a`, `${homes}jane. See Docs`],
      [`by ${homes}Anna Maria, then`, `${homes}Anna Maria`],
      [`in ${windows}Müller, Jürgen\\x`, `${windows}Müller, Jürgen`],
      [`by ${windows}Anna Maria`, `${windows}Anna Maria`],
    ] as const
  ) assert.deepEqual(doubts(text), [doubt]);
  for (
    const text of [
      `${homes}jane is full`,
      `${homes}jane/a.txt holds a/b`,
      `${homes}Anna Maria/x is here`,
      JSON.stringify(`${windows}jane and\nthen`),
    ]
  ) assert.deepEqual(doubts(text), [], text);
});

Deno.test("learn() learns whole names with spaces, so that a first name alone stays", () => {
  const learnt = new PrivateWords({ users: [], hosts: [], folders: [] });
  learnt.learn(`${users}Anna Maria/y.csv ${JSON.stringify(`${windows}Jürgen Müller\\x`)}`);
  assert.equal(learnt.replace("Anna, Anna Maria, Jürgen Müller"), "Anna, removed-user, removed-user");
  learnt.learn(`${homes}kim and/or Ben, ${homes}jo smith/x`);
  assert.equal(learnt.replace("kim, jo and jo smith"), "removed-user, removed-user and removed-user");
});
