/** Discussions in a page, word by word. */
import { silenceText, type Transcript } from "../../analysis/report/mod.ts";
import { Markup, markup, NOTHING, shown, shownInline } from "./html_markup.ts";

/** Who is no participant is called so, beside looking otherwise. */
const TAGS = { opening: "Opening", participant: "", moderator: "Moderator" } as const;

/**
 * Writes a discussion as a list of its comments.
 *
 * @param transcript The discussion.
 * @param id The name of its heading in the page.
 * @param heading Its title, as a heading.
 */
export function transcriptHtml(transcript: Transcript, id: string, heading: Markup): Markup {
  return markup`<article class="transcript" aria-labelledby="${id}">
${heading}
<p dir="auto">${shown(transcript.text)}</p>
<details><summary>The discussion, word by word</summary>
<ol class="comments" role="list">
${transcript.comments.map(commentHtml)}
</ol>
</details>
</article>`;
}

function commentHtml({ by, author, role, text, isCut, judged }: Transcript["comments"][number]): Markup {
  return markup`<li class="${by}">
<p class="by"><b>${shownInline(author)}</b>${role === null ? NOTHING : markup`, ${shownInline(role)}`}${
    TAGS[by] === "" ? NOTHING : markup` <span class="tag">${TAGS[by]}</span>`
  }</p>
${
    text === null
      ? markup`<p class="said silence">${silenceText(isCut)}</p>`
      : markup`<div class="said" dir="auto">${shown(text)}</div>`
  }
${
    judged === ""
      ? NOTHING
      : markup`<p class="judged"><span class="aside">Judged: </span>${shownInline(judged)}</p>`
  }
</li>`;
}
