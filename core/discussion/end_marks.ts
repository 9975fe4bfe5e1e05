/** Removes marks of chat templates from replies: ends of turns, and headers that name the speaker. */

/** A special token of any model: `<|im_end|>`, `<｜end▁of▁sentence｜>`, `[|endofturn|]`, `</s>`, `<end_of_turn>`, … */
const MARK = [
  "<[|｜][\\p{L}\\p{N}_▁/:.-]{1,40}[|｜]>",
  "\\[\\|[a-z_]{1,40}\\|\\]",
  "</?s>",
  "<(?:eos|bos|pad|unk|eot|eod|eom|endoftext|end_of_(?:turn|text|utterance|sentence)|start_of_turn)>",
  "<turn\\|>",
  "<\\|turn>",
  "\\[/?INST\\]",
  "\\[EOS\\]",
].join("|");

const LAST = new RegExp(`(?:${MARK})$`, "iu");
const MARK_LENGTH_MAX = 44;

/** The marks that can begin a reply. After them can come the header of the assistant's turn. */
const FIRST = new RegExp(`(?:${MARK})`, "iuy");
const HEADER =
  /(?:<\|(?:im_start|start|begin|start_of_role|role_start)\|>|<\|start_header_id\|>|<start_of_turn>|<\|turn>)\s{0,3}(?:assistant|model|bot|ai)\b(?:\s{0,3}<\|(?:end_header_id|im_sep|message|content|end_of_role|role_end)\|>)?/iuy;
/** The rest of a header of the assistant's turn, after a server dropped the special tokens around it. */
const BARE_HEADER = /assistant[^\S\n]{0,3}\r?\n/uy;

/** The end of a turn in the middle of a text. The text after it is not part of the comment. */
const TURN_END =
  /(`?)(?:<\|(?:im_end|im_start|eot_id|eom_id|endoftext|end_of_(?:text|turn|sentence)|endofturn|eos|eot|return|end|end_of_turn_token|start_header_id|user|system|observation)\|>|<[|｜]end▁of▁sentence[|｜]>|<[|｜](?:User|Assistant)[|｜]>|\[\|endofturn\|\]|<(?:eos|end_of_turn|start_of_turn)>|<turn\|>|<\|turn>|<\/s>|\[\/?INST\])(`?)/giu;

export type Unmarked = Readonly<{ text: string; removed: readonly string[] }>;

/** Removes marks and headers from the beginning of a text. */
export function withoutFirstMarks(text: string): Unmarked {
  const isStruck = strikes(text);
  const begin = text.length - text.trimStart().length;
  let at = begin;
  for (;;) {
    const found = [HEADER, FIRST, ...(at === begin ? [BARE_HEADER] : [])]
      .map((pattern) => matchAt(pattern, text, at)).find((match) => match !== null);
    if (found === undefined || isStruck(found, at)) break;
    at += found.length;
    while (at < text.length && /\s/u.test(text[at]!)) at++;
  }
  return at === begin ? { text, removed: [] } : parted(text.slice(at), text.slice(begin, at));
}

/** Removes marks from the end of a text, and everything after the first end of a turn. */
export function withoutLastMarks(text: string): Unmarked {
  const isStruck = strikes(text);
  let end = text.slice(0, turnEnd(text, isStruck)).trimEnd().length;
  for (;;) {
    const mark = LAST.exec(text.slice(Math.max(0, end - MARK_LENGTH_MAX), end))?.[0];
    if (mark === undefined || isStruck(mark, end - mark.length)) break;
    end -= mark.length;
    while (end > 0 && /\s/u.test(text[end - 1]!)) end--;
  }
  return parted(text.slice(0, end), text.slice(end));
}

function parted(text: string, off: string): Unmarked {
  const removed = off.trim();
  return { text, removed: removed === "" ? [] : [removed] };
}

function turnEnd(text: string, isStruck: (mark: string, at: number) => boolean): number {
  for (const match of text.matchAll(TURN_END)) {
    const isQuoted = match[1] !== "" && match[2] !== "";
    if (!isQuoted && !isStruck(match[0], match.index)) return match.index + match[1]!.length;
  }
  return text.length;
}

/**
 * Returns a function for the marks `<s>` and `</s>`. It says whether a mark strikes out text, as in HTML.
 * Otherwise, the mark belongs to a chat template.
 */
function strikes(text: string): (mark: string, at: number) => boolean {
  const first = text.indexOf("<s>");
  const last = text.lastIndexOf("</s>");
  // Some models put these marks around every text.
  const isAround = first === 0 && last === text.trimEnd().length - "</s>".length;
  return (mark, at) => {
    if (/^<s>$/iu.test(mark)) return at < last && !isAround;
    return /<\/s>/iu.test(mark) && first !== -1 && first < at;
  };
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
