/** How a page looks on paper: black on white, with everything unfolded that a screen unfolds on request. */

/** What differs from the screen. Colours are the light ones already. */
export const PRINT_STYLE = `
@page { margin: 18mm 16mm; }
@media print {
  :root { color-scheme: only light; --paper: #fff; --ink: #000; --soft: #444; --tint: #f5f5f5; }
  html { font-size: 9.5pt; }
  body { display: block; max-width: none; padding: 0; line-height: 1.45; }
  .skip { display: none; }
  nav { position: static; max-height: none; }
  a { color: inherit; text-decoration: none; }
  h2 { margin-top: 2.4rem; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
  summary { list-style: none; color: var(--soft); }
  summary::-webkit-details-marker { display: none; }
  figure > details > summary { display: none; }
  .plot, .panels li, tr, .callout, .comments li, dl div { break-inside: avoid; }
  figcaption, caption, .axis, .legend { break-after: avoid; }
  .under { break-before: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; container-type: normal; }
  caption > span { position: static; max-width: none; }
  .table { font-size: .85rem; }
  th, td { padding: .25rem .4rem; }
  td.figures, .brief, .brief bdi { white-space: normal; }
  th[scope="row"] { position: static; }
  .words bdi, th bdi { max-width: 16rem; }
  .table.wide { font-size: .68rem; }
  .wide th, .wide td { padding: .2rem .22rem; }
  .plot .wide { display: block; width: 100%; }
  .plot .narrow { display: none; }
  .panels { grid-template-columns: repeat(3, 1fr); }
}
`;
