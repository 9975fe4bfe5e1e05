/** Checks figures as files: their folder, writing that is stopped or fails, and hostile texts in figures. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mountSmallDisk, NO_SMALL_DISK } from "../../adapters/stores/testing/small_disk.ts";
import { hashOf, readSums } from "../../adapters/sums.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { moderatedExperiment } from "../testing/experiments.ts";
import { runHere, runProgram, signalledWhile, startProgram } from "../testing/processes.ts";
import { pythonLacks, runPython } from "../testing/python.ts";

const ANALYSIS = "analysis: { outcomes: [words], effects: [moderator] }\n";

async function inRun(test: (cwd: string) => Promise<void>, text = moderatedExperiment(3, ANALYSIS)) {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), text);
    const { code, stderr } = await runHere("run", join(cwd, "e.yaml"), "--out", join(cwd, "run"), "--quiet");
    assert.equal(code, 0, stderr);
    await test(cwd);
  });
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Checks that a folder of figures is complete: it has a note, and each file in it is listed with one sum. */
function assertWhole(folder: string): void {
  const sums = readSums(folder)!;
  assert.deepEqual(["SHA256SUMS", ...sums.keys()].sort(), names(folder));
  assert.ok(sums.has("figures.json") && sums.has("first-page-plot.svg"));
  for (const [name, hashes] of sums) assert.deepEqual(hashes, [hashOf(join(folder, name))], name);
}

Deno.test("report refuses a folder of figures that is, contains or lies in the report's folder, before it writes", () =>
  inRun(async (cwd) => {
    await Deno.mkdir(join(cwd, "real"));
    await Deno.symlink(join(cwd, "real"), join(cwd, "link"));
    for (
      const [out, figures, how] of [
        ["out", "out", "is"],
        ["out", "out/", "is"],
        ["out", "run/../out", "is"],
        ["out", "out/figures", "lies in"],
        ["out", "out/data", "lies in"],
        ["real", "link", "is"],
        ["real/report", "link", "contains"],
      ] as const
    ) {
      const { code, stderr } = await runProgram(
        ["report", "run", "--out", out, "--figures", figures, "--format", "csv"],
        { cwd },
      );
      assert.equal(code, 2, stderr);
      assert.ok(
        stderr.startsWith(
          `error Cannot write the figures to "${figures}": it ${how} the folder of the report, "${out}". `,
        ),
        stderr,
      );
    }
    const inDefault = await runProgram(["report", "run", "--figures", "run/report/figures"], { cwd });
    assert.match(inDefault.stderr, /it lies in the folder of the report, "run\/report"/);
    for (
      const [given, said] of [[["a", "--figures", "b"], /`--figures` cannot be used/], [
        [""],
        /found ""/,
      ]] as const
    ) {
      const { code, stderr } = await runProgram(["report", "run", "--figures", ...given], { cwd });
      assert.equal(code, 2);
      assert.match(stderr, said);
    }
    assert.deepEqual([names(cwd), names(join(cwd, "real"))], [["e.yaml", "link", "real", "run"], []]);
    assert.ok(!names(join(cwd, "run")).includes("report"));
    // `out-figures` begins like `out`, but is another folder.
    const beside = await runProgram(["report", "run", "--out", "out", "--figures", "out-figures"], { cwd });
    assert.equal(beside.code, 0, beside.stderr);
    assertWhole(join(cwd, "out-figures"));
  }));

Deno.test("a report that is killed while it writes figures leaves no unfinished folder of figures, and the next call succeeds", () =>
  inRun(async (cwd) => {
    const args = ["report", "run", "--figures", "figures", "--format", "csv"];
    const kill = async (before: () => Promise<void>) => {
      // The list of sums is written last, before the folder gets its name or earlier figures are replaced.
      const isWriting = () =>
        names(cwd).some((name) =>
          name.startsWith(".figures.") && !names(join(cwd, name)).includes("SHA256SUMS")
        );
      const { signal } = await signalledWhile(isWriting, "SIGKILL", async () => {
        await before();
        return startProgram(args, { cwd });
      });
      assert.equal(signal, "SIGKILL");
    };
    await kill(() => Deno.remove(join(cwd, "figures"), { recursive: true }).catch(() => {}));
    assert.deepEqual(names(cwd).filter((name) => !name.startsWith(".figures.")), ["e.yaml", "run"]);
    for (let round = 0; round < 2; round++) {
      const { code, stderr } = await runProgram(args, { cwd });
      assert.equal(code, 0, stderr);
      assert.deepEqual(names(cwd), ["e.yaml", "figures", "run"]);
      assertWhole(join(cwd, "figures"));
      // The second kill leaves the earlier figures as they are.
      if (round === 0) await kill(() => Promise.resolve());
      assertWhole(join(cwd, "figures"));
    }
  }));

