/** How long a server asks to be left alone. */

/**
 * Reads `retry-after-ms` (milliseconds, as some model servers send), or else `Retry-After` (seconds, or an HTTP date;
 * RFC 9110, section 10.2.3).
 *
 * @param headers The headers of the response.
 * @param nowMs Now, in milliseconds since 1970-01-01 UTC.
 * @returns Milliseconds from now, at least 0; `undefined` where the server does not say.
 */
export function retryAfterMs(headers: Headers | undefined, nowMs: number): number | undefined {
  const inMs = numberIn(headers?.get("retry-after-ms"));
  if (inMs !== undefined) return inMs;
  const value = headers?.get("retry-after");
  const seconds = numberIn(value);
  if (seconds !== undefined) return seconds * 1000;
  // Every form of an HTTP date begins with the day of the week; `Date.parse` would take far more for a date.
  const dateMs = Date.parse(/^\s*[A-Z][a-z]/.test(value ?? "") ? value! : "");
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

function numberIn(value: string | null | undefined): number | undefined {
  return value !== null && value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value)
    ? Number(value)
    : undefined;
}
