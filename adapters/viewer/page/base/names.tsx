/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Shortens long names. The parts in which names differ stay visible. */
import type { VNode } from "npm:preact@11.2.0";
import { Words } from "./words.tsx";

/** The names of a run's discussions begin with their condition and end with a hash. */
const NAME = /^.+?\.(r\d{4,})((?:\..*)?)$/s;

/** A hash of sixteen digits. Its beginning is enough to tell the discussions of a run apart. */
const HASH = /\.([0-9a-f]{8})[0-9a-f]{8}(?=\.|$)/g;

/** The name without its condition, and with a shorter hash: `r0001.ca6cd461`. A name of another form stays whole. */
export function shortName(discussion: string): string {
  const found = NAME.exec(discussion);
  return found === null ? discussion : `${found[1]}${found[2]!.replace(HASH, ".$1")}`;
}

/**
 * The end of a name stays on one line, up to this many characters. A longer end might not fit, so it can
 * break anywhere.
 */
const UNBROKEN_MAX = 32;

/** A whole name, which breaks before its replicate if the line is too short. */
export function WholeName({ discussion }: Readonly<{ discussion: string }>): VNode {
  const end = NAME.test(discussion) ? discussion.search(/\.r\d{4,}/) : -1;
  if (end <= 0 || discussion.length - end > UNBROKEN_MAX || !PLAIN.test(discussion)) {
    return <Words text={discussion} />;
  }
  return (
    <>
      <Words text={discussion.slice(0, end)} />
      <wbr />
      <span class="unbroken">
        <Words text={discussion.slice(end)} />
      </span>
    </>
  );
}

/** Texts up to this length are never cut in the middle. */
const WHOLE_MAX = 18;

/** This many characters at the end stay in sight. */
const END_LENGTH = 9;

/** Texts whose characters all run from left to right. Others are cut at their end only. */
const PLAIN = /^[\x20-\x7e]+$/;

/** A text on one line. If it is too long, its middle is left out, since conditions often differ in their ends. */
export function OneLine({ text }: Readonly<{ text: string }>): VNode {
  if (text.length <= WHOLE_MAX || !PLAIN.test(text)) {
    return (
      <span class="one-line" title={text}>
        <Words text={text} />
      </span>
    );
  }
  return (
    <span class="one-line" title={text}>
      <span class="aside">{text}</span>
      <span class="begin" aria-hidden="true">{text.slice(0, -END_LENGTH)}</span>
      <span class="end" aria-hidden="true">{text.slice(-END_LENGTH)}</span>
    </span>
  );
}
