/** The reference scaled server: how an instance starts, what it promises, what the harness may observe of it. */
import type { InstanceEdges, InstanceSpec, Target } from "../../../harness/core/target.ts";
import { readArrival } from "./arrivals.ts";
import { adminKey } from "./keys.ts";

const heartbeatTimeoutMs = 5000;
const sweepTickMs = 500;
const lockLeaseMs = 3000;
/** Whoever cannot renew it ends, as it should; a machine that is busy with something else may stand still for some seconds. */
const leaderLeaseMs = 8000;
const outageBudgetMs = 5000;
const cacheTtlMs = 2000;
const runsPerInstance = 10;
const connectionsPerInstance = 10;

function redisUrl({ host, port, password, group }: InstanceEdges["redis"]): string {
  if (!group) return `redis://:${password}@${host}:${port}`;
  return `redis+sentinel://:${password}@${group.name}/0?${group.sentinels.map((sentinel) => `sentinel=${sentinel}`).join("&")}`;
}

function databaseUrl(
  { host, port }: { readonly host: string; readonly port: number },
  { user, password, database }: InstanceEdges["postgres"],
): string {
  return `postgres://${user}:${password}@${host}:${port}/${database}`;
}

function spec(edges: InstanceEdges): InstanceSpec {
  const { postgres, replica, redis, passive } = edges;
  return {
    entry: "main.ts",
    env: {
      NODE_ENV: "production",
      INSTANCE_ID: edges.instance,
      ROLE: edges.role,
      HOST: edges.host ?? "127.0.0.1",
      PORT: String(edges.port),
      DATABASE_URL: databaseUrl(postgres, postgres),
      ...(replica && edges.role === "api" ? { REPLICA_URL: databaseUrl(replica, postgres) } : {}),
      REDIS_URL: redisUrl(redis),
      EFFECTS_ADDRESS: edges.ledger,
      ADMIN_API_KEY: adminKey,
      RUNS_PER_INSTANCE: String(runsPerInstance),
      POOL_SIZE: String(connectionsPerInstance),
      HEARTBEAT_INTERVAL_MS: "1000",
      HEARTBEAT_TIMEOUT_MS: String(heartbeatTimeoutMs),
      SWEEP_TICK_MS: String(sweepTickMs),
      LOCK_LEASE_MS: String(lockLeaseMs),
      OUTAGE_BUDGET_MS: String(outageBudgetMs),
      CACHE_TTL_MS: String(cacheTtlMs),
      ...(passive && { MODE: "active-passive", MANAGEMENT_PORT: String(passive.port), LEADER_LEASE_MS: String(leaderLeaseMs) }),
      ...(passive?.notices === undefined ? {} : { FAILOVER_WEBHOOK_URL: passive.notices }),
    },
  };
}

/**
 * The audit trail: triggers that note every change of a run's state and every accepted write of a fenced resource, with the instance whose
 * session made it (its application_name) and the time before commit. A row's own lock orders its entries. A statement that sets a state
 * is noted even if it sets the state that was there: a second completion is one all the same. Of steps, which are many, those alone that another instance writes than the row's handler.
 */
const install = `
create schema runproof_audit;
create table runproof_audit.transitions (
  seq bigint generated always as identity primary key, at timestamptz not null default clock_timestamp(),
  subject text not null, old_status text, new_status text not null, attempt int not null, handler text not null, by text not null);
create table runproof_audit.writes (
  seq bigint generated always as identity primary key, at timestamptz not null default clock_timestamp(),
  subject text not null, token bigint not null, version bigint not null, by text not null);
create function runproof_audit.note_run() returns trigger language plpgsql security definer as $$
begin
  insert into runproof_audit.transitions (subject, old_status, new_status, attempt, handler, by)
  values (new.id::text, case when tg_op = 'UPDATE' then old.status end, new.status, new.attempt, coalesce(new.handler, ''), current_setting('application_name'));
  return null;
end $$;
create function runproof_audit.note_agent() returns trigger language plpgsql security definer as $$
begin
  insert into runproof_audit.writes (subject, token, version, by) values (new.id, new.fence, new.version, current_setting('application_name'));
  return null;
end $$;
create trigger runproof_run_created after insert on runs for each row execute function runproof_audit.note_run();
create trigger runproof_run_changed after update of status, attempt on runs for each row execute function runproof_audit.note_run();
create trigger runproof_run_stepped after update of step on runs for each row
  when (new.status = 'running' and old.status = 'running' and new.handler <> current_setting('application_name')) execute function runproof_audit.note_run();
create trigger runproof_agent_created after insert on agents for each row when (new.version > 0) execute function runproof_audit.note_agent();
create trigger runproof_agent_changed after update of version on agents for each row execute function runproof_audit.note_agent();
`;