Deno.test({
  name: "report on a full disk exits with 3, keeps earlier figures, and succeeds when there is room" +
    (NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`),
  ignore: NO_SMALL_DISK !== null,
  fn: () =>
    inRun(async (cwd) => {
      using disk = mountSmallDisk(256 * 4096);
      const [filler, figures] = [join(disk.path, "filler"), join(disk.path, "figures")];
      await Deno.writeTextFile(join(cwd, "other.yaml"), "{ outcomes: [diversity], effects: [moderator] }");
      const report = (...more: readonly string[]) =>
        runProgram(["report", "run", "--figures", figures, "--format", "csv", ...more], { cwd });
      const fails = async (...more: readonly string[]) => {
        // Some pages are left, so that the disk is full after the first figures.
        await Deno.writeFile(filler, new Uint8Array((256 - pagesUsed(disk.path) - 8) * 4096));
        const { code, stderr } = await report(...more);
        assert.equal(code, 3, stderr);
        assert.match(stderr, /^error Cannot write to ".*figures": .*(?:full|space)/);
        await Deno.remove(filler);
      };
      await fails();
      assert.deepEqual(names(disk.path), []);
      const first = await report();
      assert.equal(first.code, 0, first.stderr);
      assertWhole(figures);
      const before = await Deno.readTextFile(join(figures, "SHA256SUMS"));
      await fails("--analysis", "other.yaml");
      assertWhole(figures);
      assert.equal(await Deno.readTextFile(join(figures, "SHA256SUMS")), before);
      const second = await report("--analysis", "other.yaml");
      assert.equal(second.code, 0, second.stderr);
      assertWhole(figures);
      assert.notEqual(await Deno.readTextFile(join(figures, "SHA256SUMS")), before);
    }),
});

/** How many pages of a small disk its files need. */
function pagesUsed(folder: string): number {
  return [...Deno.readDirSync(folder)].reduce((pages, { name, isDirectory }) => {
    const path = join(folder, name);
    return pages + (isDirectory ? pagesUsed(path) : Math.ceil(Deno.statSync(path).size / 4096));
  }, 0);
}

/**
 * Texts that would begin or end elements, comments, sections or attributes of XML if they were not escaped.
 */
const FACTORS = [
  'moderator: [{ label: "]]>", value: none }, { label: "</text><script>x</script>", value: host }]',
  `models.m.temperature: { label: "<!--&amp;", levels: [{ label: "<![CDATA[a]]>", value: 0 }, { label: "'\\">", value: 1 }] }`,
];

const HOSTILE = moderatedExperiment(2, ANALYSIS.replace("[moderator]", "[moderator, models.m.temperature]"))
  .replace("moderator: [none, host]", FACTORS.join(", "));

const NO_PYTHON = await pythonLacks([], "");

Deno.test({
  name: "report writes figures with hostile texts as XML, and none of the texts becomes an element" +
    (NO_PYTHON === null ? "" : ` (skipped: ${NO_PYTHON})`),
  ignore: NO_PYTHON !== null,
  fn: () =>
    inRun(async (cwd) => {
      const report = await runProgram(["report", "run", "--figures", "figures", "--format", "csv"], { cwd });
      assert.equal(report.code, 0, report.stderr);
      const { code, stdout, stderr } = await runPython(PARSE, { args: [join(cwd, "figures")] });
      assert.equal(code, 0, stderr);
      const { files, elements, texts } = JSON.parse(stdout);
      assert.equal(files, names(join(cwd, "figures")).filter((name) => name.endsWith(".svg")).length);
      assert.deepEqual(elements, ["circle", "g", "line", "path", "rect", "svg", "text", "title", "tspan"]);
      for (const text of ["]]>", "</text><script>x</script>", "<![CDATA[a]]>"]) {
        assert.ok(texts.includes(text), `${text} is not in\n${texts}`);
      }
    }, HOSTILE),
});

/** Parses all SVG files of a folder, and prints their elements and texts. */
const PARSE = `
import glob, json, sys, xml.etree.ElementTree as tree
elements, texts, files = set(), [], glob.glob(sys.argv[1] + "/*.svg")
for file in files:
    for element in tree.parse(file).iter():
        elements.add(element.tag.split("}")[-1])
        texts.append(element.text or "")
print(json.dumps({ "files": len(files), "elements": sorted(elements), "texts": "\\n".join(texts) }))
`;
