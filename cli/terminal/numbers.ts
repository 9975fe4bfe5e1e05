/** Numbers, as people read them. */

/** A whole number with its thousands apart: `12,345`. */
export function formatCount(count: number): string {
  return Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

const LARGE = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]] as const;

/** A number in at most five characters besides its space: `950`, `12.3 k`, `4.56 M`. */
export function formatShort(count: number): string {
  for (const [unit, symbol] of LARGE) {
    // 999,950 would round to "1000 k".
    if (count >= unit * 0.9995) return `${(count / unit).toPrecision(3)} ${symbol}`;
  }
  return String(Math.round(count));
}

/** A sum of money, to the cent, and more precisely below one: `12.34 USD`, `0.00123`. */
export function formatCost(cost: number, currency = ""): string {
  const sum = cost === 0 ? "0" : cost >= 1 ? cost.toFixed(2) : Number(cost.toPrecision(3)).toString();
  return currency === "" ? sum : `${sum} ${currency}`;
}

/** A share in whole per cent, rounded down, so that `100 %` means all: `24 %`. */
export function formatShare(part: number, whole: number): string {
  return whole <= 0 ? "–" : `${Math.floor((100 * Math.min(part, whole)) / whole)} %`;
}

/** How many times a second: `312/s`, `4.2/s`; below one a second, a minute: `12/min`, `0.5/min`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 10) return `${formatCount(perSecond)}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)}/s`;
  const perMinute = perSecond * 60;
  return `${perMinute >= 10 ? Math.round(perMinute) : perMinute.toFixed(1)}/min`;
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
