/** Agents: read from the primary, changed one change at a time over all instances. */
import { Type } from "@fastify/type-provider-typebox";
import { Counter } from "prom-client";
import { createAgent, readAgent } from "../agents/agent.ts";
import { readMessages } from "../agents/events.ts";
import { ToolRefused, useTool } from "../agents/tools.ts";
import { Problem } from "../problem.ts";
import type { Server, ServerContext } from "../server.ts";
import { change, etag, takeTurn, thinkMs, turnBody, versionIn } from "./change.ts";
import { tellPosition } from "./near.ts";
import {
  agentView,
  changed,
  closed,
  ifMatch,
  name,
  agentParams as params,
  position,
  positionHeaders,
  problems,
  properties,
  storableText,
  wholeNumber,
} from "./schemas.ts";

const stateHeaders = Type.Object({ "if-match": ifMatch, "x-position": position });
const messagesQuery = Type.Object({ after: Type.Optional(wholeNumber) }, closed);
const stateBody = Type.Object({ state: properties }, closed);
const toolBody = Type.Union([
  Type.Object({ tool: Type.Literal("append_to_block"), label: name, text: storableText(1, 1000), duration_ms: thinkMs }, closed),
  Type.Object({ tool: Type.Literal("remember"), text: storableText(1, 10_000), duration_ms: thinkMs }, closed),
]);

const made = Type.Object({ id: Type.String() }, closed);
const message = Type.Object({ seq: Type.Integer(), role: Type.String(), text: Type.String() }, closed);
const lock = Type.Union([Type.Literal("free"), Type.Literal("revoked")]);

/** Reads from the primary, or cache-first where the path says so; changes and tools under the agent's lock (HS-6, HS-13, HS-21). */
export function agentRoutes(app: Server, { db, replica, agents: { locks, changes, cache }, metrics }: ServerContext): void {
  const onSend = tellPosition({ replica });
  app.put("/api/v1/agents/:id", { schema: { params, response: { 201: made, 200: made } } }, async (request, reply) => {
    const { id } = request.params;
    return reply.code((await createAgent(db, id)) ? 201 : 200).send({ id });
  });

  // Strong: the primary, uncached.
  app.get(
    "/api/v1/agents/:id",
    { onSend, schema: { params, headers: positionHeaders, response: { 200: agentView, ...problems(404) } } },
    async (request, reply) => {
      const agent = await readAgent(db, request.params.id);
      if (!agent) throw new Problem(404, "There is no agent with this id.");
      return reply.header("ETag", etag(agent.version)).header("Cache-Control", "no-store").send(agent);
    },
  );

  const cacheReads = new Counter({
    name: "agent_cache_reads_total",
    help: "Cache-first reads of agents, by where the agent was found.",
    labelNames: ["source"],
    registers: [metrics.registry],
  });
  // Cache-first: at most CACHE_TTL_MS behind the last acknowledged change.
  app.get("/api/v1/agents/:id/cached", { schema: { params, response: { 200: agentView, ...problems(404) } } }, async (request, reply) => {
    const { agent, source } = await cache.read(request.params.id);
    cacheReads.inc({ source });
    if (!agent) throw new Problem(404, "There is no agent with this id.");
    return reply.header("ETag", etag(agent.version)).header("X-Agent-Cache", source).send(agent);
  });

  app.get(
    "/api/v1/agents/:id/messages",
    { schema: { params, querystring: messagesQuery, response: { 200: Type.Object({ messages: Type.Array(message) }, closed), ...problems(404) } } },
    async (request) => {
      const messages = await readMessages(db, request.params.id, Number(request.query.after ?? 0));
      if (!messages) throw new Problem(404, "There is no agent with this id.");
      return { messages };
    },
  );

  app.post(
    "/api/v1/agents/:id/turns",
    { onSend, schema: { params, headers: positionHeaders, body: turnBody, response: { 200: changed, ...problems(409) } } },
    async (request) => {
      const { id } = request.params;
      return { agent: id, ...(await takeTurn(changes, id, request.body)) };
    },
  );

  app.put(
    "/api/v1/agents/:id/state",
    { onSend, schema: { params, headers: stateHeaders, body: stateBody, response: { 200: changed, ...problems(409, 412) } } },
    async (request, reply) => {
      const { state } = request.body;
      const expected = versionIn(request.headers["if-match"]);
      const { token, agent } = await change(changes, request.params.id, ({ version }) => {
        if (expected !== undefined && version !== expected) throw new Problem(412, `The agent is at version ${version}. Read it again.`);
        return { kind: "state", data: {}, state };
      });
      return reply.header("ETag", etag(agent.version)).send({ agent: agent.id, token, version: agent.version });
    },
  );

  app.post(
    "/api/v1/agents/:id/tools",
    { onSend, schema: { params, headers: positionHeaders, body: toolBody, response: { 200: changed, ...problems(409, 422) } } },
    async (request) => {
      try {
        const { token, agent } = await change(changes, request.params.id, useTool(request.body));
        return { agent: agent.id, token, version: agent.version };
      } catch (error) {
        throw error instanceof ToolRefused ? new Problem(422, error.message) : error;
      }
    },
  );

  app.post("/api/v1/agents/:id/lock/clear", { schema: { params, response: { 200: Type.Object({ lock }, closed) } } }, async (request) => ({
    lock: await locks.clear(request.params.id),
  }));
}
