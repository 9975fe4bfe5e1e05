/**
 * Copies runs between folders and a database. Compares what every command says about the run in each place.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { databaseTest } from "../../adapters/stores/postgres/testing/database.ts";
import { peopledRun } from "../testing/people.ts";
import { runHere } from "../testing/processes.ts";
import { ratedRun, succeeds } from "../testing/rated_run.ts";

/** Commands that read a run. `to` is a new folder. */
function readers(run: string, to: string): readonly (readonly string[])[] {
  const table = (
    name: string,
    order: string,
  ) => ["query", run, `select * from ${name} order by ${order}`, "--json"];
  return [
    ["status", run],
    ["status", run, "--json"],
    ["verify", run],
    ["verify", run, "--json"],
    ["verify", run, "--repair"],
    ["verify", run, "--print-head"],
    ["verify", run, "--design", "--trust"],
    ["replay", run, "--discussion", "@", "--at", "5"],
    ["replay", run, "--discussion", "@", "--state"],
    ["replay", run, "--verify", "--trust"],
    ["prompts", run, "--trust"],
    ["prompts", run, "--discussion", "@"],
    ["plan", run, "--trust"],
    ["validate", run, "--trust"],
    table("comments", "all"),
    table("annotations", "all"),
    table("events", "stream, seq"),
    ["query", run, "select condition, count(*) from discussions group by all order by all", "--csv"],
    ["export", run, "--format", "csv", "--to", join(to, "csv")],
    ["export", run, "--format", "parquet", "--to", join(to, "parquet")],
    ["export", run, "--format", "huggingface", "--to", join(to, "hub")],
    ["export", run, "--format", "python-library", "--to", join(to, "library")],
    ["report", run, "--out", join(to, "report"), "--trust"],
    ["power", run, "--outcome", "#", "--effect", "0.5", "--replications", "4"],
    ["view", run, "--export", join(to, "page"), "--include", "outcomes,experiment", "--yes"],
    ["reparse", run, "--with", run, "--pass", "#-pass"],
    ["withdraw", run],
    ["pack", run, "--out", join(to, "run.tar.gz"), "--without-prompts-log"],
  ];
}

type Chosen = Readonly<{ discussion: string; outcome: string; pass: string }>;

/**
 * The output of every command, with its exit code and without the names of places, and the content of each
 * file that the commands write. The keys are command lines, and `file PATH` for files.
 */
async function outputs(
  place: string,
  to: string,
  { discussion, outcome, pass }: Chosen,
): Promise<ReadonlyMap<string, string>> {
  await Deno.mkdir(to);
  const all = new Map<string, string>();
  for (const line of readers(place, to)) {
    const words = line.map((word) =>
      word === "@" ? discussion : word === "#" ? outcome : word === "#-pass" ? pass : word
    );
    const { code, stdout, stderr } = await runHere(...words);
    const printed = `${code}\n${stdout}${stderr}`.replaceAll(place, "PLACE").replaceAll(to, "TO");
    all.set(words.map((word) => word.replaceAll(place, "PLACE").replaceAll(to, "TO")).join(" "), printed);
  }
  for (const [name, content] of await bytesIn(to)) all.set(`file ${name}`, content);
  return all;
}

/** All files below a folder: path → content in Base64. */
async function bytesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const add = async (within: string) => {
    for await (const { name, isDirectory } of Deno.readDir(join(folder, within))) {
      const path = join(within, name);
      if (isDirectory) await add(path);
      else files.set(path, (await Deno.readFile(join(folder, path))).toBase64());
    }
  };
  await add("");
  return new Map([...files].sort());
}

/** The files of a run that are copied. */
async function copied(run: string): Promise<ReadonlyMap<string, string>> {
  return new Map([...await bytesIn(run)].filter(([name]) => !/\.lock$|^log\.|^report\//.test(name)));
}

/**
 * The commands that may exit with another code than 0 here. A check of the design can be flagged. `power`
 * needs a factor, and replicates that differ more than these do.
 */
const MAY_FAIL = /^verify PLACE --design|^power /;

const RUNS: Readonly<Record<string, Chosen & Readonly<{ make: (cwd: string) => Promise<string> }>>> = {
  "a run with code and inputs": {
    make: ratedRun,
    discussion: "none.r0001",
    outcome: "mood",
    pass: "mood",
  },
  "a run with people": {
    make: async (cwd) => (await peopledRun(cwd)).run,
    discussion: "base.r0001",
    outcome: "toxicity",
    pass: "annotation",
  },
};

for (const [what, { make, ...chosen }] of Object.entries(RUNS)) {
  databaseTest(
    `${what} goes to a database and back unchanged, and every command says the same about it in both places`,
    (database) =>
      inFolder(async (cwd) => {
        const folder = await make(cwd);
        // These first calls record in the run's log that results were seen. Later calls add nothing to the
        // log.
        for (const [line, printed] of await outputs(folder, join(cwd, "first"), chosen)) {
          if (!line.startsWith("file ") && !MAY_FAIL.test(line)) assert.match(printed, /^0\n/, line);
        }
        const place = `${database}/${folder.split("/").at(-1)}`;
        assert.match(await succeeds("copy", folder, place, "--with-keys"), /all unchanged/);
        const [ofFolder, ofDatabase] = [
          await outputs(folder, join(cwd, "folder"), chosen),
          await outputs(place, join(cwd, "database"), chosen),
        ];
        // The names are compared first: the loop below would miss an output that only the database has.
        assert.deepEqual([...ofDatabase.keys()], [...ofFolder.keys()]);
        for (const [name, output] of ofFolder) {
          if (/^pack|file run\.tar/.test(name)) continue;
          assert.equal(ofDatabase.get(name), output, name);
        }
        const back = join(cwd, "back", "copy");
        await succeeds("copy", place, back, "--with-keys");
        assert.deepEqual(await copied(back), await copied(folder));
        const archive = join(cwd, "run.tar.gz");
        await succeeds("pack", place, "--with-keys", "--out", archive);
        await succeeds("unpack", archive, "--out", join(cwd, "unpacked"));
        const unpacked = await copied(join(cwd, "unpacked"));
        assert.deepEqual(
          [...unpacked].filter(([name]) => !["archive.json", "SHA256SUMS"].includes(name)),
          [...await copied(folder)],
        );
      }),
  );
}
