/** Reads the section `people`: the texts that people read before and after they take part. */
import type { SourceReader } from "../ports/source_reader.ts";
import { z } from "../zod.ts";
import { readScales } from "./scales.ts";
import { isRecord, recordOf } from "./document.ts";
import type { PeopleSetup } from "./experiment.ts";
import { readPeopleText } from "./people_text.ts";
import { type Read, within } from "./problems.ts";
import { RATING_DEFAULT, ratingSchema, readRating } from "./rating.ts";
import { checked } from "./schema_findings.ts";
import { KEYS_AND_VALUES, text } from "./schema_parts.ts";

/** The section's shape. */
export const peopleSchema = z.strictObject({
  consent: text(
    "A file (.md, .txt) with the text that a person agrees to before anything of this person is stored",
  ).optional().meta({ examples: ["consent.md"] }),
  debriefing: text("A file (.md, .txt) with the text that a person reads at the end").optional()
    .meta({ examples: ["debriefing.md"] }),
  rating: ratingSchema.optional(),
}, KEYS_AND_VALUES).describe(
  "The people who take part or annotate. A model with the adapter human is a person",
);

/** The texts for people if the file has no section `people`: none. */
const NO_TEXTS: PeopleSetup = { consent: null, debriefing: null, rating: RATING_DEFAULT };

/**
 * Reads the section and the files that it names. The paths of `findings` start at the top of the file.
 *
 * @param annotation The section `annotation`. The known answers are on its scales.
 */
export async function readPeople(
  section: unknown,
  reader: SourceReader,
  annotation: unknown,
): Promise<Read<PeopleSetup>> {
  if (section === undefined) return { read: NO_TEXTS, findings: [] };
  const shape = checked(peopleSchema, section);
  const { consent, debriefing, rating } = recordOf(section);
  const { read: scales } = readScales(recordOf(recordOf(annotation).scales));
  const rated = await readRating(isRecord(rating) ? rating : undefined, reader, scales);
  const [agreed, told] = [await readPeopleText(consent, reader), await readPeopleText(debriefing, reader)];
  return {
    read: { consent: agreed.read, debriefing: told.read, rating: rated.read },
    findings: within(["people"], [
      ...shape.findings,
      ...within(["consent"], agreed.findings),
      ...within(["debriefing"], told.findings),
      ...within(["rating"], rated.findings),
    ]),
  };
}
