/** The clock, the SHA-256, the name, the versions and the free space of this machine. */
import { statfsSync } from "node:fs";
import type { Clock } from "../core/ports/mod.ts";
import type { Sha256 } from "../core/sha256.ts";
import { createHash } from "node:crypto";
import { hostname } from "node:os";

/** Longest timer, in milliseconds. A longer timer ends at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    let leftMs = ms;
    for (; leftMs > TIMER_MS_MAX; leftMs -= TIMER_MS_MAX) await oneTimer(TIMER_MS_MAX, signal);
    await oneTimer(leftMs, signal);
  },
};

function oneTimer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    }, ms);
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}

/** The SHA-256 of a file's content. */
export function bytesSha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The runtime's SHA-256: about four times as fast as `portableSha256` on prompts. */
export const nativeSha256: Sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * Refuses an action that only Deno can do. The npm package also runs on Node.js.
 *
 * @param action What is to be done, for example `read "experiment.yaml"`.
 */
export function requireDeno(action: string): void {
  if ("Deno" in globalThis) return;
  throw new Error(
    `Cannot ${action}: on Node.js, this library cannot use files of experiments and runs. Start your program with Deno, ` +
      "or keep to experiments from a text, and discussions in memory",
  );
}

/** The name of this machine. Reading it needs a permission of its own; without it, `null`. */
export function hostName(): string | null {
  try {
    return hostname();
  } catch {
    return null;
  }
}

/** The versions of Deno and its parts, and the system that they run on. */
export function platformVersions(): Record<string, string> {
  const { deno, v8, typescript } = Deno.version;
  return { deno, v8, typescript, os: Deno.build.os, arch: Deno.build.arch };
}

/** The memory that new programs can use, in bytes; `null` if this process may not read it. */
export function freeMemoryBytes(): number | null {
  return mayRead("systemMemoryInfo") ? Deno.systemMemoryInfo().available : null;
}

/** The free space on the disk of a folder, in bytes; `null` if this process may not read it. */
export function freeDiskBytes(folder: string): number | null {
  if (!mayRead("statfs")) return null;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function mayRead(kind: "systemMemoryInfo" | "statfs"): boolean {
  return Deno.permissions.querySync({ name: "sys", kind }).state === "granted";
}
