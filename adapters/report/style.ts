/** The only style sheet of the page. The page's content security policy allows no other. */
import { DARK, declarations, LIGHT } from "./colours.ts";

/** The colours, which are darker on the page's light paper and lighter on its dark one. */
const COLOURS = `
:root {
  color-scheme: light dark;
  ${declarations(LIGHT)}
  --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, "Source Serif 4", "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    ${declarations(DARK)}
  }
}
`;

const TEXT = `
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem 1rem 5rem; max-width: 56rem;
  font: 1.0625rem/1.6 var(--serif); overflow-wrap: anywhere;
}
header { margin-bottom: 2.5rem; }
header p { margin: .6rem 0 0; color: var(--soft); font-size: 1.125rem; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; break-after: avoid; white-space: pre-line; }
h1 { margin: 0; font-size: clamp(1.7rem, 1.2rem + 2vw, 2.4rem); font-weight: 600; letter-spacing: -.01em; }
h2 { margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--rule); font-size: 1.5rem; font-weight: 600; }
h3 { margin: 2.4rem 0 .6rem; font-size: 1.17rem; font-weight: 600; }
h4 { margin: 2rem 0 .5rem; font-size: 1.0625rem; font-weight: 600; }
p { margin: 0 0 1rem; white-space: pre-line; }
main p, main > section > ul, .callout { max-width: 44rem; }
main dl { max-width: 54rem; }
#section-first-page > :is(p, ul, .callout), #section-first-page :is(.under, figcaption) { max-width: 54rem; }
#section-first-page > .callout p { max-width: none; }
#section-first-page > h3 { margin-top: 1.6rem; }
#section-first-page > :is(.table, figure) { margin: 1rem 0 1.2rem; }
ul, ol { padding-left: 1.4rem; }
li { margin: .25rem 0; }
ol[role="list"], ul[role="list"] { list-style: none; padding: 0; }
[dir="auto"] { unicode-bidi: isolate; }
.said, pre { unicode-bidi: plaintext; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: 1rem; top: -6rem; padding: .5rem 1rem; background: var(--ink); color: var(--paper); }
.skip:focus { top: 1rem; z-index: 1; }
nav { margin-bottom: 2.5rem; font: .9rem/1.45 var(--sans); }
nav p { margin: 0 0 .5rem; font-weight: 600; }
nav ol { margin: 0; padding: 0; list-style: none; counter-reset: section; display: flex; flex-wrap: wrap; gap: 0 1.1rem; }
nav li { margin: 0; padding: .2rem 0; display: flex; gap: .5em; counter-increment: section; }
nav li::before { content: counter(section); flex: none; color: var(--soft); font-variant-numeric: tabular-nums; }
nav a { text-decoration: none; color: var(--ink); padding: .1rem 0; }
nav a:hover, nav a:focus { text-decoration: underline; }
main { counter-reset: section; }
section { counter-increment: section; }
section > h2::before, .part > summary h2::before { content: counter(section) "\\2002"; color: var(--soft); font-weight: 400; }
dl { margin: 0 0 1.2rem; }
dl div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1.5rem; padding: .3rem 0; border-bottom: 1px solid var(--rule); }
dl div:first-child { border-top: 1px solid var(--rule); }
dt { color: var(--soft); font: .9rem/1.7 var(--sans); }
dd { margin: 0; white-space: pre-line; font-variant-numeric: lining-nums; }
.part { border-top: 1px solid var(--rule); }
.part > summary { padding: .55rem 0; color: var(--ink); }
.part > summary h2 { display: inline; margin: 0; padding: 0; border: 0; font: 600 1.17rem/1.25 var(--serif); }
.part[open] > summary h2 { font-size: 1.5rem; }
.part[open] { padding-bottom: 2rem; }
section:not(:has(> .part)) + section > .part { margin-top: 3rem; }
.paper { display: none; }
.paper code { font: inherit; white-space: nowrap; }
.badge, .tag {
  display: inline-block; padding: 0 .45em; border: 1px solid currentColor; border-radius: 3px; white-space: nowrap;
  font: 600 .72rem/1.5 var(--sans); letter-spacing: .03em; text-transform: capitalize;
}
.callout { margin: 1.4rem 0; padding: .8rem 1.1rem; border-left: 4px solid var(--tone); background: var(--tint); }
.callout p:last-child { margin: 0; }
.callout .title { margin: 0 0 .3rem; font-weight: 600; }
.callout .badge, tr .badge { color: var(--tone); }
.flag { --tone: var(--flag); }
.caution { --tone: var(--caution); }
.note { --tone: var(--note); }
.callout.caution { border-left-style: dashed; }
.callout.note { border-left-style: double; }
.unseen { padding: 0 .2em; border: 1px solid currentColor; border-radius: 2px; font: .8em var(--mono); color: var(--flag); }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
summary { display: list-item; padding: .35rem 0; cursor: pointer; font: .9rem/1.4 var(--sans); color: var(--link); }
pre {
  margin: .4rem 0 1rem; padding: 1rem; background: var(--tint); border: 1px solid var(--rule);
  font: .8rem/1.55 var(--mono); white-space: pre-wrap; tab-size: 2;
}
`;

