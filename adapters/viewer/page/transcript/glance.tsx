/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The strip above a transcript: who spoke how much, and the course of the annotations. */
import type { VNode } from "npm:preact@11.2.0";
import { useMemo, useState } from "npm:preact@11.2.0/hooks";
import { measureConduct, type SpeakerConduct } from "../../../../analysis/projections/conduct.ts";
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import { count, share } from "../base/numbers.ts";
import { Words } from "../base/words.tsx";
import { CourseView } from "./course_view.tsx";
import { type Course, coursesOf } from "./course.ts";
import { isNamedModerator, leftOutWords } from "./plain_words.ts";

/** At most this many speakers are listed before the rest is folded. */
const SPEAKERS_SHOWN_MAX = 12;

/** The strip. */
export function Glance(
  { content, size, classOf, chosen, onChoose, onSpeaker }: Readonly<{
    content: DiscussionSlots;
    /** The number of events. It tells when `content` has changed, because the content changes in place. */
    size: number;
    classOf: (author: string) => string;
    chosen: number | null;
    onChoose: (position: number) => void;
    /** Goes to the first comment of a speaker. */
    onSpeaker: (author: string) => void;
  }>,
): VNode {
  const { participants, moderator } = useMemo(() => measureConduct(content), [content, size]);
  const courses = useMemo(() => coursesOf(content), [content, size]);
  const speakers = [...participants, ...moderator === null ? [] : [moderator]]
    .toSorted((one, other) => other.words - one.words);
  const left = useMemo(() => leftOutWords(content), [content, size]);
  return (
    <section class="glance" aria-labelledby="glance">
      <h2 id="glance" class="aside">At a glance</h2>
      <Shares
        speakers={speakers}
        moderator={moderator?.name ?? null}
        left={left}
        classOf={classOf}
        onSpeaker={onSpeaker}
      />
      <Courses {...{ courses, content, classOf, chosen, onChoose }} />
    </section>
  );
}

function Shares(
  { speakers, moderator, left, classOf, onSpeaker }: Readonly<{
    speakers: readonly SpeakerConduct[];
    moderator: string | null;
    left: string | null;
    classOf: (author: string) => string;
    onSpeaker: (author: string) => void;
  }>,
): VNode {
  const [isWhole, setWhole] = useState(false);
  const all = speakers.reduce((sum, { words }) => sum + words, 0);
  const most = Math.max(1, ...speakers.map(({ words }) => words));
  const shown = isWhole ? speakers : speakers.slice(0, SPEAKERS_SHOWN_MAX);
  return (
    <div class="shares">
      <table>
        <caption class="aside">Who spoke how much</caption>
        <thead>
          <tr>
            <th scope="col">Speaker</th>
            <th scope="col" class="number">Words</th>
            <th scope="col">
              <span class="aside">Share of all words</span>
            </th>
            <th scope="col" class="number">Comments</th>
            <th scope="col" class="number">Silent</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, words, comments, asked }) => (
            <tr key={name} class={classOf(name)}>
              <th scope="row">
                <button type="button" class="speaker" title={name} onClick={() => onSpeaker(name)}>
                  <Words text={name} />
                </button>
                {name === moderator && !isNamedModerator(name) && (
                  <>
                    {" "}
                    <span class="soft">moderator</span>
                  </>
                )}
              </th>
              <td class="number">{count(words)}</td>
              <td class="shared">
                <span class="track" aria-hidden="true">
                  <span style={{ width: `${100 * words / most}%` }} />
                </span>
                <span class="percent">{share(words, all)}</span>
              </td>
              <td class="number">{count(comments)}</td>
              <td class={asked === comments ? "number zero" : "number"}>{count(asked - comments)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {speakers.length > shown.length && (
        <button
          type="button"
          class="button quiet"
          onClick={() => setWhole(true)}
        >
          Show all {count(speakers.length)} speakers
        </button>
      )}
      {left !== null && <p class="soft">{left}</p>}
    </div>
  );
}

function Courses(
  { courses, ...rest }: Readonly<{
    courses: readonly Course[];
    content: DiscussionSlots;
    classOf: (author: string) => string;
    chosen: number | null;
    onChoose: (position: number) => void;
  }>,
): VNode | null {
  const [index, setIndex] = useState(0);
  if (courses.length === 0) return null;
  const course = courses[Math.min(index, courses.length - 1)]!;
  const isOnlyPass = new Set(courses.map(({ pass }) => pass)).size === 1;
  return (
    <div class="courses">
      <div class="head">
        <label>
          Course of{" "}
          <select
            value={String(courses.indexOf(course))}
            onChange={(event) => setIndex(Number(event.currentTarget.value))}
          >
            {courses.map(({ pass, scale }, at) => (
              <option key={`${pass}/${scale}`} value={String(at)}>
                {isOnlyPass ? scale : `${scale} (pass ${pass})`}
              </option>
            ))}
          </select>
        </label>
      </div>
      <CourseView course={course} {...rest} />
    </div>
  );
}
