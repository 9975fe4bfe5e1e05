/** What the installed program may do. docs/how_to/install.md explains each permission. */
export const PERMISSIONS: readonly string[] = [
  ...["--no-prompt", "--allow-read", "--allow-write", "--allow-net", "--allow-env", "--allow-ffi"],
  "--allow-sys=hostname,systemMemoryInfo,statfs",
];
