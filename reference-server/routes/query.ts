/** A question answered in one request: a run of one step, created and awaited. */
import { Type } from "@fastify/type-provider-typebox";
import { monotonicMs } from "../clock.ts";
import { Problem } from "../problem.ts";
import { createRun } from "../runs/create.ts";
import { readyChannel } from "../runs/run.ts";
import { waitForRun } from "../runs/wait.ts";
import type { Server, ServerContext } from "../server.ts";
import { announce } from "../store/redis.ts";
import { writeTraceparent } from "../tracing/trace-context.ts";
import { storableText } from "./schemas.ts";

/** Simulated time of the model. */
const answerMs = 100;
const timeoutMs = 30_000;

const body = Type.Object({ query: storableText(1, 10_000), agent_type: storableText(1, 100) }, { additionalProperties: false });

export function queryRoutes(app: Server, context: ServerContext): void {
  const { db, redis } = context;
  app.post("/api/v1/query", { schema: { body } }, async (request) => {
    const startedMs = monotonicMs();
    const { query, agent_type } = request.body;
    const input = { steps: 1, step_ms: answerMs, query, agent_type };
    const { run } = await createRun(db, { key: undefined, agentId: undefined, input, traceparent: writeTraceparent(request.span.context) });
    announce(redis, readyChannel, run.id);
    const ended = await waitForRun(context, run.id, timeoutMs);
    if (ended?.status !== "success") {
      throw new Problem(503, `The answer is not there yet: run ${run.id} is ${ended?.status ?? "gone"}. Ask for the run.`, 1);
    }
    return { answer: ended.result?.answer ?? "", agent_type, run_id: run.id, duration_ms: Math.round(monotonicMs() - startedMs) };
  });
}
