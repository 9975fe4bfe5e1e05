/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The rows that say what differs between the columns: factors, and on demand all other settings. */
import type { VNode } from "npm:preact@11.2.0";
import { useMemo, useState } from "npm:preact@11.2.0/hooks";
import type { DiscussionDesign } from "../../../../core/events/mod.ts";
import { counted } from "../base/numbers.ts";
import { Words } from "../base/words.tsx";
import { LongText } from "../transcript/texts.tsx";
import { designDifferences, type Difference } from "./differences.ts";

/** Up to this many settings are shown at once, if all their values are short. */
const ROWS_SHOWN_MAX = 2;
const SHORT_MAX = 60;

/** At most this many settings are named before the reader unfolds them. */
const NAMED_MAX = 6;

/** The rows. Long differences are folded into one line, so that the screen has room for the turns. */
export function DifferenceRows(
  { titles, designs, labels }: Readonly<{
    /** The titles of the columns. */
    titles: readonly string[];
    /** `null` where a column has no discussion. */
    designs: readonly (DiscussionDesign | null)[];
    labels: Readonly<Record<string, string>>;
  }>,
): VNode {
  const [isOpen, setOpen] = useState(false);
  const read = designs.filter((design) => design !== null);
  const differences = useMemo(() => designDifferences(read, labels), [read.map(({ id }) => id).join("\n")]);
  const shownTitles = titles.filter((_, index) => designs[index] !== null);
  // Differences that the titles of the columns already show are left out.
  const news = differences.filter(({ what, values }) =>
    values.some((value, index) => ![value, `${what} ${value}`].includes(shownTitles[index]!))
  );
  const factors = news.filter(({ isFactor }) => isFactor);
  const settings = news.filter(({ isFactor }) => !isFactor);
  const isShort = settings.length <= ROWS_SHOWN_MAX &&
    settings.every(({ values }) => values.every((value) => value.length <= SHORT_MAX));
  const row = (difference: Difference) => <Row key={difference.what} {...{ difference, designs }} />;
  return (
    <>
      {factors.map(row)}
      {!isShort && (
        <tr class="difference">
          <th scope="row">differences</th>
          <td colSpan={titles.length}>
            <button type="button" class="linklike" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              <span aria-hidden="true">{isOpen ? "▼ " : "▶ "}</span>
              {counted(settings.length, "setting differs", "settings differ")}
            </button>
            : <Words text={namesOf(settings)} />
          </td>
        </tr>
      )}
      {(isShort || isOpen) && settings.map(row)}
    </>
  );
}

function namesOf(settings: readonly Difference[]): string {
  const names = settings.slice(0, NAMED_MAX).map(({ what }) => what).join(", ");
  return settings.length > NAMED_MAX ? `${names}, …` : names;
}

function Row(
  { difference: { what, values }, designs }: Readonly<{
    difference: Difference;
    designs: readonly (DiscussionDesign | null)[];
  }>,
): VNode {
  let nth = 0;
  return (
    <tr class="difference">
      <th scope="row">
        <Words text={what} />
      </th>
      {designs.map((design, index) => (
        <td key={index}>{design !== null && <LongText text={values[nth++]!} />}</td>
      ))}
    </tr>
  );
}
