#!/usr/bin/env node
/**
 * The command of the npm package. Node.js runs this file, and this file runs the program with Deno. It uses the npm
 * package `deno` if that is installed beside this package, otherwise the `deno` on the PATH.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "./shared/permissions.ts";

const PROGRAM = fileURLToPath(new URL("./syndisco.ts", import.meta.url));
const EXIT_CODE_ENVIRONMENT = 3;

/** The words that start Deno. */
function deno(): readonly [string, ...string[]] {
  try {
    return [process.execPath, createRequire(import.meta.url).resolve("deno/bin.cjs")];
  } catch {
    return ["deno"];
  }
}

const [command, ...words] = deno();
const child = spawn(
  command,
  [
    ...words,
    "run",
    "--no-config",
    "--node-modules-dir=manual",
    ...PERMISSIONS,
    PROGRAM,
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
// A terminal sends Ctrl-C to both processes. Node.js waits until the program in Deno has stopped cleanly.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("error", ({ message }) => {
  process.stderr.write(
    `Cannot start Deno: ${message}. Install it with npm install deno@2.9.6, beside this package\n`,
  );
  process.exitCode = EXIT_CODE_ENVIRONMENT;
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exitCode = code ?? EXIT_CODE_ENVIRONMENT;
  else process.kill(process.pid, signal);
});
