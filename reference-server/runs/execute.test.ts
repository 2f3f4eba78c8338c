import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, insertRuns, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { cancelRun } from "./cancel.ts";
import { readRun } from "./run.ts";

interface Report {
  readonly kind: string;
  readonly subject: string;
  readonly token: number;
  readonly step: number;
  readonly nonce: string;
}

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("attempts and their effects (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let ledger: Server;
  let effects: { host: string; port: number };
  let queue: Instance;
  /** Every report in the order of arrival, and "closed" when a connection ends. */
  const reports: Report[] = [];
  const of = (id: string): string[] => reports.filter(({ subject }) => subject === id).map(({ kind, token, step }) => `${token} ${kind} ${step}`);

  beforeAll(async () => {
    services = await startServices();
    ledger = createServer((socket) => {
      let unread = "";
      socket.on("error", () => {});
      socket.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = (unread + chunk).split("\n");
        unread = lines.pop() ?? "";
        for (const line of lines) {
          const report = JSON.parse(line) as Report;
          reports.push(report);
          socket.write(`${JSON.stringify({ nonce: report.nonce })}\n`);
        }
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => ledger.once("listening", resolve));
    const address = ledger.address();
    effects = { host: "127.0.0.1", port: typeof address === "object" && address ? address.port : 0 };
    queue = await startInstance(testConfig(services, "queue", { effects }), quiet, fail);
  });
  afterAll(async () => {
    await queue?.stop();
    ledger?.close();
    await services?.[Symbol.asyncDispose]();
  });
  const ended = (id: string, withinMs = 15_000) =>
    eventually(
      () => readRun(services.db, id),
      (run) => run?.status !== "pending" && run?.status !== "running",
      withinMs,
    );

  it("enters, performs each step once in order, and exits", async () => {
    const [id = ""] = await insertRuns(services.db, 1, { steps: 3, step_ms: 10 });
    expect(await ended(id)).toMatchObject({ status: "success", attempt: 1, step: 3, last_seq: 5 });
    await eventually(
      async () => of(id).length,
      (count) => count === 5,
    );
    expect(of(id)).toEqual(["1 enter 0", "1 step 1", "1 step 2", "1 step 3", "1 exit 0"]);
  });

  it("LG-4: never works on more runs than it may", async () => {
    const all = await insertRuns(services.db, 30, { steps: 1, step_ms: 50 });
    await eventually(
      () => services.db.query("select id from runs where id = any($1::uuid[]) and status = 'success'", [all]),
      ({ length }) => length === all.length,
    );
    let inside = 0;
    let most = 0;
    for (const { kind, subject } of reports) {
      if (!all.includes(subject)) continue;
      if (kind === "enter") most = Math.max(most, ++inside);
      if (kind === "exit") inside--;
    }
    expect(most).toBeGreaterThan(5);
    expect(most).toBeLessThanOrEqual(10);
  });

  it("leaves a cancelled run, though nothing tells it but Postgres", async () => {
    const [id = ""] = await insertRuns(services.db, 1, { steps: 2, step_ms: 30_000 });
    await eventually(
      async () => of(id).length,
      (count) => count === 2,
    );
    const silent = { ...services.redis, client: { ...services.redis.client, status: "end" } } as typeof services.redis;
    await cancelRun(services.db, silent, id);
    await eventually(
      async () => of(id).at(-1),
      (last) => last === "1 exit 0",
      1500,
    );
    expect(await readRun(services.db, id)).toMatchObject({ status: "cancelled", attempt: 1 });
  });

  it("tries again three times after a transient failure, and ends the run in error after the fourth", async () => {
    await queue.stop();
    const nowhere = { host: "127.0.0.1", port: 9 };
    queue = await startInstance(testConfig(services, "queue", { effects: nowhere }), quiet, fail);
    const [id = ""] = await insertRuns(services.db, 1);
    expect(await ended(id, 8000)).toMatchObject({ status: "error", attempt: 4, error: expect.stringContaining("effect service") });
    expect(await services.db.query("select failures from runs where id = $1", [id])).toEqual([{ failures: 3 }]);
  });
});
