/**
 * What a lock file says about the process that has the lock, its holder. A holder of an exclusive lock also keeps a
 * count in a second file, and raises it while it lives. So a process on another machine can see that the holder lives,
 * even if the file system does not share locks between machines.
 */
import { hostName } from "../system.ts";

/** The time after which a holder raises its count, in milliseconds. */
export const BEAT_MS = 2000;

const HOLDER_BYTES_MAX = 1024;
const COUNT_DIGITS = 12;
const BEATING = /^process \d+ on (\S+), since \S+\nbeat \d+\n$/;

/**
 * The file with the count of a lock's holder. It is not the lock file itself: over NFS, a machine that has a file open
 * for writing does not see the changes of other machines to this file.
 */
export function beatFile(lockFile: string): string {
  return lockFile.replace(/lock$/, "beat.lock");
}

/** The line about this process. */
export function ownLine(): string {
  return `process ${Deno.pid} on ${hostName() ?? "this host"}, since ${new Date().toISOString()}\n`;
}

/** The machine of the holder in the text of a file with a count; `null` if the text has no count. */
export function beatingHost(text: string): string | null {
  return BEATING.exec(text)?.[1] ?? null;
}

/** The text in a lock file; empty if no process holds the file, or it ended cleanly. */
export function readHolder(file: Deno.FsFile): string {
  const bytes = new Uint8Array(HOLDER_BYTES_MAX);
  file.seekSync(0, Deno.SeekMode.Start);
  const count = file.readSync(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, count));
}

/** The holder for messages: one line. */
export function holderText(text: string): string {
  return text.split("\n", 1)[0]!.trim() || "another process";
}

export function writeHolder(file: Deno.FsFile, text: string): void {
  const bytes = new TextEncoder().encode(text);
  file.seekSync(0, Deno.SeekMode.Start);
  file.writeSync(bytes);
  file.truncateSync(bytes.length);
}

/** A holder that raises its count until it is disposed of. */
export class BeatingHolder implements Disposable {
  readonly #path: string;
  readonly #line = ownLine();
  readonly #timer: ReturnType<typeof setInterval>;
  #count = 0;
  #isReplaced = false;

  /** @param lockFile The path of the file that this process has locked. */
  constructor(lockFile: string) {
    this.#path = beatFile(lockFile);
    Deno.writeTextFileSync(this.#path, this.#text());
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    Deno.unrefTimer(this.#timer);
  }

  /** Whether another process has taken over the file with the count. */
  get isReplaced(): boolean {
    return this.#isReplaced;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#isReplaced) return;
    try {
      Deno.removeSync(this.#path);
    } catch {
      // The lock ends even so. But the file stays, so the next process waits until it sees that the count no longer
      // changes.
    }
  }

  #text(): string {
    return `${this.#line}beat ${String(this.#count).padStart(COUNT_DIGITS, "0")}\n`;
  }

  #beat(): void {
    try {
      // A network file system reads the changes of other machines when a file is opened, and sends changes when it is
      // closed.
      using file = Deno.openSync(this.#path, { read: true, write: true });
      if (!readHolder(file).startsWith(this.#line)) {
        this.#isReplaced = true;
        clearInterval(this.#timer);
        return;
      }
      this.#count++;
      writeHolder(file, this.#text());
    } catch {
      // The file is missing or the disk fails. The next write to the run reports it.
    }
  }
}
