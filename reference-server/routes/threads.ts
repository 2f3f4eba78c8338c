/** Threads, and runs in them: the same on every instance. */
import { randomUUID } from "node:crypto";
import { Type } from "@fastify/type-provider-typebox";
import { Problem } from "../problem.ts";
import { createThread, createThreadRun, readThread } from "../runs/threads.ts";
import type { Server, ServerContext } from "../server.ts";
import { writeTraceparent } from "../tracing/trace-context.ts";
import { assertAllowed } from "../webhooks/webhook.ts";
import { accepted, agentId, closed, createHeaders, problems, runInput, runStatus, uuid, webhookUrl } from "./schemas.ts";

const params = Type.Object({ id: uuid });
const threadBody = Type.Object({ id: Type.Optional(uuid) }, closed);
const rule = Type.Union([Type.Literal("reject"), Type.Literal("enqueue"), Type.Literal("interrupt")]);
const runBody = Type.Object(
  { agent_id: Type.Optional(agentId), input: runInput, multitask: Type.Optional(rule), webhook: Type.Optional(webhookUrl) },
  closed,
);

const made = Type.Object({ id: Type.String() }, closed);
const seen = Type.Object(
  {
    id: Type.String(),
    status: Type.Union([Type.Literal("idle"), Type.Literal("busy")]),
    runs: Type.Array(Type.Object({ id: Type.String(), status: runStatus, position: Type.Integer() }, closed)),
  },
  closed,
);

/** A run in a busy thread is refused (409), put in line or takes its place, as its rule says (LG-1, LG-5). */
export function threadRoutes(app: Server, { config, db, redis }: ServerContext): void {
  // A client that names the thread may send the request again.
  app.post("/api/v1/threads", { schema: { body: threadBody, response: { 201: made, 200: made } } }, async (request, reply) => {
    const id = (request.body.id ?? randomUUID()).toLowerCase();
    return reply.code((await createThread(db, id)) ? 201 : 200).send({ id });
  });

  app.get("/api/v1/threads/:id", { schema: { params, response: { 200: seen, ...problems(404) } } }, async (request) => {
    const thread = await readThread(db, request.params.id);
    if (!thread) throw new Problem(404, "There is no thread with this id.");
    return { ...thread, runs: [...thread.runs] };
  });

  app.post(
    "/api/v1/threads/:id/runs",
    { schema: { params, body: runBody, headers: createHeaders, response: { 201: accepted, 200: accepted, ...problems(404, 409, 422, 429) } } },
    async (request, reply) => {
      const { agent_id, input, webhook, multitask = "enqueue" } = request.body;
      assertAllowed(webhook, config.webhookHosts);
      const create = {
        key: request.headers["idempotency-key"],
        agentId: agent_id,
        input,
        webhook,
        traceparent: writeTraceparent(request.span.context),
      };
      const { outcome, id, status, attempt } = await createThreadRun(db, redis, request.params.id.toLowerCase(), multitask, create);
      switch (outcome) {
        case "no thread":
          throw new Problem(404, "There is no thread with this id.");
        case "conflict":
          throw new Problem(422, "This Idempotency-Key was used with another body. Send a new key with a new request.");
        case "busy":
          throw new Problem(409, "The thread has an unfinished run, and the rule of this request is reject.");
        case "full":
          throw new Problem(429, "Too many runs wait in this thread already. Send the request again when some have ended.", 1);
      }
      return reply.code(outcome === "created" ? 201 : 200).send({ id, status, attempt });
    },
  );
}
