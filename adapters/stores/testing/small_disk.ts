/** A disk of a few kilobytes, for tests of full and read-only disks. Needs the right to mount. */

type SmallDisk =
  & Disposable
  & Readonly<{ path: string; makeReadOnly: () => void; makeWritable: () => void }>;

/** Why tests with a small disk are skipped, and how to enable them; `null` if they can run. */
export const NO_SMALL_DISK: string | null = whyNot();

/**
 * Mounts an empty disk.
 *
 * @param bytes Its size, a multiple of 4096.
 */
export function mountSmallDisk(bytes: number): SmallDisk {
  const path = Deno.makeTempDirSync();
  try {
    run("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path);
  } catch (error) {
    Deno.removeSync(path);
    throw error;
  }
  return {
    path,
    makeReadOnly: () => run("mount", "-o", "remount,ro", path),
    makeWritable: () => run("mount", "-o", "remount,rw", path),
    [Symbol.dispose]() {
      // Lazily, because a program that another test has just started can still use the disk for a moment.
      run("umount", "--lazy", path);
      Deno.removeSync(path);
    },
  };
}

function run(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function whyNot(): string | null {
  if (Deno.build.os !== "linux") return "needs tmpfs, which this system does not have";
  try {
    mountSmallDisk(4096)[Symbol.dispose]();
    return null;
  } catch {
    return "needs the right to mount; run `unshare -rm deno task test:full`";
  }
}
