/** Reads the files whose texts people read. */
import type { SourceReader } from "../ports/source_reader.ts";
import { portableSha256 } from "../sha256.ts";
import type { PeopleText } from "./experiment.ts";
import { quoted, type Read } from "./problems.ts";

/** The longest text, in characters. No person would read a longer text to its end. */
const TEXT_CHARS_MAX = 100_000;

const TEXT_FILE = /\.(?:md|txt)$/i;

/** Reads a file whose text people read. A value that is no path is ignored here: the schema reports it. */
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