const TABLES = `
.table { margin: 1.6rem 0; font: .84rem/1.45 var(--sans); }
.scroll { overflow-x: auto; container-type: inline-size; overflow-wrap: normal; }
@property --fade { syntax: "<length>"; inherits: false; initial-value: 0px; }
@keyframes more-aside { 0%, 95% { --fade: 3rem; } 100% { --fade: 0px; } }
@media screen {
  @supports (animation-timeline: scroll()) {
    .scroll {
      mask-image: linear-gradient(to right, #000 calc(100% - var(--fade)), rgb(0 0 0 / .15));
      animation: more-aside linear both; animation-timeline: scroll(self inline);
    }
  }
}
table { border-collapse: collapse; min-width: min(100%, 32rem); font-variant-numeric: tabular-nums lining-nums; }
caption { padding: 0 0 .6rem; text-align: left; }
caption span { overflow-wrap: anywhere; }
caption > span { display: inline-block; position: sticky; left: 0; max-width: min(100cqw, 44rem); }
thead { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); }
tbody { border-bottom: 1.5px solid var(--ink); }
th, td { padding: .34rem .42rem; vertical-align: top; text-align: left; font-weight: 400; }
th:first-child, td:first-child { padding-left: .2rem; }
thead th { vertical-align: bottom; font-weight: 600; }
tbody tr + tr { border-top: 1px solid var(--rule); }
.figures { text-align: right; }
td.figures { white-space: nowrap; }
td.estimate { white-space: normal; }
.range { display: inline-block; color: var(--soft); font-size: .9em; white-space: nowrap; }
.words bdi, th bdi { display: inline-block; max-width: 22rem; overflow-wrap: break-word; overflow: clip; white-space: pre-line; }
thead th bdi { max-width: 11rem; }
.brief, .brief bdi { white-space: nowrap; }
tr { background: var(--paper); }
tr.flag, tr.caution { background: var(--tint); }
tr.flag > :first-child, tr.caution > :first-child { box-shadow: inset 3px 0 var(--tone); padding-left: .7rem; }
@media (max-width: 34rem) {
  .brief, .brief bdi { white-space: normal; }
  .words bdi { max-width: 11rem; }
  th[scope="row"] { min-width: 8.5rem; }
  #section-first-page th[scope="row"] { min-width: 4.2rem; }
  #section-first-page .words bdi { max-width: 8.5rem; }
}
@media (min-width: 44rem) {
  th[scope="row"] { position: sticky; left: 0; background: inherit; }
  .words:nth-child(2):last-child bdi { max-width: 32rem; }
}
sup { line-height: 0; }
sup a { padding: .2em; }
.under { margin: .6rem 0 0; color: var(--soft); font-size: .82rem; max-width: 44rem; }
.reasons { padding-left: 1.4em; }
`;

const FIGURES = `
figure { margin: 2rem 0 2.4rem; }
figcaption { margin-bottom: .8rem; font: .9375rem/1.45 var(--sans); max-width: 44rem; }
.estimator { color: var(--soft); }
.plot, .legend { font: .8125rem/1.4 var(--sans); }
.plot { max-width: 34rem; }
.plot svg { display: block; max-width: 100%; height: auto; overflow: visible; fill: currentColor; text-anchor: middle; }
.plot svg text {
  font: 14px var(--sans); white-space: pre; font-variant-numeric: tabular-nums;
  paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round;
}
.plot .image { width: 100%; }
.axis { margin: 0 0 .3rem; color: var(--soft); }
.across { margin: .2rem 0 0; text-align: right; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin: 0 0 .8rem; max-width: 44rem; }
.legend li { display: flex; gap: .5rem; align-items: flex-start; margin: 0; }
.legend svg { flex: none; margin-top: .15rem; }
.empty { color: var(--soft); font-style: italic; }
figure > details { margin-top: .6rem; }
figure .table { margin: .6rem 0 0; }
@media (max-width: 34rem) {
  dl div { grid-template-columns: 1fr; }
}
`;

