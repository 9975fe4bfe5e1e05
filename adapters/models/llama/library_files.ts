/** The native libraries of llama.cpp: which npm package has them for this machine, and their files. */
import { join } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import { kindAt } from "../../path_info.ts";
import { reasonOf } from "../shared/protocol.ts";
import { LIBRARY_PACKAGES } from "./library_packages.ts";
import type { LlamaOptions } from "./options.ts";

type Package = Readonly<{ getBinsDir: () => Readonly<{ binsDir: string }> }>;

const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", darwin: "mac", windows: "win" };

const PROCESSORS: Readonly<Record<string, string>> = { x86_64: "x64", aarch64: "arm64" };

/** Operating system → a file that only machines with an NVIDIA graphics processor have. */
const NVIDIA: Readonly<Record<string, string>> = {
  linux: "/dev/nvidia0",
  win: "C:\\Windows\\System32\\nvcuda.dll",
};

/** The libraries of llama.cpp. Their file names contain a version and the kind of graphics processor. */
export type LibraryFiles = Readonly<
  { folder: string; llama: string; ggml: string; base: string; usesGpu: boolean }
>;

const LLAMA_FILE = /^(?:lib)?llama(?:\.(?:cuda|vulkan|metal))?(?:\.v[\d.]+)?\.(?:so|dylib|dll)$/;
const GGML_FILE = /^(?:lib)?ggml(?:\.(?:cuda|vulkan|metal))?(?:\.v[\d.]+)?\.(?:so|dylib|dll)$/;
const BASE_FILE = /^(?:lib)?ggml-base(?:\.v[\d.]+)?\.(?:so|dylib|dll)$/;

/** Finds the libraries, and fetches them if they are not in Deno's cache. Throws a `ModelError` if there are none. */
export async function findLibrary(gpu: LlamaOptions["gpu"]): Promise<LibraryFiles> {
  const system = SYSTEMS[Deno.build.os] ?? Deno.build.os;
  const machine = `${system}-${PROCESSORS[Deno.build.arch] ?? Deno.build.arch}`;
  const kind = gpu === "auto" ? foundGpu(system, machine) : gpu;
  // For Apple's own processors, one package serves with and without the graphics processor.
  const name = machine === "mac-arm64" ? "mac-arm64-metal" : kind === false ? machine : `${machine}-${kind}`;
  const specifier = LIBRARY_PACKAGES[name];
  if (specifier === undefined || (kind !== false && !name.endsWith(kind))) {
    const known = Object.keys(LIBRARY_PACKAGES).filter((known) => known.startsWith(machine));
    const remedy = known.length === 0
      ? "use another machine, or a model server"
      : `choose another gpu; there are packages for ${known.join(", ")}`;
    throw unusable(`there is no package for ${kind === false ? machine : `${machine} with ${kind}`}`, remedy);
  }
  const folder = join(await binariesOf(specifier), name);
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name).catch(() => []);
  const [llama, ggml, base] = [LLAMA_FILE, GGML_FILE, BASE_FILE].map((file) =>
    names.find((name) => file.test(name))
  );
  if (llama === undefined || ggml === undefined || base === undefined) {
    throw unusable(`its libraries are not in ${folder}`, "remove that folder, and start again");
  }
  const [llamaPath, ggmlPath, basePath] = [llama, ggml, base].map((name) => join(folder, name));
  return { folder, llama: llamaPath!, ggml: ggmlPath!, base: basePath!, usesGpu: kind !== false };
}

function foundGpu(system: string, machine: string): LlamaOptions["gpu"] {
  if (machine === "mac-arm64") return "metal";
  return machine.endsWith("x64") && kindAt(NVIDIA[system] ?? "") !== null ? "cuda" : false;
}

async function binariesOf(specifier: string): Promise<string> {
  try {
    const { getBinsDir }: Package = await import(specifier);
    return getBinsDir().binsDir;
  } catch (error) {
    throw unusable(
      `the package ${specifier} cannot be loaded: ${reasonOf(error)}`,
      "start once with a connection to the npm registry",
    );
  }
}

function unusable(problem: string, remedy: string): ModelError {
  return new ModelError("unknown-model", `Cannot load llama.cpp: ${problem}; ${remedy}`);
}
