/** Rows whose replies are written together: each step computes one token of each row. */
import { chooseAnswer } from "../shared/choice.ts";
import type { Row } from "../shared/row.ts";
import { pickToken } from "../shared/sampler.ts";
import { type Forward, lastLogits, logitsOfRow, step } from "./forward.ts";
import { type KeyValues, overwrite, pack, type Piece } from "./key_values.ts";

/** Rows are packed again if they have more than this many times the columns that the longest row needs. */
const COLUMNS_RATIO_MAX = 1.25;

/**
 * A row whose prompt the model has read: the prompt's keys and values, its number of tokens, and the logits of the next
 * token.
 */
export type ReadRow = Readonly<{ row: Row; keyValues: KeyValues; tokens: number; logits: Float32Array }>;

/** Reports that a row failed. Afterwards the row is over. */
export type FailRow = (row: Row, error: unknown) => void;

/** A row in the group. Its mask has a 1 for each column with a token of the row, and a 0 for an empty column. */
type Member = Readonly<{ row: Row; mask: number[] }>;

export class Group {
  readonly #forward: Forward;
  readonly #fail: FailRow;
  #members: Member[] = [];
  #keyValues: KeyValues = {};

  constructor(forward: Forward, fail: FailRow) {
    this.#forward = forward;
    this.#fail = fail;
  }

  /** The rows that are not over. */
  get rows(): readonly Row[] {
    return this.#members.map(({ row }) => row).filter(({ isOver }) => !isOver);
  }

  /** Adds rows. They get their first token, or make their first choice, from the logits at the end of their prompts. */
  async join(rows: readonly ReadRow[]): Promise<void> {
    const joining: { member: Member; piece: Piece }[] = [];
    for (const { row, keyValues, tokens, logits } of rows) {
      const member = { row, mask: new Array<number>(tokens).fill(1) };
      const piece = { values: keyValues, row: 0, from: 0, to: tokens };
      await this.#goOn(member, logits, { piece, isWhole: true });
      if (!row.isOver) joining.push({ member, piece });
    }
    if (joining.length > 0) this.#admit(joining);
  }

  /** Computes one token of each row. */
  async write(): Promise<void> {
    const live = this.#members.filter(({ row }) => !row.isOver);
    if (live.length === 0) return this.clear();
    // Copying the rows that are not over costs about one step, so it pays only if they are at most half of the group.
    if (live.length * 2 <= this.#members.length) this.#pack(live, []);
    const next = this.#members.map(({ row }) => row.isOver ? 0 : row.input.shift()!);
    // A row that is over gets no more positions: it may have filled the model's context.
    for (const { row, mask } of this.#members) mask.push(row.isOver ? 0 : 1);
    const { logits, keyValues } = await step(this.#forward, {
      ids: next.map((token) => [token]),
      masks: this.#members.map(({ mask }) => mask),
      past: this.#keyValues,
    });
    this.#keyValues = keyValues;
    const isWhole = this.#members.length === 1;
    for (const [row, member] of this.#members.entries()) {
      const piece = { values: keyValues, row, from: 0, to: member.mask.length };
      await this.#goOn(member, lastLogits(logits, row), { piece, isWhole });
    }
  }

  /** Drops all rows. */
  clear(): void {
    this.#members = [];
    this.#keyValues = {};
  }

  /**
   * Draws tokens or makes choices until the row has a token that the model has not read, or is over. If this fails,
   * only this row fails.
   */
  async #goOn(
    { row, mask }: Member,
    logits: Float32Array,
    { piece, isWhole }: Readonly<{ piece: Piece; isWhole: boolean }>,
  ): Promise<void> {
    try {
      while (!row.isOver && row.input.length === 0) {
        if (row.choice === null) {
          row.take(pickToken(logits, row.seen, row.setup.sampler, row.draw));
          continue;
        }
        await chooseAnswer(row, logits, async (continuations) => {
          const width = Math.max(...continuations.map(({ length }) => length));
          // Continuations are padded at their ends to equal lengths. This does not change the logits before the
          // padding.
          const ids = continuations.map((
            known,
          ) => [...known, ...new Array<number>(width - known.length).fill(0)]);
          const past = isWhole && ids.length === 1 ? piece.values : pack(ids.map(() => [piece]), piece.to);
          const masks = ids.map((tokens) => [...mask, ...tokens.map(() => 1)]);
          const { logits } = await step(this.#forward, { ids, masks, past, all: true });
          return continuations.map((known, row) => logitsOfRow(logits, row).slice(0, known.length));
        });
      }
    } catch (error) {
      this.#fail(row, error);
    }
  }

  /** Puts joining rows into the places of rows that are over. If they do not fit there, packs all rows again. */
  #admit(joining: readonly Readonly<{ member: Member; piece: Piece }>[]): void {
    const [first] = joining;
    const live = this.#members.filter(({ row }) => !row.isOver);
    if (live.length === 0 && joining.length === 1) {
      this.#members = [first!.member];
      this.#keyValues = first!.piece.values;
      return;
    }
    const free = this.#members.flatMap(({ row }, index) => row.isOver ? [index] : []);
    const columns = this.#members[0]?.mask.length ?? 0;
    const longest = Math.max(...live.map(lengthOfMember), ...joining.map(({ piece }) => piece.to));
    if (joining.length > free.length || longest > columns || columns > longest * COLUMNS_RATIO_MAX) {
      return this.#pack(live, joining);
    }
    for (const [index, { member: { row, mask }, piece }] of joining.entries()) {
      overwrite(this.#keyValues, free[index]!, [piece]);
      const padded = [...new Array<number>(columns - mask.length).fill(0), ...mask];
      this.#members[free[index]!] = { row, mask: padded };
    }
  }

  /** Copies rows next to each other, with as few columns as possible. */
  #pack(live: readonly Member[], joining: readonly Readonly<{ member: Member; piece: Piece }>[]): void {
    const pieces = [
      ...live.map((member) => this.#piecesOf(member)),
      ...joining.map(({ piece }) => [piece]),
    ];
    const members = [...live, ...joining.map(({ member }) => member)];
    const columns = Math.max(...members.map(lengthOfMember));
    this.#keyValues = pack(pieces, columns);
    this.#members = members.map((member) => {
      const length = lengthOfMember(member);
      return {
        row: member.row,
        mask: Array.from({ length: columns }, (_, column) => column < columns - length ? 0 : 1),
      };
    });
  }

  /** The columns of a member's tokens. */
  #piecesOf(member: Member): Piece[] {
    const row = this.#members.indexOf(member);
    const pieces: Piece[] = [];
    for (let from = 0; from < member.mask.length; from++) {
      if (member.mask[from] === 0) continue;
      let to = from;
      while (member.mask[to] === 1) to++;
      pieces.push({ values: this.#keyValues, row, from, to });
      from = to;
    }
    return pieces;
  }
}

function lengthOfMember({ mask }: Member): number {
  return mask.reduce((sum, bit) => sum + bit, 0);
}
