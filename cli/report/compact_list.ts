/** Keeps plain data in few bytes. */

/** At most this many different parts are known by their content; then they are collected anew. */
const KNOWN_MAX = 20_000;

/** The first byte of a number is the number itself if it is smaller than this, else one of the marks below. */
const SMALL_MAX = 0xf0;
const SHORT = 0xf0;
const DOUBLE = 0xf1;
const PART = 0xf2;

/**
 * A growing list of numbers and parts. A part is a text, an object or another value that is kept as it is. Equal parts are
 * kept once, so that they take memory once.
 */
export class CompactList {
  #bytes = new DataView(new ArrayBuffer(1 << 16));
  #length = 0;
  readonly #parts: unknown[] = [];
  /** Content → index of the part. */
  readonly #texts = new Map<string, number>();
  readonly #others = new Map<string, number>();

  /** The place where the next value will be written. */
  get length(): number {
    return this.#length;
  }

  /** The first part that is equal to this one. */
  shared<T>(part: T): T {
    return this.#parts[this.#indexOf(part)] as T;
  }

  /** Writes a number, or anything else as a part. */
  write(value: unknown): void {
    if (typeof value === "number") this.#writeNumber(value);
    else {
      this.#writeByte(PART);
      this.#writeNumber(this.#indexOf(value));
    }
  }

  /** Writes the number of values, and then each value. */
  writeAll<T>(values: readonly T[], write: (value: T) => void = (value) => this.write(value)): void {
    this.#writeNumber(values.length);
    for (const value of values) write(value);
  }

  /** Reads the values that begin at a place. It must not be used after something was written. */
  reader(at: number): CompactReader {
    return new CompactReader(this.#bytes, this.#parts, at);
  }

  #indexOf(part: unknown): number {
    const [known, key] = typeof part === "string"
      ? [this.#texts, part] as const
      : [this.#others, JSON.stringify(part)] as const;
    const index = known.get(key);
    if (index !== undefined) return index;
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, this.#parts.length);
    return this.#parts.push(part) - 1;
  }

  #writeNumber(value: number): void {
    const isWhole = Number.isInteger(value) && value >= 0 && !Object.is(value, -0);
    if (isWhole && value < SMALL_MAX) this.#writeByte(value);
    else if (isWhole && value <= 0xffff) {
      this.#writeByte(SHORT);
      const at = this.#room(2);
      this.#bytes.setUint16(at, value);
    } else {
      this.#writeByte(DOUBLE);
      const at = this.#room(8);
      this.#bytes.setFloat64(at, value);
    }
  }

  #writeByte(byte: number): void {
    const at = this.#room(1);
    this.#bytes.setUint8(at, byte);
  }

  /** Makes room for bytes at the end, which can replace the view of all bytes. */
  #room(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.byteLength) {
      const buffer = this.#bytes.buffer as ArrayBuffer;
      this.#bytes = new DataView(buffer.transfer(2 * buffer.byteLength));
    }
    return at;
  }
}

/** Reads the values of a {@linkcode CompactList} in the order in which they were written. */
export class CompactReader {
  readonly #bytes: DataView;
  readonly #parts: readonly unknown[];
  #at: number;

  constructor(bytes: DataView, parts: readonly unknown[], at: number) {
    this.#bytes = bytes;
    this.#parts = parts;
    this.#at = at;
  }

  /** The next value. */
  read<T>(): T {
    const first = this.#bytes.getUint8(this.#at++);
    if (first < SMALL_MAX) return first as T;
    if (first === PART) return this.#parts[this.read<number>()] as T;
    this.#at += first === SHORT ? 2 : 8;
    return (first === SHORT
      ? this.#bytes.getUint16(this.#at - 2)
      : this.#bytes.getFloat64(this.#at - 8)) as T;
  }

  /** The next values, which {@linkcode CompactList.writeAll} has written. */
  readAll<T>(read: () => T = () => this.read<T>()): T[] {
    const values: T[] = [];
    for (let left = this.read<number>(); left > 0; left--) values.push(read());
    return values;
  }
}
