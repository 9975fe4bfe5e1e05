/** The colours of reports. */

/** Name of a custom property without its hyphens → colour. */
export type Colours = Readonly<Record<string, string>>;

/**
 * The colours on light paper. Series have the colours of Okabe and Ito, which people with any colour vision can tell
 * apart. Some of these colours are darker or lighter here, to stand out from the paper.
 */
export const LIGHT: Colours = {
  ...{
    "paper": "#fdfdfb",
    "ink": "#1f2023",
    "soft": "#5b5d63",
    "rule": "#dcdcd6",
    "tint": "#f4f4ef",
    "pale": "#c3c4c0",
  },
  ...{ "link": "#0b559e", "flag": "#a11d10", "caution": "#7a4f00", "note": "#2c5a86" },
  ...{
    "series-1": "#0072b2",
    "series-2": "#d55e00",
    "series-3": "#00875f",
    "series-4": "#b0568a",
    "series-5": "#1f2023",
  },
};

/** The colours on dark paper. */
export const DARK: Colours = {
  ...{
    "paper": "#16181b",
    "ink": "#e3e3df",
    "soft": "#a5a7ab",
    "rule": "#373a3f",
    "tint": "#1e2125",
    "pale": "#565a60",
  },
  ...{ "link": "#8dbcf2", "flag": "#ff9a8c", "caution": "#eebf6a", "note": "#9cc4ea" },
  ...{
    "series-1": "#56b4e9",
    "series-2": "#f0914a",
    "series-3": "#2fc596",
    "series-4": "#e3a1c8",
    "series-5": "#e3e3df",
  },
};

/** Colours as custom properties of a style sheet. */
export function declarations(colours: Colours): string {
  return Object.entries(colours).map(([name, colour]) => `--${name}: ${colour};`).join(" ");
}
