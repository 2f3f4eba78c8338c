/** How the instance is doing: for operators, balancers and supervisors. Served by both roles. */
import { Type } from "@fastify/type-provider-typebox";
import { settledWithin } from "../clock.ts";
import { sharedSettings } from "../config/fingerprint.ts";
import { checkComponents, checkPostgres } from "../health.ts";
import type { Server, ServerContext } from "../server.ts";
import { closed, problem, text } from "./schemas.ts";

const state = Type.Object({ status: Type.Union([Type.Literal("up"), Type.Literal("down")]), latency_ms: Type.Integer() }, closed);
const health = Type.Object(
  {
    status: Type.Union([Type.Literal("up"), Type.Literal("down")]),
    components: Type.Record(Type.String(), state),
    configuration: Type.Object({ fingerprint: Type.String(), generation: Type.Integer() }, closed),
    vector_search: Type.String(),
  },
  closed,
);
const readiness = Type.Object({ ready: Type.Boolean(), reason: Type.String() }, closed);
const liveness = Type.Object({ live: Type.Literal(true) }, closed);

/** What the archive is searched by is found out once; a page waits for it no longer than this (ms). */
const searchMs = 250;

/** Health by component, readiness, liveness and metrics; none of them waits for longer than a second or two (HA-12, AB-8, AB-17). */
export function operationRoutes(app: Server, context: ServerContext): void {
  const { agents, config, metrics, lifecycle } = context;
  const configuration = { fingerprint: sharedSettings(config).fingerprint, generation: config.configGeneration };

  app.get("/api/v1/health", { schema: { response: { 200: health, 503: health } } }, async (_request, reply) => {
    const components = await checkComponents(context);
    const mayAsk = components.postgres?.status === "up" && lifecycle.state === "serving";
    const found = mayAsk ? agents.vectorSearch().catch(() => "unknown") : Promise.resolve("unknown");
    // Postgres may have gone since it was last heard of.
    const vector_search = (await settledWithin(found, searchMs)) ? await found : "unknown";
    const up = Object.values(components).every(({ status }) => status === "up");
    return reply.code(up ? 200 : 503).send({ status: up ? "up" : "down", components, configuration, vector_search });
  });

  // Ready to take work: Redis is not asked, because everything is served without it.
  app.get("/api/v1/monitoring/ready", { schema: { response: { 200: readiness, 503: readiness } } }, async (_request, reply) => {
    const reason = lifecycle.draining.aborted
      ? "draining"
      : lifecycle.state !== "serving"
        ? lifecycle.state
        : (await checkPostgres(context)).status === "down"
          ? "no database"
          : "";
    return reply.code(reason ? 503 : 200).send({ ready: reason === "", reason });
  });

  // Alive says only that this process answers: restarting it would not bring a dependency back.
  app.get("/api/v1/monitoring/live", { schema: { response: { 200: liveness } } }, async () => ({ live: true as const }));

  const metricsText = text("text/plain", "Metrics in the text format of Prometheus.");
  app.get("/metrics", { schema: { response: { 200: metricsText, 503: problem } } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.scrape()),
  );
}
