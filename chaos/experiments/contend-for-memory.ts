/**
 * Stresses read-modify-write of agents' memory and state: clients replace what they have read, through every instance at once, while an instance is killed in
 * the middle of its writes and Postgres restarts. A broken system accepts a replacement of what had been replaced before, or loses one that it
 * acknowledged; no order of the operations explains its answers then. Or it lets two clients replace each one what the other relied on, open one session twice, or go on with it from the same point.
 */
import { expectationsKept } from "../../harness/checkers/expectations-kept.ts";
import { linearizableAs } from "../../harness/checkers/linearizable.ts";
import register from "../../harness/checkers/models/cas-register.ts";
import { staleRefused } from "../../harness/checkers/stale-refused.ts";
import { field, numberField, textField } from "../../harness/checkers/trail.ts";
import type { Experiment } from "../../harness/core/experiment.ts";
import type { Json, Operation } from "../../harness/core/history.ts";

const from = (input: Json): Json => textField(input, "from") || null;

/** A block is a register: to replace what was read is a compare-and-set, because every value is written once. */
function asRegister(operation: Operation): Operation | undefined {
  const { f, input, output } = operation;
  if (f === "readBlock") return { ...operation, f: "read", output: textField(output, "value") || null };
  if (f === "setBlock") return { ...operation, f: "write", input: textField(input, "value") };
  if (f === "removeBlock") return { ...operation, f: "write", input: null };
  if (f === "replaceBlock" || f === "replaceBeside") return { ...operation, f: "cas", input: [from(input), textField(input, "value")] };
  return undefined;
}

/** An agent's state is one as well: whoever replaces it has seen a version, and so what it held. */
function asState(operation: Operation): Operation | undefined {
  const { f, input, output } = operation;
  if (f === "readAgent") return { ...operation, f: "read", output: field(output, "n") };
  if (f === "saveState") return { ...operation, f: "write", input: field(input, "n") };
  if (f === "replaceState") return { ...operation, f: "cas", input: [field(input, "from"), field(input, "n")] };
  return undefined;
}

/** A session is opened once, by who finds that there was none, and continued by who has read what it holds. What was read may be old: reads prove nothing. */
function asSession(operation: Operation): Operation | undefined {
  const { f, input } = operation;
  if (f !== "openSession" && f !== "continueSession") return undefined;
  return { ...operation, f: "cas", input: [f === "openSession" ? null : numberField(input, "from"), numberField(input, "n")] };
}

export default {
  id: "contend-for-memory",
  title: "Replace blocks of memory through every instance, with an instance killed and Postgres restarted",
  profile: "nightly",
  safety: "weekly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "change-memory", perSecond: 50 },
  schedule: (random) => [
    { fault: "kill", on: `api-${random.integer(1, 3)}`, atMs: random.integer(0, 500), forMs: random.integer(1500, 2500) },
    { fault: "restart-postgres", on: "postgres", atMs: 8000 + random.integer(0, 500), forMs: 500, options: { mode: "immediate" } },
  ],
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 100, steady: true },
  claims: {
    "HS-14": [
      linearizableAs(register, asRegister),
      expectationsKept({ replace: ["replaceBlock", "replaceBeside"], beside: "replaceBeside" }),
      linearizableAs(register, asState),
      staleRefused({ replace: "replaceState", write: ["saveState"] }),
    ],
    "FR-6": [linearizableAs(register, asRegister), linearizableAs(register, asSession)],
  },
} satisfies Experiment;
