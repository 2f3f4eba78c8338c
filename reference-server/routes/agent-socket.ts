/**
 * An agent's events over a WebSocket, and messages to the agent. Any instance serves any client of any agent: what is sent comes from
 * Postgres, and Redis only says when to look.
 */

import { Type } from "@fastify/type-provider-typebox";
import websocket from "@fastify/websocket";
import { Gauge } from "prom-client";
import type { WebSocket } from "ws";
import { latest } from "../agents/feed.ts";
import { settledWithin } from "../clock.ts";
import { Problem, toProblem } from "../problem.ts";
import type { Server, ServerContext } from "../server.ts";
import { clientLimit, watchClients } from "../sockets/clients.ts";
import { follow, send } from "../sockets/follow.ts";
import { takeTurn, turnBody } from "./change.ts";
import { closed, nothing, agentParams as params, problems, wholeNumber } from "./schemas.ts";

const messageLimit = 64 * 1024;
/** How long a client may take to agree that the connection ends (ms). */
const closingMs = 1000;
const serviceRestart = 1012;
const tryAgainLater = 1013;
const notUnderstood = 1007;

const querystring = Type.Object({ after: Type.Optional(wholeNumber) }, closed);
const response = { 101: nothing("A WebSocket with the agent's events after `after`, or with those to come."), ...problems(404, 409) };

/** Which requests may become another protocol; on all others an Upgrade header means nothing. */
export function mayUpgrade({ method, url }: { readonly method?: string | undefined; readonly url?: string | undefined }): boolean {
  return method === "GET" && /^\/api\/v1\/agents\/[^/?]+\/ws(\?|$)/.test(url ?? "");
}

async function close(socket: WebSocket, code: number, reason: string): Promise<void> {
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.close(code, reason);
  if (!(await settledWithin(closed, closingMs))) socket.terminate();
}

/** Resumes after any event, pings, and lets go who does not answer (HS-3, HS-8, HS-9). */
export function agentSocketRoutes(app: Server, context: ServerContext): void {
  const { agents, config, lifecycle, metrics } = context;
  const clients = watchClients(config.websocketPingMs);
  app.addHook("onClose", async () => clients[Symbol.dispose]());
  new Gauge({
    name: "websocket_clients",
    help: "WebSocket clients connected to this instance.",
    registers: [metrics.registry],
    collect() {
      this.set(clients.count());
    },
  });
  void app.register(websocket, { options: { maxPayload: messageLimit, perMessageDeflate: false, clientTracking: false } });
  void app.register(async (scope: Server) => {
    scope.websocketServer.on("headers", (headers) => headers.push(`X-Instance-Id: ${config.instanceId}`));

    // Refused here, a client still gets an answer over HTTP.
    scope.addHook<{ Params: { id: string }; Querystring: { after?: string } }>("preHandler", async ({ params: { id }, query: { after } }) => {
      lifecycle.draining.throwIfAborted();
      if (clients.count() >= clientLimit) throw new Problem(503, "This instance has as many WebSocket clients as it takes.", 1);
      const agent = await agents.feed.read(id, latest);
      if (!agent) throw new Problem(404, "There is no agent with this id.");
      if (Number(after ?? 0) > agent.version) throw new Problem(409, `The agent's latest event is ${agent.version}. Read the agent again.`);
    });

    scope.get("/api/v1/agents/:id/ws", { websocket: true, schema: { params, querystring, response } }, async (socket, request) => {
      const { id } = request.params;
      const { after } = request.query;
      const gone = new AbortController();
      socket.on("close", () => gone.abort());
      socket.on("error", (error) => request.log.info({ agent: id, reason: error.message }, "websocket failed"));
      clients.add(socket);
      const over = AbortSignal.any([gone.signal, lifecycle.draining]);
      const isTurn = request.compileValidationSchema(turnBody);

      // One message at a time: a client that sends faster is told so, and nothing of it is kept.
      let turn: Promise<void> | undefined;
      const answer = async (text: string): Promise<void> => {
        const { ref, ...body } = JSON.parse(text) as { ref?: unknown };
        if (!isTurn(body)) throw new Problem(400, "A message must be {message, think_ms} and may have a ref.");
        try {
          const { token, version } = await takeTurn(agents.changes, id, body as never);
          await send(socket, { type: "accepted", ref, token, version });
        } catch (error) {
          const { status, message } = toProblem(error);
          await send(socket, { type: "refused", ref, status, detail: message });
        }
      };
      socket.on("message", (data, isBinary) => {
        if (over.aborted) return;
        if (isBinary || turn) return void close(socket, isBinary ? notUnderstood : tryAgainLater, "one JSON message at a time");
        turn = answer(data.toString())
          .catch(() => close(socket, notUnderstood, "not a message"))
          .finally(() => {
            turn = undefined;
          });
      });

      try {
        await follow(socket, { feed: agents.feed, agentId: id, after: after === undefined ? undefined : Number(after), over });
      } catch (error) {
        request.log.info({ agent: id, reason: error instanceof Error ? error.message : String(error) }, "websocket interrupted");
      }
      // A message that is being worked on is answered first; the end of the drain time ends it.
      await turn;
      await close(socket, lifecycle.draining.aborted ? serviceRestart : tryAgainLater, "resume after the last event");
    });
  });
}
