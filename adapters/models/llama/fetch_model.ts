/** Fetches the files of a model from the Hugging Face hub, once. */
import { basename, dirname, join } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import { kindAt } from "../../path_info.ts";
import { reasonOf } from "../shared/protocol.ts";
import type { ModelPlace } from "./gguf_files.ts";

/** The ending of a file's name while the file is being fetched. */
const UNFINISHED = ".part";

/** If an unfinished file has not grown for this long, the process that fetched it was killed. In milliseconds. */
const UNFINISHED_MS_MAX = 24 * 60 * 60 * 1000;

/** Fetches the files that are missing. Throws a `ModelError` if that fails. */
export async function fetchModel({ model, paths, addresses }: ModelPlace): Promise<void> {
  for (const [index, address] of (addresses ?? []).entries()) {
    const path = paths[index]!;
    if (kindAt(path) === null) await fetchFile(model, address, path);
  }
}

async function fetchFile(model: string, address: string, path: string): Promise<void> {
  const failed = `Cannot fetch the model "${model}" from ${address}`;
  const folder = dirname(path);
  const onDisk = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      throw new ModelError(
        "unknown-model",
        `${failed}: cannot write in ${folder}: ${reasonOf(error)}; ` +
          "free some space, or set another cacheFolder",
      );
    }
  };
  const part = `${path}.${crypto.randomUUID()}${UNFINISHED}`;
  try {
    await onDisk(() => Deno.mkdirSync(folder, { recursive: true }));
    await onDisk(() => clearUnfinished(path));
    using file = await onDisk(() => Deno.open(part, { write: true, createNew: true }));
    const response = await fetch(address);
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      const kind = response.status >= 500 ? "unreachable" : "unknown-model";
      throw new ModelError(kind, `${failed}: the server answered with status ${response.status}`);
    }
    await response.body.pipeTo(
      new WritableStream({
        write: (chunk) => onDisk(() => writeAll(file, chunk)),
        // Without sync(), an error of the last write would be lost.
        close: () => onDisk(() => file.sync()),
      }),
    );
    file.close();
    const expected = Number(response.headers.get("content-length") ?? NaN);
    const { size } = await Deno.stat(part);
    if (!Number.isNaN(expected) && size !== expected) {
      throw new ModelError("unreachable", `${failed}: only ${size} of ${expected} bytes came`);
    }
    await onDisk(() => Deno.rename(part, path));
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    if (error instanceof ModelError) throw error;
    if (error instanceof Deno.errors.NotCapable) {
      throw new ModelError("unknown-model", `${failed}: Deno was started without permission`);
    }
    throw new ModelError(
      "unreachable",
      `${failed}: ${reasonOf(error)}; without a connection, name a file that you have`,
    );
  }
}

/**
 * Removes unfinished copies of a file that killed processes left. Copies that grew lately stay, because another
 * process can be fetching the same file now.
 */
async function clearUnfinished(path: string): Promise<void> {
  for await (const { name } of Deno.readDir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(UNFINISHED)) continue;
    const part = join(dirname(path), name);
    const { mtime } = await Deno.stat(part).catch(() => ({ mtime: null }));
    if (mtime !== null && Date.now() - mtime.getTime() > UNFINISHED_MS_MAX) {
      await Deno.remove(part).catch(() => {});
    }
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length;) start += await file.write(bytes.subarray(start));
}
