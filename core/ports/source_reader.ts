/** The port for reading an experiment's files. */

/** The discussions of another run that an experiment continues. It names either discussions or a condition. */
export type PastSource = Readonly<{
  /** The run's folder, as the experiment file names it. */
  run: string;
  /** The names of the discussions, in the order in which they are continued. */
  discussions?: readonly string[];
  /** The condition: all of its discussions are continued. */
  condition?: string;
  /** The number of turns after which they are continued. */
  at: number;
}>;

/** Reads the files that an experiment file names. */
export interface SourceReader {
  /**
   * Reads the text of a file.
   *
   * @param path The path in the experiment file, relative to the experiment file.
   * @throws {Error} With a message for people, if the file cannot be read.
   */
  readText(path: string): Promise<string>;
  /**
   * Reads the beginnings of logs in another run, up to the end of a turn. Returns their lines, one log after
   * the other. If this function is missing, the caller reads a copy of these lines with `readText()`.
   *
   * @throws {Error} With a message for people, if the beginnings cannot be read.
   */
  readPast?(past: PastSource): Promise<string>;
}

/** Files that exist only in memory. */
export function memorySources(files: Readonly<Record<string, string>>): SourceReader {
  return {
    readText(path) {
      const text = files[path];
      if (text === undefined) {
        return Promise.reject(new Error(`there is no file "${path}"`));
      }
      return Promise.resolve(text);
    },
  };
}
