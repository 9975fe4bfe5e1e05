/**
 * Colours of speakers: eight hues that people with any colour vision can tell apart. Speakers get them in the
 * order of their first turns.
 */

/**
 * The number of hues. A ninth speaker gets the first hue again; only the names then tell the two speakers
 * apart.
 */
export const HUES = 8;

/** A class for each speaker, such as `speaker-1`. `styles/colours.css` has its colours in both themes. */
export function speakerClasses(speakers: Iterable<string>): ReadonlyMap<string, string> {
  return new Map([...new Set(speakers)].map((name, index) => [name, `speaker-${index % HUES + 1}`]));
}

/** The mark of an annotator: a letter and a shape, because hues alone do not tell annotators apart. */
export type AnnotatorMark = Readonly<{ letter: string; shape: string }>;

const SHAPES = ["●", "■", "▲", "◆", "▼", "★"];

/** A mark for each annotator, in the order of the run's design. */
export function annotatorMarks(annotators: Iterable<string>): ReadonlyMap<string, AnnotatorMark> {
  return new Map(
    [...new Set(annotators)].map((name, index) => [
      name,
      { letter: letters(index), shape: SHAPES[index % SHAPES.length]! },
    ]),
  );
}

/** A, B, …, Z, AA, AB, … */
function letters(index: number): string {
  const last = String.fromCharCode(65 + index % 26);
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
