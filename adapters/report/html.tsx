/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** A report as one HTML page, without scripts and without requests. */
// deno-lint-ignore-file jsx-key -- the page is rendered once
import { createHash } from "node:crypto";
import type { VNode } from "npm:preact@11.2.0";
import { renderToString } from "npm:preact-render-to-string@6.8.2";
import {
  type Block,
  checkReport,
  printedSections,
  type Report,
  type Section,
  silenceText,
  type Transcript,
  visibleLines,
} from "../../analysis/report/mod.ts";
import { FigureView, Inline, Shown, TableView } from "./html_table.tsx";
import { type DrawPlot, openPlots } from "./plots/draw_plot.ts";
import { STYLE } from "./style.ts";

/** The page may use its own style sheet, and nothing else. */
const POLICY = `default-src 'none'; style-src 'sha256-${
  createHash("sha256").update(STYLE).digest("base64")
}'; base-uri 'none'; form-action 'none'`;

/** A table with more rows is folded. */
const ROWS_UNFOLDED_MAX = 24;

const TONES = { flag: "Flag", caution: "Caution", note: "Note" } as const;

/** The tags after authors' names. Comments of participants have none. */
const TAGS = {
  opening: "Opening",
  intervention: "Intervention",
  participant: "",
  moderator: "Moderator",
} as const;

/**
 * Writes a report as one HTML page, for screens of any width, for paper and for screen readers.
 *
 * @throws TypeError as `checkReport()` does.
 */
export async function reportHtml(report: Report): Promise<string> {
  checkReport(report);
  const hasFigures = report.sections.some(({ blocks }) => blocks.some(({ kind }) => kind === "figure"));
  const draw = hasFigures ? await openPlots() : () => null;
  return `<!DOCTYPE html>\n${renderToString(<Page report={report} draw={draw} />)}\n`;
}

