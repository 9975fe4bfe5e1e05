/** Learns that people withdraw while their pages are served. The command `withdraw` is another process. */
import type { Clock } from "../../core/ports/clock.ts";
import type { Person } from "./persons.ts";

/** The time between two checks, in milliseconds. */
const CHECK_MS = 1_000;

/** What the watch needs. */
export type WithdrawalWatchOptions = Readonly<{
  people: readonly Person[];
  hasWithdrawn: (person: string) => boolean;
  clock: Clock;
  /** Called once for each person who withdraws. */
  onWithdrawal: (person: Person) => void;
}>;

/** Watches the people of a run until it is closed. */
export class WithdrawalWatch {
  readonly #options: WithdrawalWatchOptions;
  readonly #closed = new AbortController();
  #people: readonly Person[];

  constructor(options: WithdrawalWatchOptions) {
    this.#options = options;
    this.#people = options.people;
    void this.#watch();
  }

  close(): void {
    this.#closed.abort();
  }

  /** Checks each person who had not withdrawn at the last check. */
  check(): void {
    const { hasWithdrawn, onWithdrawal } = this.#options;
    const gone = this.#people.filter(({ person }) => hasWithdrawn(person));
    if (gone.length === 0) return;
    this.#people = this.#people.filter((person) => !gone.includes(person));
    gone.forEach(onWithdrawal);
  }

  async #watch(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      await this.#options.clock.sleep(CHECK_MS, this.#closed.signal).catch(() => {});
      if (!this.#closed.signal.aborted) this.check();
    }
  }
}
