/** The port of the keys with which a run encrypts the words of people, and keys in memory. */
import { sha256 } from "npm:@noble/hashes@2.4.0/sha2.js";

/** The length of a key in bytes. */
export const PERSON_KEY_BYTES = 32;

/**
 * A person's key. `withdrawn` if it was deleted because the person withdrew; `null` if this run does not have
 * it.
 */
export type PersonKey = Uint8Array | "withdrawn" | null;

/** The keys of a run, one random key for each person. They are kept outside of the logs. */
export interface PersonKeys {
  /** The present key of a person. Another process can delete it at any time. */
  look(person: string): Promise<PersonKey>;
  /**
   * The key of a person. If there is none, a key is made, and it is durable when the promise resolves.
   *
   * @returns `withdrawn` if the person withdrew.
   * @throws {StoreError} If the key could not be made durable.
   */
  make(person: string): Promise<Uint8Array | "withdrawn">;
  /**
   * Deletes the key of a person for ever. When the promise resolves, this is durable. A person without a key
   * can withdraw, too: no key is then ever made for this person.
   *
   * @throws {StoreError} If the key could not be deleted.
   */
  withdraw(person: string): Promise<void>;
  /** Whether a person withdrew. It does not matter which process recorded it. */
  hasWithdrawn(person: string): boolean;
  /** Whether no key was ever made, so that no prompt can have words of a person. */
  isEmpty(): boolean;
  /** Person → whether the key is kept, for all people who have or had a key. */
  persons(): Promise<ReadonlyMap<string, "kept" | "withdrawn">>;
}

/**
 * Keys in memory. They are lost with the process.
 *
 * @param newKey Makes a key. By default, the key is computed from the person's name: the words are lost with
 *   the process anyway.
 */
export function memoryPersonKeys(
  newKey: (person: string) => Uint8Array = (person) => sha256(new TextEncoder().encode(person)),
): PersonKeys {
  const keys = new Map<string, Uint8Array | "withdrawn">();
  const make = (person: string) => {
    const key = keys.get(person) ?? newKey(person);
    keys.set(person, key);
    return key;
  };
  return {
    look: (person) => Promise.resolve(keys.get(person) ?? null),
    make: (person) => Promise.resolve(make(person)),
    withdraw: (person) => Promise.resolve(void keys.set(person, "withdrawn")),
    isEmpty: () => keys.size === 0,
    hasWithdrawn: (person) => keys.get(person) === "withdrawn",
    persons: () =>
      Promise.resolve(
        new Map([...keys].map(([person, key]) => [person, key === "withdrawn" ? key : "kept"] as const)),
      ),
  };
}
