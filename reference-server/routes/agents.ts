/** Turns of an agent, one at a time over all instances. */
import { Type } from "@fastify/type-provider-typebox";
import { readAgent } from "../agents/agent.ts";
import { takeTurn } from "../agents/turn.ts";
import { Problem } from "../problem.ts";
import type { Server, ServerContext } from "../server.ts";
import { agentId, storableText } from "./schemas.ts";

const params = Type.Object({ id: agentId });
const turnBody = Type.Object(
  { message: storableText(0, 10_000), think_ms: Type.Integer({ minimum: 0, maximum: 60_000 }) },
  { additionalProperties: false },
);

export function agentRoutes(app: Server, { db, config, lifecycle }: ServerContext): void {
  const turns = { db, effects: config.effects, lockLeaseMs: config.lockLeaseMs, lockWaitMs: config.lockWaitMs, stop: lifecycle.stopping };

  app.post("/api/v1/agents/:id/turns", { schema: { params, body: turnBody } }, async (request) => {
    const { id } = request.params;
    const result = await takeTurn(turns, { agentId: id, message: request.body.message, thinkMs: request.body.think_ms });
    if (result.outcome === "busy") throw new Problem(503, "The agent is busy: its lock could not be had in time. Send the request again later.", 1);
    if (result.outcome === "lost")
      throw new Problem(409, "The lock was lost before the turn was accepted. Nothing was written; send the request again.");
    return { agent: id, token: result.token, version: result.version };
  });

  app.get("/api/v1/agents/:id", { schema: { params } }, async (request) => {
    const agent = await readAgent(db, request.params.id);
    if (!agent) throw new Problem(404, "There is no agent with this id.");
    return agent;
  });
}
