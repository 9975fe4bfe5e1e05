/** The notices that a page has not got yet, merged, so that a slow page needs no more memory than others. */
import type { Notice } from "../api.ts";

type Change = (Notice & { kind: "discussions" })["changed"][number];

/** If more discussions than this have changed, the page is told to ask for everything again. */
const CHANGED_MAX = 1_000;

/** Merged notices. */
export class Unsent {
  readonly #changed = new Map<string, Change>();
  #isOverview = false;
  #indexed: (Notice & { kind: "indexed" }) | null = null;
  readonly #progress = new Map<string, Notice>();
  #isReload = false;
  #wake: () => void = () => {};

  /** Merges a notice with those before it. */
  add(notice: Notice): void {
    switch (notice.kind) {
      case "discussions":
        for (const change of notice.changed) {
          this.#changed.set(JSON.stringify([change.run, change.discussion]), change);
        }
        break;
      case "overview":
        this.#isOverview = true;
        break;
      case "indexed":
        this.#indexed = notice;
        break;
      case "progress":
        this.#progress.set(JSON.stringify([notice.work, notice.run]), notice);
        break;
      case "reload":
        this.#isReload = true;
        break;
      case "connection":
        // Only the page knows whether it is connected.
        return;
      default:
        notice satisfies never;
    }
    if (this.#changed.size > CHANGED_MAX) this.#isReload = true;
    if (this.#isReload) this.#changed.clear();
    this.#wake();
  }

  /** Waits until there are notices, or the signal is aborted. */
  wait(signal: AbortSignal): Promise<void> {
    if (!this.isEmpty || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener("abort", done);
        resolve();
      };
      signal.addEventListener("abort", done, { once: true });
      this.#wake = done;
    });
  }

  /** Takes all notices. */
  take(): readonly Notice[] {
    const notices: Notice[] = this.#isReload ? [{ kind: "reload" }] : [
      ...this.#changed.size > 0
        ? [{ kind: "discussions", changed: [...this.#changed.values()] } as const]
        : [],
      ...this.#isOverview ? [{ kind: "overview" } as const] : [],
    ];
    if (this.#indexed !== null) notices.push(this.#indexed);
    notices.push(...this.#progress.values());
    this.#progress.clear();
    this.#changed.clear();
    this.#isOverview = false;
    this.#isReload = false;
    this.#indexed = null;
    return notices;
  }

  /** Whether there is nothing to send. */
  get isEmpty(): boolean {
    return this.#changed.size === 0 && this.#progress.size === 0 && !this.#isOverview &&
      this.#indexed === null && !this.#isReload;
  }
}