const TRANSCRIPTS = `
.transcript { margin: 2.2rem 0; }
.comments { counter-reset: comment; margin: 0; }
.comments li {
  display: grid; grid-template-columns: 2.2rem minmax(0, 38rem) minmax(0, 1fr); gap: 0 .9rem; margin: 0;
  padding: .7rem 0; border-top: 1px solid var(--rule); overflow: clip; counter-increment: comment; break-inside: avoid;
}
.comments li::before {
  content: counter(comment); grid-row: 1 / 3; color: var(--soft); text-align: right;
  font: .8rem/1.8 var(--sans); font-variant-numeric: tabular-nums;
}
.by { grid-column: 2; margin: 0; font: .875rem/1.6 var(--sans); color: var(--soft); }
.by b { color: var(--ink); }
.said { grid-column: 2; margin: 0; white-space: pre-wrap; overflow: clip; }
.moderator .by, .moderator .said { padding-left: 1rem; border-left: 4px double var(--soft); }
.opening .by, .opening .said, .intervention .by, .intervention .said { padding-left: 1rem; border-left: 2px dashed var(--soft); }
.comments li.moderator { background: var(--tint); }
.silence { font-style: italic; color: var(--soft); }
.annotations { grid-column: 3; grid-row: 2; margin: 0; font: .8125rem/1.6 var(--sans); color: var(--soft); padding-right: .5rem; font-variant-numeric: tabular-nums; }
@media (max-width: 44rem) {
  .comments li { grid-template-columns: 1.6rem minmax(0, 1fr); }
  .comments li::before { grid-row: 1 / 4; }
  .annotations { grid-column: 2; grid-row: 3; margin-top: .25rem; }
}
@media (min-width: 78rem) {
  body { max-width: 76rem; display: grid; grid-template-columns: 11.5rem minmax(0, 60rem); gap: 0 2.5rem; }
  header, main { grid-column: 2; }
  nav { grid-column: 1; grid-row: 1 / 3; }
  nav ol { display: block; }
  nav li { gap: 0; }
  nav li::before { width: 1.8em; }
  nav { position: sticky; top: 2.5rem; align-self: start; max-height: calc(100vh - 5rem); overflow-y: auto; padding-top: .6rem; }
  section:first-child > h2 { margin-top: 0; }
}
`;

/** Changes for paper, which always has the light colours. */
const PRINT_STYLE = `
@page { margin: 18mm 16mm; }
@media print {
  :root { color-scheme: only light; --paper: #fff; --ink: #000; --soft: #444; --tint: #f5f5f5; }
  html { font-size: 9.5pt; }
  body { display: block; max-width: none; padding: 0; line-height: 1.45; }
  .skip { display: none; }
  nav { display: none; }
  a { color: inherit; text-decoration: none; }
  h2 { margin-top: 2.4rem; }
  .full details::details-content, .folded::details-content { display: block; content-visibility: visible; height: auto; }
  summary { list-style: none; color: var(--soft); }
  summary::-webkit-details-marker { display: none; }
  figure > details > summary { display: none; }
  body:not(.full) :is(.detail, .source, figure > details, .transcript > details):not([open]) { display: none; }
  .part { margin-top: 2.4rem; }
  .paper { display: block; margin-top: 2rem; color: var(--soft); }
  .plot, tr, .callout, .comments li, dl div { break-inside: avoid; }
  figcaption, caption, .axis, .legend { break-after: avoid; }
  .under { break-before: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; container-type: normal; }
  caption > span { position: static; max-width: none; }
  .table { font-size: .85rem; }
  th, td { padding: .25rem .4rem; }
  td.figures, .brief, .brief bdi { white-space: normal; }
  #section-first-page .table:not(.wide) :is(td.figures, .brief, .brief bdi) { white-space: nowrap; }
  #section-first-page :is(th, td) { padding-inline: .22rem; }
  header { margin-bottom: 1.2rem; }
  #section-first-page > h2 { margin-top: 0; }
  th[scope="row"] { position: static; }
  .words bdi, th bdi { max-width: 16rem; }
  .table.wide { font-size: .68rem; }
  .wide th, .wide td { padding: .2rem .22rem; }
}
`;

export const STYLE: string = [COLOURS, TEXT, TABLES, FIGURES, TRANSCRIPTS, PRINT_STYLE].join("");
