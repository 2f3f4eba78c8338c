/** What every route needs. */
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from "fastify";
import type { Agents } from "./agents/open-agents.ts";
import type { Config } from "./config.ts";
import type { Metrics } from "./metrics.ts";
import type { Consumption } from "./runs/consumption.ts";
import type { Database } from "./store/postgres.ts";
import type { RedisLink } from "./store/redis.ts";
import type { Replica } from "./store/replica.ts";
import type { Watch } from "./store/watch.ts";
import type { Span, Tracing } from "./tracing/tracing.ts";

export interface Lifecycle {
  /** Starting until the schema and the settings are known to be right; passive while another instance is the active one. */
  state: "starting" | "passive" | "serving";
  /** Fires when the instance is told to stop: it takes nothing new, and what only waits ends now. */
  readonly draining: AbortSignal;
  /** A worker that is being replaced: it lets in nobody, serves to the end whoever it has, and keeps no connection after an answer. */
  retiring: boolean;
  /** Fires when the time for what was in progress is over. */
  readonly stopping: AbortSignal;
}

/** Whether a connection should end with its answer. */
export function isLeaving({ draining, retiring }: Lifecycle): boolean {
  return draining.aborted || retiring;
}

/** Whether the route is answered whatever state the instance is in and however busy it is. */
export function isAboutTheInstance(route: string): boolean {
  return /^\/(metrics$|api\/v1\/(health$|monitoring\/|openapi\.json$))/.test(route);
}

export interface ServerContext {
  readonly config: Config;
  readonly db: Database;
  readonly replica: Replica;
  readonly redis: RedisLink;
  readonly watch: Watch;
  readonly agents: Agents;
  readonly metrics: Metrics;
  readonly consumption: Consumption;
  readonly lifecycle: Lifecycle;
  readonly tracing: Tracing;
}

declare module "fastify" {
  interface FastifyRequest {
    /** The request's own span: what it causes on other instances is its child. */
    span: Span;
  }
}

export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
