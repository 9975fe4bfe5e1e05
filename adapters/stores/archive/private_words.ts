/** Finds words that name a person or a machine: absolute paths, user names and host names. */
import { basename } from "node:path";
import {
  absolutePaths,
  AFTER_BREAK,
  doubtAfter,
  endsInHome,
  LETTER,
  pathsBelow,
  usersOfHomes,
} from "./path_patterns.ts";

/** A private word in a text, at a position counted from 0. */
export type PrivateWord = Readonly<{ kind: "path" | "user" | "host"; text: string; at: number }>;

/** A path, together with the text after it that may belong to the path. */
export type Doubt = Readonly<{ kind: "unclear"; text: string; at: number }>;

/** How many characters after a path are searched for text that may belong to the path. */
const DOUBT_CHARS_MAX = 200;

/** What replaces private words. Plain words are safe in JSON, YAML, CSV, HTML and LaTeX. */
const REPLACEMENTS = { path: "removed-path", user: "removed-user", host: "removed-host" } as const;

/** Names that identify no person and no machine. */
const COMMON_NAMES: ReadonlySet<string> = new Set([
  ...["root", "user", "admin", "administrator", "runner", "guest", "shared", "public"],
  ...["ubuntu", "debian", "ec2-user", "centos", "fedora", "host", "this host", "localhost", "www", "api"],
]);

/** Names and addresses by which every machine calls itself. */
const LOOPBACK = /^(?:localhost|127\.[\d.]+|0\.0\.0\.0)$/;

/** The host in the address of a model's server, in YAML and in JSON, also in JSON inside of a JSON text. */
const SERVER = new RegExp(
  String.raw`(?:base_?url|address)[\\"'\s]*:[\\"'\s[]*https?://(?:[^/@\s"']*@)?([${LETTER}.-]+)`,
  "giu",
);
const LOCK_HOST = / on (\S+), since /g;

/** Collects names of users and hosts, and finds them and absolute paths in texts. */
export class PrivateWords {
  readonly #users = new Set<string>();
  readonly #hosts = new Set<string>();
  readonly #folders: readonly string[];
  #pattern: RegExp | null = null;

  /** @param known The names and folders of this machine. Folders are found even if their names contain spaces. */
  constructor(
    known: Readonly<{ users: Iterable<string>; hosts: Iterable<string>; folders: Iterable<string> }>,
  ) {
    this.#folders = [...known.folders].filter((folder) => basename(folder) !== "");
    for (const user of known.users) this.#add(this.#users, user);
    for (const host of known.hosts) this.#addHost(host);
    for (const folder of this.#folders) this.learn(folder);
  }

  /** Learns the users whose home folders a text names, and the hosts of the servers whose addresses it gives. */
  learn(text: string): void {
    for (const user of usersOfHomes(text)) this.#add(this.#users, user.replace(/[.@-]+$/, ""));
    for (const [, host] of text.matchAll(SERVER)) this.#add(this.#hosts, host!);
  }

  /** Learns the host that the holder in a lock file names. */
  learnHolder(text: string): void {
    for (const [, host] of text.matchAll(LOCK_HOST)) this.#addHost(host!);
  }

  *find(text: string): Generator<PrivateWord> {
    for (const { groups, index, 0: found } of text.matchAll(this.#compiled())) {
      const kind = groups!.path !== undefined ? "path" : groups!.user !== undefined ? "user" : "host";
      yield { kind, text: found, at: index };
    }
  }

  /**
   * Finds text after a path that is not replaced, but may belong to the path, such as the end of a name with a
   * space.
   */
  *findDoubts(text: string): Generator<Doubt> {
    for (const { kind, text: found, at } of this.find(text)) {
      if (kind !== "path") continue;
      const end = at + found.length;
      const doubt = doubtAfter(found, text.slice(end, end + DOUBT_CHARS_MAX));
      if (doubt !== "") yield { kind: "unclear", text: found + doubt, at };
    }
  }

  /** Replaces private words. The last part of a path stays, because it tells which file was meant. */
  replace(text: string): string {
    let replaced = "";
    let end = 0;
    for (const { kind, text: found, at } of this.find(text)) {
      replaced += text.slice(end, at) + this.#replacement(kind, found);
      end = at + found.length;
    }
    return replaced + text.slice(end);
  }

  #replacement(kind: PrivateWord["kind"], found: string): string {
    const last = kind === "path" ? found.split(/[\\/]/).filter((part) => part !== "").at(-1) : undefined;
    // The last part of a home folder is the name of a user.
    if (last === undefined || last === found || this.#folders.includes(found) || endsInHome(found)) {
      return REPLACEMENTS[kind];
    }
    return `${REPLACEMENTS.path}/${this.replace(last)}`;
  }

  #addHost(host: string): void {
    this.#add(this.#hosts, host);
    this.#add(this.#hosts, host.split(".")[0]!);
  }

  #add(names: Set<string>, name: string): void {
    if (name.length < 2 || COMMON_NAMES.has(name.toLowerCase()) || LOOPBACK.test(name)) return;
    names.add(name);
    this.#pattern = null;
  }

  #compiled(): RegExp {
    if (this.#pattern !== null) return this.#pattern;
    const spacedNames = inJson(this.#users).filter((name) => name.includes(" ")).map(escaped);
    const folders = inJson(this.#folders).map(escaped);
    const paths = [...(folders.length === 0 ? [] : [pathsBelow(folders)]), absolutePaths(spacedNames)];
    return this.#pattern = new RegExp(
      [
        `(?<path>${paths.join("|")})`,
        wordPattern("user", this.#users),
        wordPattern("host", this.#hosts),
      ].filter((part) => part !== "").join("|"),
      "gu",
    );
  }
}

/** Texts with and without the escapes of JSON, longest first. */
function inJson(texts: Iterable<string>): string[] {
  const all = new Set([...texts].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]));
  return [...all].sort((a, b) => b.length - a.length);
}

/**
 * Also matches words next to `_` and `-`, as in the name of a folder. Ignores case, because names of machines are
 * written with and without capitals.
 */
function wordPattern(name: string, words: Iterable<string>): string {
  const patterns = inJson(words).map(escaped);
  if (patterns.length === 0) return "";
  return String.raw`(?<${name}>(?:(?<![${LETTER}])|${AFTER_BREAK})(?i:${patterns.join("|")})(?![${LETTER}]))`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
