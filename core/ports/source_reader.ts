/** The port for reading an experiment's files. */

/** Reads the files that an experiment file names. */
export interface SourceReader {
  /**
   * Reads the text of a file.
   *
   * @param path The path in the experiment file, relative to the experiment file.
   * @throws {Error} With a message for people, if the file cannot be read.
   */
  readText(path: string): Promise<string>;
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
