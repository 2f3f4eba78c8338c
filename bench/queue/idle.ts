/** What instances cost that have nothing to do: one that answers, and of two queue instances the one that leads and the one that follows. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import reference from "../../chaos/targets/reference/target.ts";
import { superuser } from "../../harness/drivers/dependency-clients.ts";
import { defineInstance, type ProcessInstance } from "../../harness/drivers/process/instance.ts";
import { openReference } from "./reference.ts";
import { project, type Services } from "./services.ts";

const settleMs = 20_000;
const windowMs = 60_000;
/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;

export interface IdleInstance {
  readonly what: "api" | "queue, leader" | "queue, follower";
  /** Share of one processor, user and system time together (%). */
  readonly percent: number;
}

/** Rejects when the two queue instances did not agree on a leader. */
export async function idleInstances(services: Services): Promise<IdleInstance[]> {
  await using started = new AsyncDisposableStack();
  const { name, url } = await services.newDatabase();
  const { postgres, redis, directory, marker, ports } = services;
  started.use(await openReference(services, url));
  const running: ProcessInstance[] = [];
  for (const [i, role] of ["api", "queue", "queue"].entries()) {
    const instance = `${name}-${role}-${i}`;
    const port = await ports.take();
    const spec = reference.spec({
      instance,
      role,
      port,
      postgres: { host: "127.0.0.1", port: postgres.port, user: superuser, password: postgres.password, database: name },
      redis: { host: "127.0.0.1", ...redis },
      ledger: "",
    });
    const logFile = join(directory, `${instance}.log`);
    const tree = join(project, reference.tree);
    running.push(started.use(defineInstance({ name: instance, role, port, spec, tree, logFile, marker, target: reference })));
  }
  await Promise.all(running.map((instance) => instance.start()));
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const before = await Promise.all(running.map(processorMs));
  await new Promise((resolve) => setTimeout(resolve, windowMs));
  const after = await Promise.all(running.map(processorMs));
  const leads = await Promise.all(running.map(isLeader));
  if (leads.filter(Boolean).length !== 1) throw new Error(`Expected one leader among two queue instances, found ${leads.filter(Boolean).length}.`);
  return running.map(({ role }, i) => ({
    what: role === "api" ? "api" : leads[i] ? "queue, leader" : "queue, follower",
    percent: (((after[i] ?? 0) - (before[i] ?? 0)) / windowMs) * 100,
  }));
}

/** User and system time of all threads of the process. */
async function processorMs(instance: ProcessInstance): Promise<number> {
  const stat = await readFile(`/proc/${instance.pid()}/stat`, "utf8");
  // The name, in brackets, may have spaces in it; user time is the 14th field of all, the 12th after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

async function isLeader({ port }: ProcessInstance): Promise<boolean> {
  const text = await (await fetch(`http://127.0.0.1:${port}${reference.metrics.path}`)).text();
  return /^leader\{name="housekeeping"[^}]*\} 1$/m.test(text);
}
