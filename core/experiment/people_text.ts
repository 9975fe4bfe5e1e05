/** Reads the files whose texts people read. */
import type { SourceReader } from "../ports/source_reader.ts";
import { portableSha256 } from "../sha256.ts";
import type { PeopleText } from "./experiment.ts";
import { quoted, type Read } from "./problems.ts";

/** Longer than any text that a person reads to the end. */
const TEXT_CHARS_MAX = 100_000;

const TEXT_FILE = /\.(?:md|txt)$/i;

/** Reads a file whose text people read. The schema reports a value that is not a path. */
export async function readPeopleText(path: unknown, reader: SourceReader): Promise<Read<PeopleText | null>> {
  if (typeof path !== "string") return { read: null, findings: [] };
  const unreadable = (reason: string) => ({
    read: null,
    findings: [{ path: [], message: `cannot read ${quoted(path)}: ${reason}` }],
  });
  if (!TEXT_FILE.test(path)) return unreadable("its name does not end in .md or .txt");
  let text: string;
  try {
    text = await reader.readText(path);
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
  if (text.trim() === "") return unreadable("it is empty");
  if (text.length > TEXT_CHARS_MAX) return unreadable(`it holds more than ${TEXT_CHARS_MAX} characters`);
  return { read: { file: path, text, sha256: portableSha256(text) }, findings: [] };
}