export default {
  id: "reference",
  title: "runproof's reference scaled server",
  constants: {
    heartbeatTimeoutMs,
    // A dead handler is noticed by the second tick after its heartbeat ran out at the latest.
    sweepIntervalMs: 2 * sweepTickMs,
    runsPerInstance,
    connectionsPerInstance,
    outageBudgetMs,
    lockLeaseMs,
    cacheTtlMs,
    // A handler looks for cancellations twice a second, whatever messages were lost.
    cancelMs: 1500,
    // A look at the queue each 500 ms; an instance without Redis leaves a run to the others for 600 ms more.
    pickUpMs: 2000,
    // 3 s of drain, and giving back.
    shutdownMs: 5000,
    // The lease runs out; whoever waits looks each quarter of a lease, give or take a quarter of that; each session of the one before may take 2 s to end.
    takeoverMs: leaderLeaseMs + (leaderLeaseMs / 4) * 1.25 + 2000,
  },
  // It is built to make every claim of the four documents true.
  disclaims: {},
  tree: "reference-server",
  containers: { directory: ".", tree: "/app/reference-server" },
  topology: { api: 2, queue: 3 },
  frontRole: "api",
  spec,
  readyPath: "/api/v1/monitoring/ready",
  livePath: "/api/v1/monitoring/live",
  passive: {
    standsBy: (answer) => /"reason":"passive"/.test(answer),
    // That it refuses connections while it waits counts for nothing: it is tried again with the next request.
    balancer: { maxFails: 0, oneServes: true },
    notice(body) {
      const { event, token, from, to } = JSON.parse(body) as {
        readonly event?: string;
        readonly token: number;
        readonly from: string;
        readonly to: string;
      };
      return event === "failover" ? { failover: String(token), from, to } : undefined;
    },
  },
  metrics: {
    path: "/metrics",
    gauges: {
      lagMs: { series: "nodejs_eventloop_lag_max_seconds", times: 1000 },
      poolCheckedOut: { series: 'pg_pool_connections{state="checked_out"}', times: 1 },
      poolIdle: { series: 'pg_pool_connections{state="idle"}', times: 1 },
      poolOverflow: { series: 'pg_pool_connections{state="overflow"}', times: 1 },
      poolWaiting: { series: 'pg_pool_connections{state="waiting"}', times: 1 },
      poolAlertAt: { series: "pg_pool_alert_threshold", times: 1 },
      startedAtMs: { series: "process_start_time_seconds", times: 1000 },
      runsInProgress: { series: "runs_in_progress", times: 1 },
      agentsFromInstance: { series: 'agent_cache_reads_total{source="local"}', times: 1 },
      agentsFromRedis: { series: 'agent_cache_reads_total{source="redis"}', times: 1 },
      agentsFromDatabase: { series: 'agent_cache_reads_total{source="database"}', times: 1 },
      websocketClients: { series: "websocket_clients", times: 1 },
      // The sampler asks for it all the time.
      liveAnswered: { series: 'http_requests_total{method="GET",route="/api/v1/monitoring/live",status="200"}', times: 1 },
      messageLagMs: { series: "pubsub_lag_seconds", times: 1000 },
    },
  },
  balancer: { template: "deploy/nginx.conf.template", renderer: "deploy/nginx.ts", log: { file: "access.log", read: readArrival } },
  cluster: { node: "deploy/patroni.yaml.template", entry: "deploy/haproxy.cfg.template", renderer: "deploy/cluster.ts" },
  standby: { primary: "deploy/postgres-primary.conf.template", follower: "deploy/postgres-standby.conf.template", renderer: "deploy/standby.ts" },
  regions: "deploy/regions.ts",
  streams: {
    request: (run, lastEventId) => ({
      path: `/api/v1/runs/${run}/stream`,
      headers: { Accept: "text/event-stream", ...(lastEventId > 0 ? { "Last-Event-ID": String(lastEventId) } : {}) },
    }),
    instanceHeader: "X-Instance-Id",
    read({ event, data }) {
      const { attempt, step, from } = JSON.parse(data) as { readonly attempt?: number; readonly step?: number; readonly from?: number };
      return { kind: event ?? "message", attempt: Number(attempt), of: [step, from].filter((part) => part !== undefined).join(" ") };
    },
    stored: `select run_id as subject, seq as id, kind, attempt, concat_ws(' ', data->>'step', data->>'from') as of
      from run_events where run_id = any($1::uuid[]) order by run_id, seq`,
  },
  sockets: {
    path: (agent, after) => `/api/v1/agents/${agent}/ws${after === undefined ? "" : `?after=${after}`}`,
    instanceHeader: "X-Instance-Id",
    read(text) {
      const { type, seq, data } = JSON.parse(text) as { readonly type: string; readonly seq: number; readonly data?: { readonly text?: string } };
      if (type === "ready") return { kind: "ready", id: seq };
      return type === "event" ? { kind: "message", id: seq, message: String(data?.text) } : undefined;
    },
    stored: "select agent_id as subject, seq as id, kind, 0 as attempt from agent_events where agent_id = any($1) order by agent_id, seq",
  },
  observe: {
    install,
    transitions: `select seq, extract(epoch from at) * 1000 as at_ms, subject, old_status, new_status, attempt, handler, by from runproof_audit.transitions order by seq`,
    writes: `select seq, extract(epoch from at) * 1000 as at_ms, subject, token, version, by from runproof_audit.writes order by seq`,
    backlog: `select count(*)::int as open,
      coalesce(extract(epoch from clock_timestamp() - min(available_at) filter (where status = 'pending' and available_at <= clock_timestamp())) * 1000, 0)::float8 as oldest_ms
      from runs where status in ('pending', 'running')`,
    sessions: "application_name ~ '^(api|queue)-[0-9]+$'",
  },
} satisfies Target;
