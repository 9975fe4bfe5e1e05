/** The files that a run keeps copies of. */
import type { RecordedCode } from "../../core/run_log/mod.ts";
import type { RunInputs } from "../../core/ports/mod.ts";
import { codeCopy } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";
import type { LoadedFile } from "./load_experiment.ts";

type Named = Pick<LoadedFile, "files" | "code">;

/** All files that a loaded file names, with the local imports of its code. */
export function inputsOf({ files, code }: Named): RunInputs {
  const inputs = new Map<string, { content: string | Uint8Array; sha256: string }>();
  for (const [path, content] of files) inputs.set(path, { content, sha256: nativeSha256(content) });
  for (const closure of code.values()) {
    for (const [name, { bytes, sha256 }] of closure.files) {
      inputs.set(codeCopy(closure.sha256, name), { content: bytes, sha256 });
    }
  }
  return inputs;
}

/** The hashes of inputs, as a run records them. */
export function hashesOf(inputs: RunInputs): Record<string, string> {
  return Object.fromEntries([...inputs].map(([path, { sha256 }]) => [path, sha256]));
}

/** The code of a loaded file, as a run records it. */
export function recordedCode({ code }: Pick<Named, "code">): Record<string, RecordedCode> {
  return Object.fromEntries([...code].map(([path, { sha256, main, elsewhere, open }]) => {
    const imports = [...elsewhere, ...open];
    return [path, {
      sha256,
      copy: codeCopy(sha256, main),
      ...(imports.length === 0 ? {} : { imports }),
    }];
  }));
}
