/** Builds the HTTP server of either role; listening is main's business. */

import { randomUUID } from "node:crypto";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { LogController } from "fastify";
import type { Logger } from "pino";
import { Problem, Stopping, sendProblem } from "./problem.ts";
import { agentRoutes } from "./routes/agents.ts";
import { operationRoutes } from "./routes/operations.ts";
import { queryRoutes } from "./routes/query.ts";
import { runRoutes } from "./routes/runs.ts";
import { streamRoutes } from "./routes/stream.ts";
import type { Server, ServerContext } from "./server.ts";

export function buildApp(context: ServerContext, log: Logger): Server {
  const { config, lifecycle, metrics } = context;
  const app: Server = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: 128 * 1024,
    // Longer than a balancer keeps an idle connection: it must be the one that closes.
    keepAliveTimeout: 75_000,
    return503OnClosing: false,
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    frameworkErrors: (error, request, reply) => {
      reply.header("X-Instance-Id", config.instanceId);
      return sendProblem(request, reply, error);
    },
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as Server;

  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, lifecycle.stopping.aborted ? new Stopping() : error));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new Problem(404, `There is no ${request.method} ${request.url.split("?")[0]}.`)),
  );
  app.addHook("onRequest", async (request, reply) => {
    reply.header("X-Instance-Id", config.instanceId);
    if (!lifecycle.migrated && /^\/api\/v1\/(runs|agents|query)/.test(request.url)) throw new Problem(503, "The instance is starting.", 1);
  });
  app.addHook("onSend", async (_request, reply) => {
    // A kept-alive connection is served to its end, which is this answer.
    if (lifecycle.draining.aborted) reply.header("Connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? "none", status: String(reply.statusCode) };
    metrics.requests.inc(labels);
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000);
  });

  operationRoutes(app, context);
  if (config.role === "api") {
    runRoutes(app, context);
    streamRoutes(app, context);
    agentRoutes(app, context);
    queryRoutes(app, context);
  }
  return app;
}
