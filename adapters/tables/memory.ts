/** Limits of the memory of DuckDB. */

/** The default limit of DuckDB's memory. Above it, DuckDB moves data to temporary files. */
export const MEMORY_DEFAULT = "1GB";

const SIZE = /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB|TB)$/i;
const UNIT_BYTES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** With less memory, DuckDB cannot read a log. */
export const MEMORY_BYTES_MIN = 256e6;

/** The bytes of an amount such as `1GB` or `512MB`; `null` for other texts. */
export function memoryBytes(text: string): number | null {
  const [, amount, unit] = SIZE.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * UNIT_BYTES[unit!.toUpperCase()]!;
}
