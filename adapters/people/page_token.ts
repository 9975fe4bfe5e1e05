/** The token of a person's page in the browser. */

/** The end of a link that the command printed: `#` and the token. */
const GIVEN_TOKEN = /^#t=([\w-]+)$/;

/**
 * Moves the token from the address to the browser's storage, so that no copied address contains it. Each tab keeps
 * its own token, so that two people can share a browser. A new tab gets the newest token.
 *
 * @param key The name of the token in the storage.
 */
function takeToken(key: string): string | null {
  const given = GIVEN_TOKEN.exec(location.hash)?.[1];
  if (given !== undefined) history.replaceState(null, "", location.pathname);
  try {
    if (given === undefined) return sessionStorage.getItem(key) ?? localStorage.getItem(key);
    sessionStorage.setItem(key, given);
    localStorage.setItem(key, given);
  } catch {
    // The browser stores nothing, so the token lasts as long as the page.
  }
  return given ?? null;
}

/**
 * Starts the page. If another link is opened in the same tab, the browser changes only the address, so the page is
 * started again.
 */
export function withToken(key: string, start: (token: string | null) => void): void {
  start(takeToken(key));
  addEventListener("hashchange", () => {
    if (GIVEN_TOKEN.test(location.hash)) start(takeToken(key));
  });
}
