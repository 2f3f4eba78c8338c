/** An agent exported and imported as one document. */
import { Type } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { documentLimit, exportAgent, importAgent, inconsistency } from "../agents/document.ts";
import { agentChangedChannel } from "../agents/events.ts";
import { blockLength, blockLimit } from "../agents/memory.ts";
import { Problem } from "../problem.ts";
import type { Server, ServerContext } from "../server.ts";
import { announce } from "../store/redis.ts";
import { createLimiter, patienceOf } from "./limiter.ts";
import { agentId, closed, name, agentParams as params, problems, properties, storableText } from "./schemas.ts";

/** Of a document, either way (bytes); the balancer lets it pass (deploy/nginx.conf.template). */
const bodyLimit = 8 * 1024 * 1024;
/** Each document in progress is held in memory, a few times over. */
const atOnce = 4;
const inLine = 20;
const waitMs = 10_000;
/** A client that takes nothing of its document for one to two of these is dropped: it keeps others from their turns (ms). */
const stalledMs = 30_000;
const number = Type.Integer({ minimum: 0, maximum: documentLimit });
const document = Type.Object(
  {
    format: Type.Literal("agent/1"),
    id: agentId,
    version: number,
    blocks: Type.Record(name, Type.Object({ value: storableText(0, blockLength), version: number }, closed), {
      maxProperties: blockLimit,
      ...closed,
    }),
    state: properties,
    events: Type.Array(
      Type.Object(
        {
          seq: number,
          kind: Type.Enum(["message", "blocks", "state", "archive", "tool"]),
          data: Type.Record(name, Type.Union([storableText(0, 10_000), Type.Array(name, { maxItems: 1000 })]), { maxProperties: 20, ...closed }),
        },
        closed,
      ),
      { maxItems: documentLimit },
    ),
    archive: Type.Array(Type.Object({ seq: number, text: storableText(1, 10_000) }, closed), { maxItems: documentLimit }),
  },
  closed,
);

const made = Type.Object({ id: Type.String(), version: Type.Integer() }, closed);

/** The whole agent in one moment, and as it was elsewhere; larger bodies than anywhere else (HA-9). */
export function documentRoutes(app: Server, { db, redis, lifecycle }: ServerContext): void {
  const limiter = createLimiter(atOnce, inLine, "documents");
  /** Before the body is read: what waits is in the client and on the way. The turn ends with the answer, or with the connection. */
  const onRequest = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const turn = await limiter.enter(patienceOf(reply, waitMs, lifecycle.stopping));
    reply.raw.once("close", () => turn[Symbol.dispose]());
  };

  app.get(
    "/api/v1/agents/:id/document",
    { onRequest, schema: { params, response: { 200: document, ...problems(404, 422) } } },
    async (request, reply) => {
      const exported = await exportAgent(db, request.params.id);
      if (!exported) throw new Problem(404, "There is no agent with this id.");
      const text = exported === "too large" ? undefined : JSON.stringify(exported);
      if (text === undefined || Buffer.byteLength(text) > bodyLimit)
        throw new Problem(422, `The agent does not fit into a document: it may have ${documentLimit} events and ${bodyLimit} bytes.`);
      reply.raw.setTimeout(stalledMs);
      // A text is sent as it is.
      return reply
        .type("application/json")
        .header("Cache-Control", "no-store")
        .send(text as never);
    },
  );

  // Sent again it changes nothing: the same document is answered 200, another one is refused.
  app.put(
    "/api/v1/agents/:id/document",
    { onRequest, bodyLimit, schema: { params, body: document, response: { 201: made, 200: made, ...problems(409, 422) } } },
    async (request, reply) => {
      const { id } = request.params;
      const wrong = inconsistency(request.body);
      if (wrong) throw new Problem(422, `The document contradicts itself: ${wrong}.`);
      const outcome = await importAgent(db, id, request.body);
      if (outcome === "taken") throw new Problem(409, "There is another agent with this id. Import under an id that is free.");
      announce(redis, agentChangedChannel, id);
      return reply.code(outcome === "made" ? 201 : 200).send({ id, version: request.body.version });
    },
  );
}
