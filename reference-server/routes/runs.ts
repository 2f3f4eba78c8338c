/** Creating, reading, awaiting and cancelling runs: the same on every instance. */
import { Type } from "@fastify/type-provider-typebox";
import { Problem } from "../problem.ts";
import { cancelRun } from "../runs/cancel.ts";
import { createRun } from "../runs/create.ts";
import { type Run, readRun, readyChannel } from "../runs/run.ts";
import { waitForRun } from "../runs/wait.ts";
import type { Server, ServerContext } from "../server.ts";
import { announce } from "../store/redis.ts";
import { writeTraceparent } from "../tracing/trace-context.ts";
import { assertAllowed, readDelivery } from "../webhooks/webhook.ts";
import { accepted, agentId, closed, createHeaders, problems, runIdOf, runInput, runParams, runStatus, webhookUrl } from "./schemas.ts";

const createBody = Type.Object(
  {
    agent_id: Type.Optional(agentId),
    input: runInput,
    webhook: Type.Optional(webhookUrl),
  },
  closed,
);
const waitQuery = Type.Object({ timeout_ms: Type.Optional(Type.String({ pattern: "^([0-9]{1,4}|[12][0-9]{4}|30000)$" })) }, closed);

const seen = Type.Object(
  { id: Type.String(), status: runStatus, attempt: Type.Integer(), result: Type.Unknown(), error: Type.Union([Type.String(), Type.Null()]) },
  closed,
);

const delivery = Type.Object(
  {
    status: Type.Union([Type.Literal("pending"), Type.Literal("delivered"), Type.Literal("failed")]),
    attempts: Type.Integer(),
    last_error: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
);

function found(run: Run | undefined): Run {
  if (!run) throw new Problem(404, "There is no run with this id.");
  return run;
}

function view({ id, status, attempt, result, error }: Run) {
  return { id, status, attempt, result, error };
}

/** One run for each idempotency key; the same key with another body is 422 (FR-9, LG-2). */
export function runRoutes(app: Server, context: ServerContext): void {
  const { config, db, redis, watch, lifecycle } = context;

  app.post(
    "/api/v1/runs",
    { schema: { body: createBody, headers: createHeaders, response: { 201: accepted, 200: accepted, ...problems(422) } } },
    async (request, reply) => {
      const { agent_id, input, webhook } = request.body;
      assertAllowed(webhook, config.webhookHosts);
      const key = request.headers["idempotency-key"];
      const traceparent = writeTraceparent(request.span.context);
      const { outcome, run } = await createRun(db, { key, agentId: agent_id, input, webhook, traceparent });
      if (outcome === "conflict") throw new Problem(422, "This Idempotency-Key was used with another body. Send a new key with a new request.");
      if (outcome === "created") announce(redis, readyChannel, run.id);
      return reply.code(outcome === "created" ? 201 : 200).send(run);
    },
  );

  app.get("/api/v1/runs/:id", { schema: { params: runParams, response: { 200: seen, ...problems(404) } } }, async ({ params }) =>
    view(found(await readRun(db, runIdOf(params)))),
  );

  app.get(
    "/api/v1/runs/:id/wait",
    { schema: { params: runParams, querystring: waitQuery, response: { 200: seen, ...problems(404) } } },
    async (request) =>
      view(found(await waitForRun({ db, watch, until: lifecycle.draining }, runIdOf(request.params), Number(request.query.timeout_ms ?? 30_000)))),
  );

  app.get("/api/v1/runs/:id/webhook", { schema: { params: runParams, response: { 200: delivery, ...problems(404) } } }, async (request) => {
    const found = await readDelivery(db, runIdOf(request.params));
    if (!found) throw new Problem(404, "There is nothing to deliver: no such run, no webhook, or no end yet.");
    return found;
  });

  app.post("/api/v1/runs/:id/cancel", { schema: { params: runParams, response: { 200: seen, ...problems(404, 409) } } }, async (request) => {
    const run = found(await cancelRun(db, redis, runIdOf(request.params)));
    if (run.status !== "cancelled") throw new Problem(409, `The run has ended already: ${run.status}.`);
    return view(run);
  });
}
