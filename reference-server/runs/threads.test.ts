import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { appendStep, finishRun, requeueRun } from "./attempt-writes.ts";
import { cancelRun } from "./cancel.ts";
import { claimRuns } from "./claim.ts";
import { createThread, createThreadRun, type MultitaskRule, readThread, releaseForgotten } from "./threads.ts";

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("threads (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  const newThread = async (): Promise<string> => {
    const id = randomUUID();
    await createThread(services.db, id);
    return id;
  };
  const add = (thread: string, rule: MultitaskRule, over: { key?: string; steps?: number; stepMs?: number } = {}) =>
    createThreadRun(services.db, services.redis, thread, rule, {
      key: over.key,
      agentId: undefined,
      input: { steps: over.steps ?? 1, step_ms: over.stepMs ?? 0 },
    });
  const statuses = async (thread: string): Promise<string[]> => ((await readThread(services.db, thread))?.runs ?? []).map(({ status }) => status);
  const claim = async () => (await claimRuns(services.db, "queue-1", 100)).runs;

  it("accepts one of many that arrive at once under the rule reject (LG-1)", async () => {
    const thread = await newThread();
    const outcomes = (await Promise.all(Array.from({ length: 20 }, () => add(thread, "reject")))).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual([...Array(19).fill("busy"), "created"]);
    expect(await statuses(thread)).toEqual(["pending"]);
    const [run] = await claim();
    if (!run) throw new Error("Expected the accepted run to be claimable.");
    await finishRun(services.db, run, { status: "success", result: {}, error: null, lastStep: 1 });
    expect((await add(thread, "reject")).outcome).toBe("created");
    await claim();
  });

  it("lets one run of a thread be claimed at a time, however many wait and claim (LG-5)", async () => {
    const threads = await Promise.all(Array.from({ length: 5 }, newThread));
    await Promise.all(threads.flatMap((thread) => Array.from({ length: 10 }, () => add(thread, "enqueue"))));
    const claims = await Promise.all(Array.from({ length: 8 }, claim));
    const claimed = claims.flat().map(({ thread_id }) => thread_id);
    expect(claimed.sort()).toEqual([...threads].sort());
  });

  it("keeps the thread to the run that was given back, until that one ends (LG-8)", async () => {
    const thread = await newThread();
    const first = await add(thread, "enqueue", { steps: 2 });
    await add(thread, "enqueue");
    const [run] = await claim();
    if (!run) throw new Error("Expected a run to claim.");
    await appendStep(services.db, run, 1);
    await requeueRun(services.db, run, { reason: "test", failed: false, delayMs: 0 });
    await releaseForgotten(services.db, services.redis, quiet);
    const again = await claim();
    expect(again).toMatchObject([{ id: first.id, attempt: 2 }]);
  });

  it("cancels every unfinished run in the same commit under the rule interrupt (LG-2)", async () => {
    const thread = await newThread();
    const first = await add(thread, "enqueue");
    await claim();
    const second = await add(thread, "enqueue");
    const third = await add(thread, "interrupt");
    expect([...third.interrupted].sort()).toEqual([first.id, second.id].sort());
    expect(await statuses(thread)).toEqual(["cancelled", "cancelled", "pending"]);
    expect((await claim()).map(({ id }) => id)).toEqual([third.id]);
  });

  it("leaves one run of many interrupts at once, the latest, and each accepted run ends once (LG-2)", async () => {
    const thread = await newThread();
    const created = await Promise.all(Array.from({ length: 15 }, () => add(thread, "interrupt")));
    expect(created.every(({ outcome }) => outcome === "created")).toBe(true);
    expect(await statuses(thread)).toEqual([...Array(14).fill("cancelled"), "pending"]);
    const ends = await services.db.query("select run_id from run_events where kind = 'end' and run_id = any($1::uuid[])", [
      created.map(({ id }) => id),
    ]);
    expect(new Set(ends.map(({ run_id }) => run_id)).size).toBe(14);
    expect(ends).toHaveLength(14);
    await claim();
  });

  it("goes on with the next run when a waiting or a working one is cancelled (LG-2)", async () => {
    const thread = await newThread();
    const [a, b, c] = [await add(thread, "enqueue"), await add(thread, "enqueue"), await add(thread, "enqueue")];
    await claim();
    await cancelRun(services.db, services.redis, b.id);
    expect(await claim()).toEqual([]);
    await cancelRun(services.db, services.redis, a.id);
    expect((await claim()).map(({ id }) => id)).toEqual([c.id]);
  });

  it("releases the next run though whoever ended the one before died in between", async () => {
    const thread = await newThread();
    await add(thread, "enqueue");
    const next = await add(thread, "enqueue");
    const [run] = await claim();
    if (!run) throw new Error("Expected a run to claim.");
    await finishRun(services.db, run, { status: "success", result: {}, error: null, lastStep: 1 });
    expect(await claim()).toEqual([]);
    await releaseForgotten(services.db, services.redis, quiet);
    expect((await claim()).map(({ id }) => id)).toEqual([next.id]);
  });

  it("accepts a request that is sent again once, in any thread and under any rule", async () => {
    const [thread, other] = [await newThread(), await newThread()];
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: 10 }, () => add(thread, "reject", { key })));
    expect(all.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    expect(all.filter(({ outcome }) => outcome === "replay")).toHaveLength(9);
    expect((await add(thread, "reject", { key, steps: 2 })).outcome).toBe("conflict");
    expect((await add(other, "reject", { key })).outcome).toBe("conflict");
    expect((await add(randomUUID(), "enqueue")).outcome).toBe("no thread");
    await claim();
  });

  it("accepts one run when one key is used in many threads at once, and interrupts nothing for the others", async () => {
    const threads = await Promise.all(Array.from({ length: 8 }, newThread));
    await Promise.all(threads.map((thread) => add(thread, "enqueue")));
    const key = randomUUID();
    const all = await Promise.all(threads.map((thread) => add(thread, "interrupt", { key })));
    expect(all.map(({ outcome }) => outcome).sort()).toEqual([...Array(7).fill("conflict"), "created"]);
    const cancelled = (await Promise.all(threads.map(statuses))).flat().filter((status) => status === "cancelled");
    expect(cancelled).toHaveLength(1);
    await claim();
  });

  it("bounds what may wait in a thread", async () => {
    const thread = await newThread();
    await services.db.query(
      `insert into runs (id, idempotency_key, request_hash, input, thread_id, thread_position, available_at)
       select gen_random_uuid(), gen_random_uuid(), '', '{}', $1, n, 'infinity' from generate_series(1, 98) n`,
      [thread],
    );
    const outcomes = (await Promise.all(Array.from({ length: 5 }, () => add(thread, "enqueue")))).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(["created", "created", "full", "full", "full"]);
    expect((await add(thread, "reject")).outcome).toBe("busy");
    expect((await add(thread, "interrupt")).interrupted).toHaveLength(100);
  });

  describe("with two instances of each role", () => {
    let instances: Instance[];
    beforeAll(async () => {
      await services.db.query("delete from runs", []);
      const config = (role: "api" | "queue") => startInstance(testConfig(services, role), quiet, fail);
      instances = await Promise.all([config("api"), config("api"), config("queue"), config("queue")]);
      const ready = async (port: number) => (await fetch(`http://127.0.0.1:${port}/api/v1/monitoring/ready`)).status;
      for (const { port } of instances) {
        await eventually(
          () => ready(port),
          (status) => status === 200,
        );
      }
    });
    afterAll(() => Promise.all((instances ?? []).map((instance) => instance.stop())));

    const post = async (at: number, path: string, body: object) => {
      const response = await fetch(`http://127.0.0.1:${instances[at]?.port}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as { id: string; status: number; detail: string } };
    };
    const input = { steps: 2, step_ms: 15 };

    it("works the runs of each thread off one after another in the order of acceptance, sent to either instance (LG-1, LG-5)", async () => {
      const threads = await Promise.all(Array.from({ length: 3 }, async () => (await post(0, "/api/v1/threads", {})).body.id));
      const answers = await Promise.all(
        threads.flatMap((id) => Array.from({ length: 8 }, (_, n) => post(n % 2, `/api/v1/threads/${id}/runs`, { input }))),
      );
      expect(answers.every(({ status }) => status === 201)).toBe(true);
      for (const id of threads) {
        await eventually(
          () => statuses(id),
          (now) => now.every((status) => status === "success"),
          15_000,
        );
        const overlaps = await services.db.query(
          `select later.id from runs earlier join runs later on later.thread_id = earlier.thread_id and later.thread_position > earlier.thread_position
           where earlier.thread_id = $1 and later.claimed_at < earlier.finished_at`,
          [id],
        );
        expect(overlaps).toEqual([]);
      }
    });

    it("answers 409 to all but one of many sent to both instances under the rule reject (LG-1)", async () => {
      const { id } = (await post(1, "/api/v1/threads", {})).body;
      // Longer than it takes until all have come, on any machine.
      const body = { input: { steps: 1, step_ms: 60_000 }, multitask: "reject" };
      const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => post(n % 2, `/api/v1/threads/${id}/runs`, body)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(11).fill(409)]);
      const accepted = answers.find(({ status }) => status === 201)?.body.id;
      expect((await post(0, `/api/v1/runs/${accepted}/cancel`, {})).status).toBe(200);
    });

    it("interrupts what works, from either instance, and the last one accepted succeeds (LG-2)", async () => {
      const { id } = (await post(0, "/api/v1/threads", {})).body;
      await post(0, `/api/v1/threads/${id}/runs`, { input: { steps: 1, step_ms: 30_000 } });
      await eventually(
        () => statuses(id),
        (now) => now[0] === "running",
      );
      const rule = { input, multitask: "interrupt" };
      await Promise.all(Array.from({ length: 10 }, (_, n) => post(n % 2, `/api/v1/threads/${id}/runs`, rule)));
      const now = await eventually(
        () => statuses(id),
        (all) => all.at(-1) === "success",
      );
      expect(now[0]).toBe("cancelled");
      expect(now).toHaveLength(11);
      expect(now.every((status) => status === "cancelled" || status === "success")).toBe(true);
    });

    it("answers 404, 400 and 422 to what is the client's mistake", async () => {
      const nobody = `/api/v1/threads/${randomUUID()}/runs`;
      expect((await post(0, nobody, { input })).status).toBe(404);
      expect((await post(0, nobody, { input, multitask: "rollback" })).status).toBe(400);
      expect((await post(0, "/api/v1/threads/x/runs", { input })).status).toBe(400);
      const named = randomUUID();
      expect((await post(0, "/api/v1/threads", { id: named })).status).toBe(201);
      expect((await post(1, "/api/v1/threads", { id: named.toUpperCase() })).status).toBe(200);
    });
  });
});