function Page({ report, draw }: Readonly<{ report: Report; draw: DrawPlot }>): VNode {
  const { title, subtitle, sections } = report;
  const numbers = numbersOf(report);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{visibleLines(title)}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body class={report.isFull === true ? "full" : undefined}>
        <a class="skip" href="#report">Skip to the report</a>
        <header>
          <h1 dir="auto">
            <Shown text={title} />
          </h1>
          <p dir="auto">
            <Shown text={subtitle} />
          </p>
        </header>
        <nav aria-labelledby="contents">
          <p id="contents">Contents</p>
          <ol>
            {sections.map(({ id, title }) => (
              <li>
                <a href={`#section-${id}`}>
                  <Inline text={title} />
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <main id="report" tabindex={-1}>
          {sections.map((section) => (
            <SectionView section={section} numbers={numbers} draw={draw} isOpen={report.isFull === true} />
          ))}
          {printedSections(report).left.length === 0 ? null : (
            <p class="paper">
              Paper shows only the sections that are open on the page. A report made with <code>--full</code>
              {" "}
              prints all of them.
            </p>
          )}
        </main>
      </body>
    </html>
  );
}

/** Numbers the tables, the figures and the transcripts of the report, each kind from 1. */
function numbersOf({ sections }: Report): ReadonlyMap<Block, number> {
  const counts = { table: 0, figure: 0, transcript: 0 };
  const blocks = sections.flatMap(({ blocks }) => blocks);
  return new Map(blocks.flatMap((block) => {
    const { kind } = block;
    return kind === "table" || kind === "figure" || kind === "transcript" ? [[block, ++counts[kind]]] : [];
  }));
}

type SectionProps = Readonly<
  { section: Section; numbers: ReadonlyMap<Block, number>; draw: DrawPlot; isOpen: boolean }
>;

/** A section. The target of links to a folded section is in its folded part, so that a link opens the section. */
function SectionView({ section, numbers, draw, isOpen }: SectionProps): VNode {
  const { id, title, depth, blocks } = section;
  const headed = blocks.findIndex(({ kind }) => kind === "heading");
  const heading = (
    <h2 id={`section-${id}_title`} dir="auto">
      <Shown text={title} />
    </h2>
  );
  const content = blocks.map((block, index) => (
    <BlockView
      block={block}
      number={numbers.get(block) ?? 0}
      level={headed !== -1 && headed < index ? "h4" : "h3"}
      draw={draw}
    />
  ));
  if (depth === undefined) {
    return (
      <section id={`section-${id}`} aria-labelledby={`section-${id}_title`}>
        {heading}
        {content}
      </section>
    );
  }
  return (
    <section aria-labelledby={`section-${id}_title`}>
      <details class={`part ${depth}`} open={isOpen}>
        <summary>{heading}</summary>
        <div id={`section-${id}`}>{content}</div>
      </details>
    </section>
  );
}

type BlockProps = Readonly<{ block: Block; number: number; level: "h3" | "h4"; draw: DrawPlot }>;

function BlockView({ block, number, level, draw }: BlockProps): VNode {
  switch (block.kind) {
    case "heading":
      return (
        <h3 dir="auto">
          <Shown text={block.title} />
        </h3>
      );
    case "paragraph":
      return (
        <p dir="auto">
          <Shown text={block.text} />
        </p>
      );
    case "list":
      return (
        <ul>
          {block.items.map((item) => (
            <li dir="auto">
              <Shown text={item} />
            </li>
          ))}
        </ul>
      );
    case "facts":
      return (
        <dl>
          {block.entries.map(({ term, value }) => (
            <div>
              <dt>
                <Inline text={term} />
              </dt>
              <dd dir="auto">
                <Shown text={value} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case "callout":
      return (
        <div class={`callout ${block.tone}`} role="note">
          <p class="title">
            <span class="badge">{TONES[block.tone]}</span> <Inline text={block.title} />
          </p>
          <p dir="auto">
            <Shown text={block.text} />
          </p>
        </div>
      );
    case "source":
      return (
        <details class="source">
          <summary>
            <Inline text={block.title} />
          </summary>
          <pre dir="auto"><Shown text={block.text} /></pre>
        </details>
      );
    case "table": {
      const { title, rows } = block.table;
      const table = <TableView table={block.table} label={`Table ${number}`} />;
      return rows.length <= ROWS_UNFOLDED_MAX ? table : (
        <details class="long">
          <summary>
            Table {number}. <Inline text={title} /> ({rows.length} rows)
          </summary>
          {table}
        </details>
      );
    }
    case "figure":
      return <FigureView figure={block} number={number} draw={draw} />;
    case "transcript":
      return <TranscriptView transcript={block} id={`transcript-${number}`} level={level} />;
    default:
      block satisfies never;
      throw new TypeError(`Cannot show a block "${JSON.stringify(block)}"`);
  }
}

type TranscriptProps = Readonly<{ transcript: Transcript; id: string; level: "h3" | "h4" }>;

function TranscriptView({ transcript, id, level: Heading }: TranscriptProps): VNode {
  return (
    <article class="transcript" aria-labelledby={id}>
      <Heading id={id} dir="auto">
        <Shown text={transcript.title} />
      </Heading>
      <p dir="auto">
        <Shown text={transcript.text} />
      </p>
      <details>
        <summary>The discussion, word for word</summary>
        <ol class="comments" role="list">
          {transcript.comments.map((comment) => <CommentView {...comment} />)}
        </ol>
      </details>
    </article>
  );
}

function CommentView(comment: Transcript["comments"][number]): VNode {
  const { by, author, role, text, annotations } = comment;
  return (
    <li class={by}>
      <p class="by">
        <b>
          <Inline text={author} />
        </b>
        {role === null ? null : (
          <>
            , <Inline text={role} />
          </>
        )}
        {TAGS[by] === "" ? null : (
          <>
            {" "}
            <span class="tag">{TAGS[by]}</span>
          </>
        )}
      </p>
      {text === null ? <p class="said silence">{silenceText(comment)}</p> : (
        <div class="said" dir="auto">
          <Shown text={text} />
        </div>
      )}
      {annotations === "" ? null : (
        <p class="annotations">
          <span class="aside">Annotated:</span> <Inline text={annotations} />
        </p>
      )}
    </li>
  );
}
