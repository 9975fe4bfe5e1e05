/** Reads the files of a report, and checks conditions that hold for every report. */
import assert from "node:assert/strict";
import { parse } from "npm:csv-parse@7.0.3/sync";
import { type Elements, parsedHtml } from "../../adapters/report/testing/parsed_html.ts";
import { filesIn } from "./experiments.ts";

/** Text that only a fault of the program can write. */
const FAULTS = /\bNaN\b|\bInfinity\b|\bundefined\b|\[object /;

export type WrittenReport = Readonly<{
  /** Path in the folder → text. */
  files: ReadonlyMap<string, string>;
  // deno-lint-ignore no-explicit-any -- tests look into it
  note: any;
  page: Elements;
  /**
   * The records of a CSV file.
   *
   * @param id The table's id.
   */
  data(id: string): readonly Readonly<Record<string, string>>[];
}>;

/** @param folder The folder of a report in all forms. */
export async function writtenReport(folder: string): Promise<WrittenReport> {
  const files = new Map(
    [...await filesIn(folder)].map(([path, text]) => [path.slice(folder.length + 1), text]),
  );
  const text = (path: string) => {
    const found = files.get(path);
    assert.ok(found !== undefined, `there is no ${path} in ${[...files.keys()].join(", ")}`);
    return found;
  };
  return {
    files,
    note: JSON.parse(text("report.json")),
    page: parsedHtml(text("report.html")),
    data: (id) => parse(text(`data/${id}.csv`), { columns: true }),
  };
}

/**
 * Fails if a file has text that only a fault can write, if an id of the page is used twice or a link leads nowhere, if a
 * figure has no table, or if a table is empty or not in every form.
 */
export function assertSound({ files, page, data }: WrittenReport): void {
  for (const [path, text] of files) assert.doesNotMatch(text, FAULTS, path);
  const ids = Array.from(page.querySelectorAll("[id]"), (element) => element.getAttribute("id")!);
  assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) < index), []);
  const links = Array.from(page.querySelectorAll("[href]"), (element) => element.getAttribute("href")!);
  assert.deepEqual(links.filter((link) => !ids.includes(link.slice(1))), []);
  for (const figure of page.querySelectorAll("figure")) {
    const caption = figure.querySelector("figcaption")?.textContent ?? "";
    assert.match(caption, /^Figure \d+\. \S/);
    assert.equal([...figure.querySelectorAll("details table")].length, 1, caption);
  }
  const tables = [...files.keys()].filter((path) => path.startsWith("latex/tables/"));
  for (const path of tables) {
    const id = path.slice("latex/tables/".length, -".tex".length);
    assert.ok(data(id).length > 0, id);
  }
  assert.equal([...page.querySelectorAll("main table")].length, tables.length);
}
