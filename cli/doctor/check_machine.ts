/** Checks the machine: versions, access, disk, locks, memory, and programs that some tasks need. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { STREAMS_TOGETHER, tryFolder } from "../../adapters/stores/mod.ts";
import { reasonOf } from "../../adapters/stores/store_errors.ts";
import { freeDiskBytes, freeMemoryBytes, platformVersions } from "../../adapters/system.ts";
import { VERSION } from "../../core/version.ts";
import { scratchFolder } from "../shared/files.ts";
import { PERMISSIONS } from "../shared/permissions.ts";
import { PROGRAM } from "../shared/program.ts";
import { formatShort } from "../terminal/numbers.ts";
import { readVariable } from "../terminal/text_sink.ts";
import type { CheckResult } from "./result.ts";

const DISK_BYTES_NEEDED = 100e6;
const DISK_BYTES_WANTED = 1e9;
const MEMORY_BYTES_WANTED = 1e9;

/** With fewer durable appends per second, a discussion waits longer for its disk than for its model. */
const APPENDS_WANTED = 20;

/** Large packages → what needs them. */
const PACKAGES = {
  "openai": "model servers",
  "@huggingface/transformers": "local models",
  "@node-llama-cpp/linux-x64": "local models in GGUF files, on Linux",
  "@duckdb/node-api": "query and exports of tables",
} as const;

/** Programs of the user's machine → what they are for. */
const PROGRAMS = {
  "python3": "reading exports",
  "pdflatex": "setting a report's tables",
  "ollama": "a model server",
  "vllm": "a model server",
  "llama-server": "a model server",
} as const;

/**
 * Checks the machine.
 *
 * @param folder An existing folder that will hold runs.
 */
export async function checkMachine(folder: string): Promise<CheckResult[]> {
  return [
    versions(),
    await packages(),
    access(),
    ...await disk(folder),
    freeDisk(folder),
    freeMemory(),
    programs(),
  ];
}

function versions(): CheckResult {
  const { deno, os, arch } = platformVersions();
  return { check: "version", level: "ok", found: `${PROGRAM} ${VERSION}, Deno ${deno}, ${os} ${arch}` };
}

async function packages(): Promise<CheckResult> {
  if (Deno.build.standalone) {
    const found = "compiled into the program, without local models, query and exports of tables";
    return { check: "packages", level: "ok", found };
  }
  const known = await packageVersions();
  const found = Object.entries(PACKAGES).map(([name, use]) =>
    `${name} ${known.get(name) ?? "of unknown version"} (${use})`
  );
  return { check: "packages", level: "ok", found: found.join(", ") };
}

/** Reads the lock file of a clone, or the description of an npm package. */
async function packageVersions(): Promise<ReadonlyMap<string, string>> {
  const textOf = (file: string) =>
    Deno.readTextFile(fileURLToPath(new URL(`../../${file}`, import.meta.url))).catch(() => "{}");
  const { specifiers = {} } = JSON.parse(await textOf("deno.lock"));
  const locked = Object.keys(specifiers).map((specifier) => /^npm:(.+)@([^@]+)$/.exec(specifier))
    .flatMap((parts) => parts === null ? [] : [[parts[1]!, parts[2]!] as const]);
  const { dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = JSON.parse(
    await textOf("package.json"),
  );
  return new Map<string, string>([
    ...locked,
    ...Object.entries<string>({ ...dependencies, ...peerDependencies, ...optionalDependencies }),
  ]);
}

/** What each permission of Deno is for. */
const ACCESS: readonly (readonly [Deno.PermissionDescriptor, use: string])[] = [
  [{ name: "read" }, "experiment files and runs"],
  [{ name: "write" }, "runs and reports"],
  [{ name: "net" }, "model servers"],
  [{ name: "env" }, "keys of model servers"],
  [{ name: "ffi" }, "local models and SQL"],
];

function access(): CheckResult {
  const check = "access";
  const missing = ACCESS.filter(([descriptor]) => Deno.permissions.querySync(descriptor).state !== "granted");
  if (missing.length === 0) {
    return { check, level: "ok", found: ACCESS.map(([{ name }]) => name).join(", ") };
  }
  const uses = missing.map(([{ name }, use]) => `${name} (for ${use})`);
  return {
    check,
    level: "warning",
    found: `Deno was started without ${uses.join(", ")}`,
    change: `start Deno with ${PERMISSIONS.join(" ")}`,
  };
}

async function disk(folder: string): Promise<CheckResult[]> {
  try {
    using scratch = scratchFolder(join(folder, `.${PROGRAM}-doctor-${crypto.randomUUID()}`));
    const { appendsPerSecond, appendsTogetherPerSecond, locksHold } = await tryFolder(scratch.path);
    const found = `${formatShort(appendsPerSecond)} durable appends a second for one discussion, ` +
      `${formatShort(appendsTogetherPerSecond)} for ${STREAMS_TOGETHER} at a time`;
    const slow = { level: "warning", change: "keep runs on a local disk; name it with --out" } as const;
    return [
      { check: "disk", found, ...(appendsPerSecond < APPENDS_WANTED ? slow : { level: "ok" }) },
      locksHold ? { check: "locks", level: "ok", found: "a second writer is kept out" } : {
        check: "locks",
        level: "problem",
        found: "a second writer is not kept out, so two processes could write to one run",
        change: "keep runs on a file system with locks, such as a local disk",
      },
    ];
  } catch (error) {
    const change = "choose a folder that you may write to, on a file system with locks";
    return [{
      check: "disk",
      level: "problem",
      found: `cannot keep runs in "${folder}": ${reasonOf(error)}`,
      change,
    }];
  }
}

function freeDisk(folder: string): CheckResult {
  const check = "space";
  const bytes = freeDiskBytes(folder);
  if (bytes === null) return { check, level: "note", found: "unknown without --allow-sys=statfs" };
  const found = `${formatShort(bytes)}B free`;
  if (bytes >= DISK_BYTES_WANTED) return { check, level: "ok", found };
  const level = bytes < DISK_BYTES_NEEDED ? "problem" : "warning";
  return { check, level, found, change: "free some space, or keep runs on another disk" };
}

function freeMemory(): CheckResult {
  const check = "memory";
  const bytes = freeMemoryBytes();
  if (bytes === null) return { check, level: "note", found: "unknown without --allow-sys=systemMemoryInfo" };
  const found = `${formatShort(bytes)}B free`;
  if (bytes >= MEMORY_BYTES_WANTED) return { check, level: "ok", found };
  return { check, level: "warning", found, change: "end other programs, or use another machine" };
}

function programs(): CheckResult {
  const folders = (readVariable("PATH") ?? "").split(delimiter).filter((folder) => folder !== "");
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const isThere = (name: string) => folders.some((folder) => existsSync(join(folder, name + suffix)));
  const listed = Object.entries(PROGRAMS).map(([name, use]) =>
    `${name} (${use}): ${isThere(name) ? "yes" : "no"}`
  );
  return { check: "programs", level: "ok", found: `optional: ${listed.join(", ")}` };
}
