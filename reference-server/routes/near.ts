/** Reads from a replica, and what a client has to know for them (HA-16). */
import { Type } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Counter } from "prom-client";
import { readAgentNear } from "../agents/agent.ts";
import { Problem } from "../problem.ts";
import type { Server, ServerContext } from "../server.ts";
import { nowhere } from "../store/replica.ts";
import { etag } from "./change.ts";
import { agentView, agentParams as params, position, problems } from "./schemas.ts";

/** Where an answer says how far its client has got with it. */
const header = "X-Position";

/**
 * A client that sends X-Position, `0-0/0` at first and then what it was last answered, reads from replicas what it has written and never less than it has seen; one that
 * does not may read what is as old as the replica is behind.
 */
export function nearRoutes(app: Server, { replica, metrics }: ServerContext): void {
  const reads = new Counter({
    name: "replica_reads_total",
    help: "Reads that a replica may answer, by who did.",
    labelNames: ["from"],
    registers: [metrics.registry],
  });
  app.get(
    "/api/v1/agents/:id/near",
    { schema: { params, headers: Type.Object({ "x-position": position }), response: { 200: agentView, ...problems(404) } } },
    async (request, reply) => {
      const read = await readAgentNear(replica, request.params.id, request.headers["x-position"] ?? nowhere);
      reads.inc({ from: read.from });
      reply.header(header, read.position).header("X-Read-From", read.from).header("Cache-Control", "no-store");
      const [agent] = read.rows;
      if (!agent) throw new Problem(404, "There is no agent with this id.");
      return reply.header("ETag", etag(agent.version)).send(agent);
    },
  );
}

/** Tells whoever asks for it where he has got to, after what was done for him. For the `onSend` of routes that write, or read from the primary. */
export function tellPosition({ replica }: Pick<ServerContext, "replica">) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.headers["x-position"] !== undefined && reply.statusCode < 300) reply.header(header, await replica.position());
  };
}
