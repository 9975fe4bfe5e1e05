/** The type of event types. An event type has a version, a shape, and a check of its position in a log. */
import type { z } from "../zod.ts";

/** The kinds of damage to a line of a log. */
export type DamageKind =
  /** The store cannot read this stream. It can read other streams. */
  | "unreadable"
  | "not-utf8"
  | "too-long"
  | "not-json"
  | "not-an-event"
  | "wrong-hash"
  | "wrong-place"
  | "newer-version"
  | "wrong-shape"
  | "wrong-order"
  /** The run's log recorded that this log has more events. */
  | "lost-events";

/** A line that differs from the line that was written. */
export class DamagedLine extends Error {
  override readonly name = "DamagedLine";
  readonly kind: DamageKind;
  /**
   * @param kind The kind of damage.
   * @param message A text for people, without the line's number.
   */
  constructor(kind: DamageKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The state of the order check: how many turns, comments and slots a stream has, and which passes. */
export type OrderState = Readonly<{
  phase: "unopened" | "open" | "ended";
  /** The next turn's 0-based number. */
  turn: number;
  /** The next comment's ordinal. */
  comment: number;
  /** The number of slots before the next event. Each comment and each silence is a slot. */
  slots: number;
  /** Name of an annotation pass → whether the pass is completed. */
  passes: ReadonlyMap<string, boolean>;
}>;

/** An event type. `E` is its event. */
export interface EventType<E extends Readonly<{ type: string; data: object }>> {
  /** The current version of its schema. */
  readonly version: number;
  /** The shape of its data, for checking logs. The data can have members that the shape does not name. */
  readonly schema: z.ZodType<E["data"]>;
  /**
   * Checks that an event of this type can come next. The caller has checked the phase.
   *
   * @returns The state after the event.
   * @throws {DamagedLine} Of kind `wrong-order`, when the event cannot come next.
   */
  follows(order: OrderState, event: E): OrderState;
}

/** The event types of a union of events, by their names. */
export type EventTypes<E extends Readonly<{ type: string; data: object }>> = {
  readonly [T in E["type"]]: EventType<Extract<E, { type: T }>>;
};

/**
 * Refuses an event that cannot come next.
 *
 * @throws {DamagedLine} Of kind `wrong-order`.
 */
export function demand(legal: boolean, found: string): void {
  if (!legal) throw new DamagedLine("wrong-order", `the event cannot come here: ${found}`);
}

/**
 * Refuses a number other than the next one.
 *
 * @throws {DamagedLine} Of kind `wrong-order`.
 */
export function demandNext(what: string, expected: number, found: number): void {
  demand(found === expected, `${what} ${found}, expected ${expected}`);
}

/**
 * Refuses an event of a pass that has not started or is completed.
 *
 * @throws {DamagedLine} Of kind `wrong-order`.
 */
export function demandRunningPass({ passes }: OrderState, type: string, pass: string): void {
  demand(
    passes.get(pass) === false,
    `"${type}" of the pass "${pass}", which has not started or is already completed`,
  );
}
