/** Tells the researcher which people the run waits for, while they are away. */
import type { Clock } from "../../core/ports/clock.ts";
import type { Desk } from "./desk.ts";
import type { Attendance, Presence } from "./presence.ts";

/** The time between two checks, in milliseconds. */
const CHECK_MS = 10_000;

/** The most people that one message names. */
const NAMED_MAX = 5;

type AttendanceOptions = Readonly<
  { desk: Desk; presence: Presence; clock: Clock; say: (text: string) => void }
>;

/** Watches the people whom the run waits for, until it is closed. */
export class Attendances {
  readonly #options: AttendanceOptions;
  readonly #known = new Map<string, Attendance>();
  readonly #closed = new AbortController();

  constructor(options: AttendanceOptions) {
    this.#options = options;
    void this.#watch();
  }

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    const { clock, say } = this.#options;
    while (!this.#closed.signal.aborted) {
      await clock.sleep(CHECK_MS, this.#closed.signal).catch(() => {});
      if (this.#closed.signal.aborted) return;
      for (const text of this.changes()) say(text);
    }
  }

  /** What changed since the last call: who is away, and who is back. */
  changes(): readonly string[] {
    const { desk, presence } = this.#options;
    const [gone, back]: [string[], string[]] = [[], []];
    const waitedFor = new Set(desk.waitedFor());
    for (const person of waitedFor) {
      const now = presence.of(person);
      const before = this.#known.get(person);
      if (now === "away" && before !== "away") gone.push(person);
      if (now === "here" && before === "away") back.push(person);
      this.#known.set(person, now);
    }
    for (const person of this.#known.keys()) if (!waitedFor.has(person)) this.#known.delete(person);
    return [
      ...(gone.length === 0 ? [] : [`away, and the run waits for an answer: ${named(gone)}`]),
      ...(back.length === 0 ? [] : [`back: ${named(back)}`]),
    ];
  }
}

function named(people: readonly string[]): string {
  const rest = people.length - NAMED_MAX;
  return `${people.slice(0, NAMED_MAX).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
