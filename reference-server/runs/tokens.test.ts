import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, insertRuns, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { AttemptLost, appendStep, appendTokens, requeueRun } from "./attempt-writes.ts";
import { claimRuns } from "./claim.ts";
import { type RunEvent, readEvents } from "./events.ts";
import { tokensOf } from "./model.ts";
import { readRun } from "./run.ts";

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("tokens (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let queue: Instance | undefined;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(async () => {
    await queue?.stop();
    await services?.[Symbol.asyncDispose]();
  });
  const eventsOf = async (id: string): Promise<RunEvent[]> => (await readEvents(services.db, id, 0))?.events ?? [];
  const claimOne = async () => {
    const [run] = (await claimRuns(services.db, "queue-1", 1)).runs;
    if (!run) throw new Error("Expected a run to claim and found none.");
    return run;
  };

  it("stores a batch once however often it is sent, numbered after everything before it over all attempts (LG-3)", async () => {
    const { db } = services;
    await insertRuns(db, 1);
    const old = await claimOne();
    const batch = { step: 1, from: 0, text: "a b" };
    await Promise.all([1, 2, 3].map(() => appendTokens(db, old, old.last_seq + 1, batch)));
    await appendTokens(db, old, old.last_seq + 2, { ...batch, from: 2 });
    await appendStep(db, old, 1);
    await requeueRun(db, old, { reason: "test", failed: false, delayMs: 0 });
    await expect(appendTokens(db, old, old.last_seq + 5, batch)).rejects.toThrow(AttemptLost);
    const next = await claimOne();
    await expect(appendTokens(db, old, old.last_seq + 6, batch)).rejects.toThrow(AttemptLost);
    await appendTokens(db, next, next.last_seq + 1, batch);
    expect((await eventsOf(old.id)).map(({ seq, attempt, kind }) => `${seq} ${attempt} ${kind}`)).toEqual([
      "1 1 attempt",
      "2 1 tokens",
      "3 1 tokens",
      "4 1 step",
      "5 1 requeue",
      "6 2 attempt",
      "7 2 tokens",
    ]);
  });

  it("streams all tokens of each step in order, in a few events (LG-3)", async () => {
    queue = await startInstance(testConfig(services, "queue"), quiet, fail);
    const input = { steps: 2, step_ms: 300, tokens: 40, seed: 7 };
    const [id = ""] = await insertRuns(services.db, 1, input);
    await eventually(
      () => readRun(services.db, id),
      (run) => run?.status === "success",
    );
    const events = await eventsOf(id);
    expect(events.map(({ seq, kind }) => `${seq} ${kind}`)).toEqual(
      ["attempt", "tokens", "tokens", "tokens", "step", "tokens", "tokens", "tokens", "step", "end"].map((kind, i) => `${i + 1} ${kind}`),
    );
    const said = (step: number): string =>
      events.flatMap(({ kind, data }) => (kind === "tokens" && "step" in data && data.step === step && "text" in data ? [data.text] : [])).join("");
    expect(said(1)).toBe(tokensOf(input, "7", 1).join(""));
    expect(said(2)).toBe(tokensOf(input, "7", 2).join(""));
  });
});
