/**
 * The reader's choices in this browser. They say how the page looks. The address says what the page shows.
 */
import { useEffect, useState } from "npm:preact@11.2.0/hooks";

/** The reader's choices. */
export type Settings = Readonly<{
  theme: "system" | "light" | "dark";
  density: "dense" | "calm";
  /**
   * Whether letters and signs work as keys. Users of speech input and of some screen readers must switch this
   * off.
   */
  letters: boolean;
  /** Whether hidden characters are shown as marks. */
  marks: boolean;
  /** The columns of the list of discussions; `null` for the default columns. */
  columns: readonly string[] | null;
}>;

const DEFAULTS: Settings = { theme: "system", density: "dense", letters: true, marks: false, columns: null };

const STORED = "syndisco.settings";

const listeners = new Set<() => void>();
let current: Settings | null = null;

/** The choices now. */
export function settings(): Settings {
  return current ??= { ...DEFAULTS, ...stored() };
}

/** Changes choices, and remembers them where the browser allows it. */
export function changeSettings(changes: Partial<Settings>): void {
  current = { ...settings(), ...changes };
  try {
    localStorage.setItem(STORED, JSON.stringify(current));
  } catch {
    // The browser stores nothing, so the choices last as long as the page.
  }
  showSettings();
  for (const listener of listeners) listener();
}

/** The choices, for a component that is drawn again when they change. */
export function useSettings(): Settings {
  const [value, setValue] = useState(settings());
  useEffect(() => {
    const listener = () => setValue(settings());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return value;
}

/** Puts the choices on the document's root, where the style sheets read them. */
export function showSettings(): void {
  const { theme, density, letters } = settings();
  const { dataset } = document.documentElement;
  dataset.theme = theme;
  dataset.density = density;
  dataset.letters = letters ? "on" : "off";
}

function stored(): Partial<Settings> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
