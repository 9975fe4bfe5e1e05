/** Reads the section `people`: the texts that people read before and after they take part. */
import type { SourceReader } from "../ports/source_reader.ts";
import { portableSha256 } from "../sha256.ts";
import { z } from "../zod.ts";
import { recordOf } from "./document.ts";
import type { PeopleSetup, PeopleText } from "./experiment.ts";
import { quoted, type Read, within } from "./problems.ts";
import { checked } from "./schema_findings.ts";
import { KEYS_AND_VALUES, text } from "./schema_parts.ts";

/** Longer than any text that a person reads to the end. */
const TEXT_CHARS_MAX = 100_000;

const TEXT_FILE = /\.(?:md|txt)$/i;

/** The section's shape. */
export const peopleSchema = z.strictObject({
  consent: text(
    "A file (.md, .txt) with the text that a person agrees to before anything of this person is stored",
  ).optional().meta({ examples: ["consent.md"] }),
  debriefing: text("A file (.md, .txt) with the text that a person reads at the end").optional()
    .meta({ examples: ["debriefing.md"] }),
}, KEYS_AND_VALUES).describe(
  "The people who take part or annotate. A model with the adapter human is a person",
);

/** What people read; without a section, nothing. */
const NO_TEXTS: PeopleSetup = { consent: null, debriefing: null };

/** Reads the section and the files that it names. `findings` have paths from the beginning of the file. */
export async function readPeople(section: unknown, reader: SourceReader): Promise<Read<PeopleSetup>> {
  if (section === undefined) return { read: NO_TEXTS, findings: [] };
  const shape = checked(peopleSchema, section);
  const { consent, debriefing } = recordOf(section);
  const [agreed, told] = [await readPeopleText(consent, reader), await readPeopleText(debriefing, reader)];
  return {
    read: { consent: agreed.read, debriefing: told.read },
    findings: within(["people"], [
      ...shape.findings,
      ...within(["consent"], agreed.findings),
      ...within(["debriefing"], told.findings),
    ]),
  };
}

/** Reads a file whose text people read. The schema reports a value that is not a path. */
async function readPeopleText(path: unknown, reader: SourceReader): Promise<Read<PeopleText | null>> {
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
