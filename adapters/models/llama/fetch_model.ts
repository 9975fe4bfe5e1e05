/** Fetches the files of a model from the Hugging Face hub, once. */
import { dirname } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import { kindOf } from "../shared/model_files.ts";
import { reasonOf } from "../shared/protocol.ts";
import type { ModelPlace } from "./gguf_files.ts";

/** Fetches the files that are missing. Throws a `ModelError` if that fails. */
export async function fetchModel({ model, paths, addresses }: ModelPlace): Promise<void> {
  for (const [index, address] of (addresses ?? []).entries()) {
    const path = paths[index]!;
    if (kindOf(path) === null) await fetchFile(model, address, path);
  }
}

async function fetchFile(model: string, address: string, path: string): Promise<void> {
  const failed = `Cannot fetch the model "${model}" from ${address}`;
  const part = `${path}.${crypto.randomUUID()}.part`;
  try {
    const response = await fetch(address);
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      const kind = response.status >= 500 ? "unreachable" : "unknown-model";
      throw new ModelError(kind, `${failed}: the server answered with status ${response.status}`);
    }
    await Deno.mkdir(dirname(path), { recursive: true });
    const file = await Deno.open(part, { write: true, createNew: true });
    await response.body.pipeTo(file.writable);
    const expected = Number(response.headers.get("content-length") ?? NaN);
    const { size } = await Deno.stat(part);
    if (!Number.isNaN(expected) && size !== expected) {
      throw new ModelError("unreachable", `${failed}: only ${size} of ${expected} bytes came`);
    }
    await Deno.rename(part, path);
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
