/** How the instance is doing: for operators, balancers and supervisors. Served by both roles. */
import { monotonicMs } from "../clock.ts";
import type { Server, ServerContext } from "../server.ts";

/** A component that does not answer within this is reported down (ms). */
const checkMs = 1000;

/** How long an answer of Postgres to anybody stands for its health (ms). */
const answeredMs = 500;

async function check(ask: () => Promise<unknown>): Promise<{ status: "up" | "down"; latency_ms: number }> {
  const startedMs = monotonicMs();
  const up = await ask().then(
    () => true,
    () => false,
  );
  return { status: up ? "up" : "down", latency_ms: Math.round(monotonicMs() - startedMs) };
}

export function operationRoutes(app: Server, { db, redis, agents, metrics, lifecycle }: ServerContext): void {
  // Somebody's statement was answered just now: that is an answer too, and a full pool does not look like a lost database.
  const askPostgres = async (): Promise<unknown> => db.answeredWithin(answeredMs) || db.once("select 1", [], checkMs);

  app.get("/api/v1/health", async (_request, reply) => {
    const [postgres, redisState] = await Promise.all([check(askPostgres), check(() => redis.client.ping())]);
    const vector_search = postgres.status === "up" && lifecycle.state === "serving" ? await agents.vectorSearch().catch(() => "unknown") : "unknown";
    const up = postgres.status === "up" && redisState.status === "up";
    return reply.code(up ? 200 : 503).send({ status: up ? "up" : "down", components: { postgres, redis: redisState }, vector_search });
  });

  // Ready to take work: Redis is not asked, because everything is served without it.
  app.get("/api/v1/monitoring/ready", async (_request, reply) => {
    const reason = lifecycle.draining.aborted
      ? "draining"
      : lifecycle.state !== "serving"
        ? lifecycle.state
        : (await check(askPostgres)).status === "down"
          ? "no database"
          : "";
    return reply.code(reason ? 503 : 200).send({ ready: reason === "", reason });
  });

  // Alive says only that this process answers: restarting it would not bring a dependency back.
  app.get("/api/v1/monitoring/live", async () => ({ live: true }));

  app.get("/metrics", async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));
}
