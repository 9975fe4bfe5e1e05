/** Numbers, as people read them in a text. */

/** A whole number with its thousands apart: `12,345`. */
export function formatCount(count: number): string {
  return Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A sum of money, to the cent, and more precisely below one: `12.34 USD`, `0.00123`. */
export function formatCost(cost: number, currency = ""): string {
  const sum = cost === 0 ? "0" : cost >= 1 ? cost.toFixed(2) : Number(cost.toPrecision(3)).toString();
  return currency === "" ? sum : `${sum} ${currency}`;
}

/** A duration in its two largest units: `0.4 s`, `12 s`, `2 min 49 s`, `3 h 12 min`, `4 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${formatCount(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** A count with its noun: `1 discussion`, `12 discussions`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}
