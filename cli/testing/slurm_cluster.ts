/** A Slurm cluster of one node on this machine, for tests: its own munged, slurmctld and slurmd. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The programs of Slurm, and where Debian puts the services. */
const PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue"];
const FOLDERS = ["/usr/bin", "/usr/sbin", ...(Deno.env.get("PATH") ?? "").split(":")];

/**
 * The number of processors that the node claims to have. The real number can be lower: tests run many tasks
 * at the same time, but most of these only wait.
 */
const CPUS = 32;

/**
 * The longest wait for the node, and for a service to end, in milliseconds. Both need seconds on an idle
 * machine.
 */
const START_MS_MAX = 120_000;

/** The longest wait for jobs, in milliseconds. They need two minutes on an idle machine. */
const JOBS_MS_MAX = 900_000;
const POLL_MS = 100;

/** What Slurm lacks here, and how to install it; `null` if it is installed. */
export function slurmLacks(): string | null {
  if (Deno.build.os !== "linux") return "Slurm runs only on Linux";
  const missing = PROGRAMS.filter((name) => !FOLDERS.some((folder) => existsSync(join(folder, name))));
  if (missing.length > 0) {
    return `there is no ${missing.join(", ")}: apt-get install slurmctld slurmd slurm-client munge`;
  }
  return Deno.uid() === 0 ? null : "only root can start the services of Slurm";
}

/** A running cluster. */
export interface SlurmCluster extends AsyncDisposable {
  /** The variables with which the programs of Slurm find it. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Runs a program of Slurm.
   *
   * @returns Its output.
   * @throws {Error} With what it wrote to `stderr`, if it fails.
   */
  call(program: string, ...args: readonly string[]): Promise<string>;
  /** Waits until no job is in the queue, or `isEnough` is true for its lines. */
  waitForJobs(isEnough?: (lines: readonly string[]) => boolean): Promise<void>;
}

/**
 * Starts a cluster.
 *
 * @param folder An empty folder. None of the folders above it may be a link, or may be writable for other
 *   users.
 */
export async function startSlurm(folder: string): Promise<SlurmCluster> {
  const munge = join(folder, "munge");
  for (const name of ["munge", "state", "spool"]) await Deno.mkdir(join(folder, name));
  await Deno.chmod(folder, 0o755);
  await Deno.chmod(munge, 0o755);
  const key = join(munge, "key");
  await Deno.writeFile(key, crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o400 });
  const configuration = join(folder, "slurm.conf");
  await Deno.writeTextFile(configuration, configurationOf(folder));
  const env = { SLURM_CONF: configuration, PATH: FOLDERS.join(":") };
  const services: Deno.ChildProcess[] = [];
  const start = (program: string, ...args: string[]) => {
    const [stdin, stdout, stderr] = ["null", "null", "null"] as const;
    services.push(new Deno.Command(program, { args, env, stdin, stdout, stderr }).spawn());
  };
  const call = async (program: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], env, stdin: "null" })
      .output();
    const decoder = new TextDecoder();
    if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  };
  const waitForJobs: SlurmCluster["waitForJobs"] = async (isEnough = () => false) => {
    for (const startedAtMs = performance.now();;) {
      const lines = (await call("squeue", "--noheader", "--format=%i %T")).split("\n").slice(0, -1);
      if (lines.length === 0 || isEnough(lines)) return;
      if (performance.now() - startedAtMs > JOBS_MS_MAX) {
        throw new Error(`Jobs do not end: ${lines.join(", ")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const end = async () => {
    await call("scancel", "--quiet", "--user=root").then(() => waitForJobs()).catch(() => {});
    for (const service of services.reverse()) {
      const timer = setTimeout(() => service.kill("SIGKILL"), START_MS_MAX);
      try {
        service.kill("SIGTERM");
      } catch {
        // The service has ended by itself.
      }
      await service.status;
      clearTimeout(timer);
    }
  };
  const files = ["key-file=key", "socket=socket", "pid-file=pid", "log-file=log", "seed-file=seed"];
  const isIdle = () =>
    call("sinfo", "--noheader", "--format=%T").then((text) => text === "idle\n", () => false);
  try {
    start("munged", "--foreground", ...files.map((text) => `--${text.replace("=", `=${munge}/`)}`));
    await until(() => Promise.resolve(existsSync(join(munge, "socket"))), "munged has no socket");
    start("slurmctld", "-D", "-c", "-f", configuration);
    start("slurmd", "-D", "-f", configuration);
    await until(isIdle, "the node is not idle");
  } catch (error) {
    await end();
    throw error;
  }
  return { env, call, waitForJobs, [Symbol.asyncDispose]: end };
}

async function until(isTrue: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (let waitedMs = 0; !await isTrue(); waitedMs += POLL_MS) {
    if (waitedMs > START_MS_MAX) throw new Error(`Cannot start Slurm: ${otherwise}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Slurm's configuration. A requeued task may start again only after `cred_expire`, so this time is shorter
 * than usual.
 */
function configurationOf(folder: string): string {
  const [host] = Deno.hostname().split(".");
  return `ClusterName=tests
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${freePort()}
SlurmdPort=${freePort()}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge/socket,cred_expire=5
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmdParameters=config_overrides
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
ReturnToService=2
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
KillWait=5
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${CPUS} State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
