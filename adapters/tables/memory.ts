/** How much memory tables take. */

/** Memory that DuckDB uses before it goes on in files, where nothing else is said. */
export const MEMORY_DEFAULT = "1GB";

/** An amount of memory, such as `1GB`. */
const SIZE = /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB|TB)$/i;
const UNIT_BYTES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** Least memory that can be set: DuckDB cannot read a log with less. */
export const MEMORY_BYTES_MIN = 256e6;

/** How many bytes an amount of memory is; `null` where the text is none. @param text Such as `1GB` or `512MB`. */
export function memoryBytes(text: string): number | null {
  const [, amount, unit] = SIZE.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * UNIT_BYTES[unit!.toUpperCase()]!;
}
