/**
 * Divides a reply into the comment and the model's thoughts.
 *
 * Marks in code do not count. Code is text between backticks on one line, or a closed fenced block. The rules:
 *
 * 1. A special token, such as `◁think▷` or `<|begin_of_thought|>`, counts anywhere.
 * 2. A tag, such as `<think>`, opens a thought if it begins a line (signs can be before it) or ends a line. A
 *    tag that is closed later also opens a thought if it follows the end of a sentence, or if the thought has
 *    several lines. Any other tag is part of the comment.
 * 3. A thought ends at the next closing mark with the same name. If there is none, it ends at the next one of
 *    the same family, or else of any family. A thought that is not closed extends to the end of the reply.
 * 4. A closing mark without an opening mark closes a thought that the chat template opened: all text before it
 *    is thought. There are two exceptions. Within a sentence (a word before it, a small letter after it), the
 *    mark is part of the comment. If the mark ends a reply whose thoughts are already closed, it is only
 *    removed.
 */
import { closesAlone, Closings, type Mark, marksIn } from "./thought_marks.ts";

export type Divided = Readonly<{
  said: string;
  /** In the order of the reply, trimmed, without empty thoughts. */
  thoughts: readonly string[];
  /** Whether a thought was not closed. */
  isOpen: boolean;
}>;

/** How much text before and after a mark is checked, in characters. */
const LINE_LOOK_MAX = 80;

const WORD = /[\p{L}\p{N}]/u;
const SENTENCE_END = /[.!?…。！？]["'”’»)\]*_]{0,4}\s{0,4}$/u;
const WORD_BEFORE = /[\p{L}\p{N},]\s{1,4}$/u;
const SMALL_AFTER = /^\s{1,4}\p{Ll}/u;
const LINE_END_AFTER = /^[^\S\n]{0,4}\r?\n/u;

type Piece = { isThought: boolean; text: string };

export function divided(text: string): Divided {
  const marks = marksIn(text);
  return marks.some(({ kind }) => kind !== "backticks")
    ? new Divider(text, marks).divide()
    : { said: text, thoughts: [], isOpen: false };
}

class Divider {
  readonly #text: string;
  readonly #marks: readonly Mark[];
  readonly #closings: Closings;
  readonly #pieces: Piece[] = [];
  readonly #length: number;
  /** Name of a tag → how many opening tags are part of a sentence, and still wait for their closing tags. */
  readonly #mentioned = new Map<string, number>();
  /** The beginning of the text that is not yet divided. */
  #at = 0;
  #isOpen = false;
  #newline = -1;
  #hasFences = true;
  #hasThoughts = false;
  /** All pieces before this index are thoughts. */
  #firstSaid = 0;

  constructor(text: string, marks: readonly Mark[]) {
    this.#text = text;
    this.#length = text.trimEnd().length;
    this.#marks = marks;
    this.#closings = new Closings(text, marks);
  }

  divide(): Divided {
    for (let index = 0; index < this.#marks.length; index++) {
      const mark = this.#marks[index]!;
      if (mark.start < this.#at) continue;
      if (mark.kind === "backticks") index = this.#codeEnd(index);
      else if (mark.kind === "open") this.#open(mark);
      else if (mark.kind === "close") this.#close(mark);
      else if (this.#beginsLine(mark)) this.#take(mark.start, "", mark.end);
    }
    this.#say(this.#text.length);
    return {
      said: joined(this.#pieces.filter(({ isThought }) => !isThought)),
      thoughts: this.#pieces.filter(({ isThought }) => isThought).map(({ text }) => text.trim())
        .filter((text) => text !== ""),
      isOpen: this.#isOpen,
    };
  }

  #open(mark: Mark): void {
    const beginsOrEndsLine = this.#beginsLine(mark) || LINE_END_AFTER.test(this.#after(mark));
    const close = this.#closings.of(mark);
    if (close === null) {
      if (mark.isToken || beginsOrEndsLine) {
        this.#isOpen = true;
        this.#take(mark.start, this.#text.slice(mark.end), this.#text.length);
      }
      return;
    }
    const counts = mark.isToken || beginsOrEndsLine || SENTENCE_END.test(this.#before(mark)) ||
      this.#newlineAfter(mark.end) < close.start;
    if (counts) this.#take(mark.start, this.#text.slice(mark.end, close.start), close.end);
    else this.#mentioned.set(mark.name, (this.#mentioned.get(mark.name) ?? 0) + 1);
  }

  #close(mark: Mark): void {
    const mentioned = this.#mentioned.get(mark.name) ?? 0;
    if (mentioned > 0) {
      this.#mentioned.set(mark.name, mentioned - 1);
      return;
    }
    const isMention = !mark.isToken && WORD_BEFORE.test(this.#before(mark)) &&
      SMALL_AFTER.test(this.#after(mark));
    if (isMention || !closesAlone(mark)) return;
    this.#say(mark.start);
    this.#at = mark.end;
    if (this.#hasThoughts && mark.end >= this.#length) return;
    this.#hasThoughts = true;
    for (; this.#firstSaid < this.#pieces.length; this.#firstSaid++) {
      this.#pieces[this.#firstSaid]!.isThought = true;
    }
  }

  /** Moves a thought from the comment to the thoughts. */
  #take(start: number, thought: string, end: number): void {
    this.#say(start);
    this.#pieces.push({ isThought: true, text: thought });
    this.#hasThoughts = true;
    this.#at = end;
  }

  #say(end: number): void {
    if (end > this.#at) this.#pieces.push({ isThought: false, text: this.#text.slice(this.#at, end) });
  }

  /** The index of the mark that ends the code. If no code begins at `index`, the same index. */
  #codeEnd(index: number): number {
    const open = this.#marks[index]!;
    const length = open.end - open.start;
    const isFence = length >= 3 && this.#beginsLine(open);
    if (isFence && !this.#hasFences) return index;
    for (let next = index + 1; next < this.#marks.length; next++) {
      const mark = this.#marks[next]!;
      if (!isFence && mark.start > this.#newlineAfter(open.end)) return index;
      if (mark.kind !== "backticks") continue;
      if (
        isFence ? mark.end - mark.start >= length && this.#beginsLine(mark) : mark.end - mark.start === length
      ) {
        return next;
      }
    }
    if (isFence) this.#hasFences = false;
    return index;
  }

  #before({ start }: Mark): string {
    return this.#text.slice(Math.max(this.#at, start - LINE_LOOK_MAX), start);
  }

  #after({ end }: Mark): string {
    return this.#text.slice(end, end + LINE_LOOK_MAX);
  }

  #beginsLine(mark: Mark): boolean {
    const before = this.#before(mark);
    return !WORD.test(before.slice(before.lastIndexOf("\n") + 1));
  }

  /** The position of the next line break. Call it in the order of the text. */
  #newlineAfter(position: number): number {
    if (this.#newline < position) {
      const found = this.#text.indexOf("\n", position);
      this.#newline = found === -1 ? Infinity : found;
    }
    return this.#newline;
  }
}

/** Joins the pieces. If spaces come before and after a removed thought, only those after it stay. */
function joined(pieces: readonly Piece[]): string {
  return pieces.map(({ text }, index) => /^\s/.test(pieces[index + 1]?.text ?? "") ? text.trimEnd() : text)
    .join("");
}
