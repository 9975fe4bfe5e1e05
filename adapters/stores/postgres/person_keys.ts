/**
 * The keys of people in a database. A withdrawal deletes the key from its row. Backups and old row versions can
 * keep it for a while.
 */
import { PERSON_KEY_BYTES, type PersonKey, type PersonKeys, StoreError } from "../../../core/ports/mod.ts";
import { nativeSha256 } from "../../system.ts";
import type { Connection, Sql } from "./connection.ts";
import { isNotAllowed, storeError } from "./database_errors.ts";
import { nameOf, storedName } from "./stored_names.ts";

/** After this time, in milliseconds, the database is asked again who has withdrawn. */
const REFRESH_MS = 1_000;

type Row = Readonly<{ person: string; key: Uint8Array | null }>;

/**
 * The keys of people. `hasWithdrawn()` and `isEmpty()` cannot wait for the database: they give its last answer, and
 * ask it again.
 */
export class PostgresPersonKeys implements PersonKeys {
  readonly #connection: Connection;
  readonly #run: number;
  /** Person → whether the key is kept. */
  #known: ReadonlyMap<string, "kept" | "withdrawn"> = new Map();
  #knownAtMs = -Infinity;
  #refreshing: Promise<unknown> | null = null;

  /**
   * Reads nothing yet.
   *
   * @param run The number of the run.
   */
  constructor(connection: Connection, run: number) {
    this.#connection = connection;
    this.#run = run;
  }

  /** See `PersonKeys`. */
  async look(person: string): Promise<PersonKey> {
    const rows = await this.#asked("read the key of", person, (sql) =>
      sql<Row[]>`
        select person, key from syndisco.person_keys
        where run = ${this.#run} and person_sha256 = ${nativeSha256(person)}`);
    return this.#keyIn(person, rows);
  }

  /** See `PersonKeys`. */
  async make(person: string): Promise<Uint8Array | "withdrawn"> {
    const key = crypto.getRandomValues(new Uint8Array(PERSON_KEY_BYTES));
    // A key that was made by another process stays, and so does a withdrawal.
    await this.#asked("make a key for", person, (sql) =>
      sql<Row[]>`
        insert into syndisco.person_keys (run, person_sha256, person, key)
        values (${this.#run}, ${nativeSha256(person)}, ${storedName(person)}, ${key})
        on conflict do nothing`);
    const known = await this.look(person);
    if (known !== null) return known;
    throw new StoreError(
      `Cannot make a key for "${person}": this user does not have the privilege to read keys. Ask the administrator of the ` +
        "database for it, or give another user in the address",
    );
  }

  /** See `PersonKeys`. */
  async withdraw(person: string): Promise<void> {
    await this.#asked("delete the key of", person, (sql) =>
      sql<Row[]>`
        insert into syndisco.person_keys (run, person_sha256, person, key)
        values (${this.#run}, ${nativeSha256(person)}, ${storedName(person)}, null)
        on conflict (run, person_sha256) do update set key = null`);
    this.#keyIn(person, [{ person, key: null }]);
  }

  /** See `PersonKeys`. */
  hasWithdrawn(person: string): boolean {
    this.#refreshSoon();
    return this.#known.get(person) === "withdrawn";
  }

  /** See `PersonKeys`. */
  isEmpty(): boolean {
    this.#refreshSoon();
    return this.#known.size === 0;
  }

  /** See `PersonKeys`. */
  async persons(): Promise<ReadonlyMap<string, "kept" | "withdrawn">> {
    const rows = await this.#asked(
      "read the keys of",
      "people",
      (sql) =>
        sql<{ person: string; is_kept: boolean }[]>`
        select person, key is not null as is_kept from syndisco.person_keys
        where run = ${this.#run} order by person collate "C"`,
    );
    this.#known = new Map(
      rows.map(({ person, is_kept }) => [nameOf(person), is_kept ? "kept" : "withdrawn"] as const),
    );
    this.#knownAtMs = performance.now();
    return this.#known;
  }

  #keyIn(person: string, [row]: readonly Row[]): PersonKey {
    if (row === undefined) return null;
    this.#known = new Map([...this.#known, [person, row.key === null ? "withdrawn" : "kept"]]);
    return row.key === null ? "withdrawn" : new Uint8Array(row.key);
  }

  #refreshSoon(): void {
    if (this.#refreshing !== null || performance.now() - this.#knownAtMs < REFRESH_MS) return;
    // The next call that waits reports the error.
    this.#refreshing = this.persons().catch(() => {}).finally(() => this.#refreshing = null);
  }

  async #asked<R extends object>(
    action: string,
    person: string,
    ask: (sql: Sql) => Promise<readonly R[]>,
  ): Promise<readonly R[]> {
    try {
      return await this.#connection.run(ask);
    } catch (cause) {
      // A user who may not read the keys has none.
      if (isNotAllowed(cause) && action.startsWith("read")) return [];
      throw storeError(action, person, cause);
    }
  }
}
