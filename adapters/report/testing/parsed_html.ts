import { parseHTML } from "npm:linkedom@0.18.15";

export type Elements = Readonly<{
  querySelector(selectors: string): ParsedElement | null;
  querySelectorAll(selectors: string): Iterable<ParsedElement>;
}>;

export type ParsedElement =
  & Elements
  & Readonly<{ textContent: string; localName: string; getAttribute(name: string): string | null }>;

export function parsedHtml(html: string): Elements {
  // The package's own types need the types of a browser.
  return (parseHTML(html) as unknown as { document: Elements }).document;
}
