/** A question answered in one request, as JSON or token by token: a run of one step, created and awaited. */
import { Type } from "@fastify/type-provider-typebox";
import { monotonicMs } from "../clock.ts";
import { Problem } from "../problem.ts";
import { createRun } from "../runs/create.ts";
import { readyChannel } from "../runs/run.ts";
import { waitForRun } from "../runs/wait.ts";
import type { Server, ServerContext } from "../server.ts";
import { announce } from "../store/redis.ts";
import { writeTraceparent } from "../tracing/trace-context.ts";
import { streamEvents } from "./event-stream.ts";
import { createLimiter, patienceOf } from "./limiter.ts";
import { closed, latency, problems, seed, stepMs, storableText, text } from "./schemas.ts";

/** Simulated time of the model where the request does not say. */
const answerMs = 100;
/** For its turn a query waits so long. */
const turnWithinMs = 30_000;
/** From the request's arrival, waiting for its turn included (AB-23). */
export const queryTimeoutMs = 300_000;

const model = Type.Object({ ms: stepMs, latency: Type.Optional(latency), seed: Type.Optional(seed) }, closed);
const body = Type.Object({ query: storableText(1, 10_000), agent_type: storableText(1, 100), model: Type.Optional(model) }, closed);

const answer = Type.Object({ answer: Type.String(), agent_type: Type.String(), run_id: Type.String(), duration_ms: Type.Integer() }, closed);
const answered = text("text/event-stream", "The answer; with Accept: text/event-stream token by token, as the events of a run.");
const answers = { ...answered, content: { ...answered.content, "application/json": { schema: answer } } };

/** As many queries at a time as configured, some more wait, the rest are told 503 with Retry-After (AB-5, AB-21). */
export function queryRoutes(app: Server, context: ServerContext): void {
  const { config, db, redis, watch, metrics, lifecycle } = context;
  const limiter = createLimiter(config.queriesAtOnce, config.queriesWaiting, "queries");
  metrics.observeQueries(limiter.gauges);

  app.post("/api/v1/query", { schema: { body, response: { 200: answers, ...problems(502) } } }, async (request, reply) => {
    const startedMs = monotonicMs();
    using _turn = await limiter.enter(patienceOf(reply, turnWithinMs, lifecycle.stopping));

    const { query, agent_type, model: { ms = answerMs, ...drawn } = {} } = request.body;
    const streams = request.headers.accept?.includes("text/event-stream") ?? false;
    const input = { steps: 1, step_ms: ms, ...drawn, ...(streams ? { tokens: 1 } : {}), query, agent_type };
    const { run } = await createRun(db, { key: undefined, agentId: undefined, input, traceparent: writeTraceparent(request.span.context) });
    announce(redis, readyChannel, run.id);
    // Unlike whoever waits for a run, this client has nothing yet that it could ask another instance for: it is served to the end of the drain.
    if (streams) {
      await streamEvents(context, request, reply, { runId: run.id, after: 0, until: lifecycle.stopping });
      return reply;
    }
    const ended = await waitForRun({ db, watch, until: lifecycle.stopping }, run.id, queryTimeoutMs - (monotonicMs() - startedMs));
    if (ended?.status === "error" || ended?.status === "cancelled")
      throw new Problem(502, `There is no answer: run ${run.id} ended ${ended.status}.`);
    if (ended?.status !== "success") {
      throw new Problem(503, `The answer is not there yet: run ${run.id} is ${ended?.status ?? "gone"}. Ask for the run.`, 1);
    }
    return { answer: ended.result?.answer ?? "", agent_type, run_id: run.id, duration_ms: Math.round(monotonicMs() - startedMs) };
  });
}
