/** Handles the keys of `key_table.ts`. */
import { useEffect, useRef } from "npm:preact@11.2.0/hooks";
import { KEY_TABLE, type KeyEntry, type KeyName, type ScopeName } from "./key_table.ts";
import { settings } from "./settings.ts";

/** The longest time between two keys of a sequence such as `g o`, in milliseconds. */
const SEQUENCE_MS = 1500;

/** What the keys of one part of the page do now. A key without a function does nothing. */
export type KeyHandlers<Scope extends ScopeName> = Readonly<
  Partial<Record<KeyName<Scope>, (event: KeyboardEvent) => void>>
>;

type AnyHandlers = Readonly<Record<string, ((event: KeyboardEvent) => void) | undefined>>;
type Registration = { scope: ScopeName; handlers: AnyHandlers };

/** The parts of the page that are on the screen. The part that appeared last comes first. */
const registered: Registration[] = [];

/** Makes keys of one part of the page work while the component is on the screen. */
export function useKeys<Scope extends ScopeName>(scope: Scope, handlers: KeyHandlers<Scope>): void {
  const registration = useRef<Registration>({ scope, handlers: {} });
  registration.current.handlers = handlers as AnyHandlers;
  useEffect(() => {
    const own = registration.current;
    registered.unshift(own);
    return () => void registered.splice(registered.indexOf(own), 1);
  }, []);
}

/**
 * The keys that work now, for the help. Each is the part and the name in the table, such as `transcript
 * next`.
 */
export function activeKeys(): ReadonlySet<string> {
  return new Set(
    registered.flatMap(({ scope, handlers }) =>
      Object.keys(handlers).filter((name) => handlers[name] !== undefined).map((name) => `${scope} ${name}`)
    ),
  );
}

/**
 * Listens to the keyboard.
 *
 * @returns A function that stops this.
 */
export function listenToKeys(target: Document): () => void {
  let typed: string[] = [];
  let typedAt = 0;
  const listener = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || isForBrowser(event)) return;
    if (event.timeStamp - typedAt > SEQUENCE_MS) typed = [];
    typedAt = event.timeStamp;
    typed = [...typed, event.key];
    const found = handlerOf(typed.join(" ")) ?? handlerOf(event.key);
    if (found !== null) {
      typed = [];
      event.preventDefault();
      found(event);
    } else if (!isPrefix(typed.join(" "))) typed = isPrefix(event.key) ? [event.key] : [];
  };
  target.addEventListener("keydown", listener);
  return () => target.removeEventListener("keydown", listener);
}

/** How a key is shown on buttons and in the help. */
export function keyLabel(press: string): string {
  const names: Readonly<Record<string, string>> = {
    Escape: "Esc",
    ArrowDown: "↓",
    ArrowUp: "↑",
    ArrowLeft: "←",
    ArrowRight: "→",
    PageDown: "Page ↓",
    PageUp: "Page ↑",
  };
  return press.split(" ").map((key) => names[key] ?? key).join(" ");
}

function entries(): [string, (event: KeyboardEvent) => void][] {
  return registered.flatMap(({ scope, handlers }) => {
    const keys: Readonly<Record<string, KeyEntry>> = KEY_TABLE[scope].keys;
    return Object.entries(keys).flatMap(([name, { press }]) => {
      const handler = handlers[name];
      return handler === undefined ? [] : press.map((text): [string, typeof handler] => [text, handler]);
    });
  });
}

function handlerOf(sequence: string): ((event: KeyboardEvent) => void) | null {
  return entries().find(([press]) => press === sequence)?.[1] ?? null;
}

function isPrefix(sequence: string): boolean {
  return entries().some(([press]) => press.startsWith(`${sequence} `));
}

/** Whether the key belongs to the browser, to a field, to a button in focus, or to an open dialog. */
function isForBrowser(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (event.key === "Shift") return true;
  if (document.querySelector("dialog[open]") !== null) return true;
  const isCharacter = [...event.key].length === 1;
  if (isCharacter && !settings().letters) return true;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target === null) return false;
  if (isField(target)) return true;
  if (event.key === "Enter" || event.key === " ") {
    return target.closest("a, button, summary, input, [role=tab], [role=button]") !== null;
  }
  return false;
}

/** A field takes all keys itself, and so does a list of options. A box to tick takes only Space and Enter. */
function isField(target: HTMLElement): boolean {
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
