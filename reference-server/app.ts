/** Builds the HTTP server of either role; listening is main's business. */

import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { LogController, type RouteOptions } from "fastify";
import type { Logger } from "pino";
import { refuseUnreadable } from "./client-error.ts";
import { documentView, openApiDocument } from "./openapi/document.ts";
import { documentedOnly } from "./openapi/documented-only.ts";
import { hasUniqueKeys } from "./openapi/unique-keys.ts";
import packageJson from "./package.json" with { type: "json" };
import { Problem, Stopping, sendProblem } from "./problem.ts";
import { agentSocketRoutes, mayUpgrade } from "./routes/agent-socket.ts";
import { agentRoutes } from "./routes/agents.ts";
import { documentRoutes } from "./routes/documents.ts";
import { memoryRoutes } from "./routes/memory.ts";
import { nearRoutes } from "./routes/near.ts";
import { operationRoutes } from "./routes/operations.ts";
import { queryRoutes, queryTimeoutMs } from "./routes/query.ts";
import { runRoutes } from "./routes/runs.ts";
import { securityRoutes } from "./routes/security.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { streamRoutes } from "./routes/stream.ts";
import { threadRoutes } from "./routes/threads.ts";
import { isAboutTheInstance, isLeaving, type Server, type ServerContext } from "./server.ts";
import { newTraceId, readTraceparent } from "./tracing/trace-context.ts";

const { version } = packageJson;

/** nginx's $request_id has the form of a trace id; anything else is not taken over. */
function requestId(header: unknown): string | undefined {
  return typeof header === "string" && /^(?!0{32})[0-9a-f]{32}$/.test(header) ? header : undefined;
}

/** `management`: only what the instance says about itself. */
export function buildApp(context: ServerContext, log: Logger, kind: "service" | "management" = "service"): Server {
  const { config, lifecycle, metrics, tracing } = context;
  const app: Server = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "trace_id" }),
    // One id for the request, its problem, its log lines and its runs: the trace's, the balancer's, or a new one.
    genReqId: ({ headers }) => readTraceparent(headers.traceparent)?.traceId ?? requestId(headers["x-request-id"]) ?? newTraceId(),
    bodyLimit: 128 * 1024,
    // A request has come whole by then, or is refused (408).
    requestTimeout: 60_000,
    // Nothing has moved on the connection for longer than any answer takes (AB-23): a client that does not read what it is sent. Node cuts it
    // after one to two of these.
    connectionTimeout: queryTimeoutMs + config.lockWaitMs,
    // Longer than a balancer keeps an idle connection: it must be the one that closes.
    keepAliveTimeout: 75_000,
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
    forceCloseConnections: true,
    http: { shouldUpgradeCallback: mayUpgrade },
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
  const routes: RouteOptions[] = [];
  app.addHook("onRoute", (route) => void routes.push(route));
  app.setSerializerCompiler(documentedOnly());
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text: string, done) =>
    parseJson(request, text, (error, value) => {
      if (error || hasUniqueKeys(text, value)) done(error, value);
      else done(new Problem(400, "A name occurs twice in an object of the body. Send each name once."));
    }),
  );
  let inProgress = 0;
  app.decorateRequest("span");
  app.addHook("onRequest", async (request, reply) => {
    const route = request.routeOptions.url ?? "no route";
    const parent = readTraceparent(request.headers.traceparent);
    request.span = tracing.start({ name: `${request.method} ${route}`, kind: "server", parent, traceId: request.id });
    reply.header("X-Instance-Id", config.instanceId);
    if (request.routeOptions.url === undefined || isAboutTheInstance(request.routeOptions.url)) return;
    if (lifecycle.state !== "serving") throw new Problem(503, `The instance is ${lifecycle.state}.`, 1);
    // A WebSocket is no request in progress: there is a limit of its own for them.
    if (request.headers.upgrade !== undefined && mayUpgrade(request.raw)) return;
    if (inProgress >= config.requestLimit) {
      // A connection leads to one worker, and a balancer asks again first over the one that answered last: who is refused is to be led to another worker.
      if (config.workers > 1) reply.header("Connection", "close");
      throw new Problem(503, "The instance has as many requests in progress as it may. Send this one again later.", 1);
    }
    inProgress += 1;
    reply.raw.once("close", () => {
      inProgress -= 1;
    });
  });
  app.addHook("onSend", async (_request, reply) => {
    // A kept-alive connection is served to its end, which is this answer.
    if (isLeaving(lifecycle)) reply.header("Connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? "none", status: String(reply.statusCode) };
    metrics.requests.inc(labels);
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000);
    request.span?.end(reply.statusCode >= 500, { "http.response.status_code": reply.statusCode });
  });

  operationRoutes(app, context);
  app.get("/api/v1/openapi.json", { schema: { response: { 200: documentView } } }, async () => openApiDocument(routes, version));
  if (config.role === "api" && kind === "service") {
    runRoutes(app, context);
    streamRoutes(app, context);
    threadRoutes(app, context);
    agentRoutes(app, context);
    nearRoutes(app, context);
    memoryRoutes(app, context);
    documentRoutes(app, context);
    sessionRoutes(app, context);
    securityRoutes(app, context);
    agentSocketRoutes(app, context);
    queryRoutes(app, context);
  }
  return app;
}
