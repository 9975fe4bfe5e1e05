/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The parts that all pages use. */
import type { ComponentChildren, VNode } from "npm:preact@11.2.0";
import { useRef } from "npm:preact@11.2.0/hooks";
import type { Answer } from "./answer.ts";
import type { KeyEntry } from "./key_table.ts";
import { keyLabel } from "./keys.ts";
import { count } from "./numbers.ts";
import { formatRoute, type Route } from "./router.ts";

/** A key, as buttons show it. */
export function Key({ entry }: Readonly<{ entry: KeyEntry }>): VNode {
  return <kbd aria-hidden="true">{keyLabel(entry.press[0]!)}</kbd>;
}

/** A button that shows its key. */
export function Button(
  { children, onPress, entry, label, hint, pressed, disabled, kind = "plain" }: Readonly<{
    children: ComponentChildren;
    onPress: () => void;
    entry?: KeyEntry;
    /** The name for screen readers, if the children are not enough. */
    label?: string;
    /** Shown when the pointer rests on the button. */
    hint?: string;
    /** Whether the button is on; left out for buttons that do not switch something on and off. */
    pressed?: boolean;
    disabled?: boolean;
    kind?: "plain" | "main" | "quiet";
  }>,
): VNode {
  return (
    <button
      type="button"
      class={`button ${kind}`}
      onClick={onPress}
      disabled={disabled}
      aria-label={label}
      title={hint}
      aria-pressed={pressed}
      aria-keyshortcuts={entry?.press[0]}
    >
      {children}
      {entry !== undefined && <Key entry={entry} />}
    </button>
  );
}

/** A link to another place of the page. */
export function Link(
  { to, children, current, label, className, entry }: Readonly<{
    to: Route;
    children: ComponentChildren;
    /** Whether the link leads to where the reader is. */
    current?: boolean;
    label?: string;
    className?: string;
    entry?: KeyEntry;
  }>,
): VNode {
  return (
    <a
      href={formatRoute(to)}
      class={className}
      aria-current={current ? "page" : undefined}
      aria-label={label}
      aria-keyshortcuts={entry?.press[0]}
    >
      {children}
      {entry !== undefined && <Key entry={entry} />}
    </a>
  );
}

/** A number with a link to the discussions that it counts. Zero has no link. */
export function CountLink(
  { value, to, of }: Readonly<{ value: number; to: Route; of: string }>,
): VNode {
  if (value === 0) return <span class="zero">0</span>;
  return <Link to={to} label={`${count(value)} ${of}`} className="count">{count(value)}</Link>;
}

/** A tab of {@linkcode Tabs}. */
export type Tab = Readonly<{ id: string; title: string; entry?: KeyEntry; badge?: number }>;

/** Tabs, and the panel of the chosen tab. Arrow keys move between the tabs. */
export function Tabs(
  { label, tabs, chosen, onChoose, children }: Readonly<{
    label: string;
    tabs: readonly Tab[];
    chosen: string;
    onChoose: (id: string) => void;
    children: ComponentChildren;
  }>,
): VNode {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = ({ ArrowRight: 1, ArrowLeft: -1 } as Record<string, number>)[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = tabs.findIndex(({ id }) => id === chosen);
    const next = (index + step + tabs.length) % tabs.length;
    onChoose(tabs[next]!.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ id, title, entry, badge }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === chosen}
            aria-controls={`panel-${chosen}`}
            aria-keyshortcuts={entry?.press[0]}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => onChoose(id)}
          >
            {title}
            {badge !== undefined && <span class="badge">{count(badge)}</span>}
            {entry !== undefined && <Key entry={entry} />}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`panel-${chosen}`} aria-labelledby={`tab-${chosen}`} tabIndex={0}>
        {children}
      </div>
    </div>
  );
}

/** Says that there is nothing to show, and why. */
export function Empty(
  { title, children }: Readonly<{ title: string; children?: ComponentChildren }>,
): VNode {
  return (
    <div class="empty">
      <p class="title">{title}</p>
      {children}
    </div>
  );
}

/** Says what went wrong. */
export function Problem(
  { text, onRetry }: Readonly<{ text: string; onRetry?: () => void }>,
): VNode {
  return (
    <div class="problem" role="alert">
      <p>{text}</p>
      {onRetry && <Button onPress={onRetry}>Try again</Button>}
    </div>
  );
}

/**
 * Shows an answer, or that it is being loaded, or why there is none. The last answer stays until the next one
 * is there.
 */
export function Answered<Value>(
  { answer, children }: Readonly<{ answer: Answer<Value>; children: (value: Value) => ComponentChildren }>,
): VNode {
  return (
    <>
      {answer.problem !== null && <Problem text={answer.problem} onRetry={answer.again} />}
      {answer.value !== null
        ? children(answer.value)
        : answer.problem === null && <p class="loading" role="status">Loading …</p>}
    </>
  );
}

/** A table. Wide tables scroll inside their own frame. */
export function Table(
  { caption, head, children, isCaptionHidden }: Readonly<{
    caption: string;
    head: readonly Readonly<{ title: string; isNumber?: boolean; note?: string }>[];
    /** The rows. */
    children: ComponentChildren;
    isCaptionHidden?: boolean;
  }>,
): VNode {
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={isCaptionHidden ? "aside" : undefined}>{caption}</caption>
        <thead>
          <tr>
            {head.map(({ title, isNumber, note }) => (
              <th key={title} scope="col" class={isNumber ? "number" : undefined} title={note}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
