import assert from "node:assert/strict";
import { checkSbatchOptions, serverCommand, tasks, timeLimitSeconds } from "./arguments.ts";

Deno.test("timeLimitSeconds() reads every notation in the manual of sbatch", () => {
  const given = ["90", "90:30", "4:00:00", "2-12", "2-12:30", "2-12:30:15", "4:00"];
  assert.deepEqual(given.map(timeLimitSeconds), [
    90 * 60,
    90 * 60 + 30,
    4 * 3600,
    60 * 3600,
    60 * 3600 + 30 * 60,
    60 * 3600 + 30 * 60 + 15,
    4 * 60,
  ]);
  for (const wrong of ["", "4h", "1:2:3:4", "-1", "1-", "4:", "UNLIMITED"]) {
    assert.equal(timeLimitSeconds(wrong), null, wrong);
  }
});

Deno.test("tasks() reads how many tasks may run at the same time", () => {
  assert.deepEqual(tasks().parse("100%10"), { success: true, value: { count: 100, atOnce: 10 } });
  assert.deepEqual(tasks().parse("8"), { success: true, value: { count: 8, atOnce: null } });
  for (const wrong of ["0", "8%0", "1-8", "8%", "1000000"]) assert.equal(tasks().parse(wrong).success, false);
});

Deno.test("checkSbatchOptions() refuses options that the script sets, in each form", () => {
  checkSbatchOptions([
    "--gres=gpu:1",
    "-p",
    "long",
    "-A",
    "group",
    "--mem=8G",
    "--time-min=10",
    "--export=ALL",
    "--wait-all-nodes=1",
    "-Hp",
    "short",
  ]);
  for (
    const word of [
      ...["--array=1-4", "-a1-4", "--time", "-t10", "--output=x", "-o", "-e/dev/null", "--wrap=ls"],
      ...[
        "--arr=1-4",
        "--ti=10",
        "--err",
        "--sig=USR1",
        "--no-req",
        "--dep=afterok:1",
        "-Ha1-4",
        "-vt",
        "-W",
      ],
    ]
  ) {
    assert.throws(() => checkSbatchOptions([word]), { name: "UsageError" }, word);
  }
  assert.throws(() => checkSbatchOptions(["other.yaml"]), /only the options of sbatch may follow/);
});

Deno.test("serverCommand() adds host and port, unless the command has the port itself", () => {
  assert.equal(serverCommand("vllm serve m"), 'vllm serve m --host 127.0.0.1 --port "$PORT"');
  assert.equal(serverCommand("server -p ${PORT} m"), "server -p ${PORT} m");
  assert.throws(() => serverCommand("a\nb"), { name: "UsageError" });
});
