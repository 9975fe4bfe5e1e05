/**
 * What a lock file says about the process that holds it. A holder with the exclusive lock also counts in a second file while
 * it lives. So a process on another machine sees it even if the file system does not share locks between machines.
 */
import { hostName } from "../system.ts";

/** How often a holder counts. */
export const BEAT_MS = 2000;

const HOLDER_BYTES_MAX = 1024;
const COUNT_DIGITS = 12;
const BEATING = /^process \d+ on (\S+), since \S+\nbeat \d+\n$/;

/**
 * The file in which the holder of a lock counts. It is not the lock file itself: NFS does not show changes to a file that
 * this machine has open for writing.
 */
export function beatFile(lockFile: string): string {
  return lockFile.replace(/lock$/, "beat.lock");
}

/** The line about this process. */
export function ownLine(): string {
  return `process ${Deno.pid} on ${hostName() ?? "this host"}, since ${new Date().toISOString()}\n`;
}

/** The machine of a holder that counts; `null` if the text is from no such holder. */
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

/** A holder that counts until it is disposed of. */
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

  /** Whether another process counts in the file. */
  get isReplaced(): boolean {
    return this.#isReplaced;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#isReplaced) return;
    try {
      Deno.removeSync(this.#path);
    } catch {
      // The lock ends all the same. The next process waits until this one has been silent for long.
    }
  }

  #text(): string {
    return `${this.#line}beat ${String(this.#count).padStart(COUNT_DIGITS, "0")}\n`;
  }

  #beat(): void {
    try {
      // A network file system shows what other machines wrote, and passes on what is written, when a file is opened and closed.
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
