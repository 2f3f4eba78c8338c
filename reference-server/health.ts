/** The state of everything the instance depends on, each asked by itself and within a second (HA-12). */
import { monotonicMs, settledWithin } from "./clock.ts";
import { type Address, openLink } from "./effects/link.ts";
import type { ServerContext } from "./server.ts";

/** A component that does not answer within this is reported down (ms). */
const checkMs = 1000;
/** How long an answer of Postgres to anybody stands for its health (ms). */
const answeredMs = 500;

export interface ComponentState {
  readonly status: "up" | "down";
  readonly latency_ms: number;
}

type Needs = Pick<ServerContext, "config" | "db" | "redis" | "consumption" | "lifecycle">;

async function check(ask: () => Promise<unknown>): Promise<ComponentState> {
  const startedMs = monotonicMs();
  const asked = ask().then(
    () => true,
    () => false,
  );
  const up = (await settledWithin(asked, checkMs)) && (await asked);
  return { status: up ? "up" : "down", latency_ms: Math.round(monotonicMs() - startedMs) };
}

/** Whether Postgres answers within a second; latency in ms. Never rejects (HA-12). */
export function checkPostgres({ db }: Pick<Needs, "db">): Promise<ComponentState> {
  // Somebody's statement was answered just now: that is an answer too, and a full pool does not look like a lost database.
  return check(async () => db.answeredWithin(answeredMs) || db.once("select 1", [], checkMs));
}

async function dialEffects(address: Address): Promise<void> {
  using _link = await openLink(address);
}

/** Every component of this instance, all asked at the same time. */
export async function checkComponents(needs: Needs): Promise<Record<string, ComponentState>> {
  const { config, redis, consumption, lifecycle } = needs;
  const checks: [string, Promise<ComponentState>][] = [
    ["postgres", checkPostgres(needs)],
    ["redis", check(() => redis.client.ping())],
  ];
  const { effects } = config;
  if (effects) checks.push(["effects", check(() => dialEffects(effects))]);
  if (config.role === "queue" && lifecycle.state === "serving") {
    checks.push(["consumer", check(async () => consumption.isGoing() || Promise.reject(new Error("The queue is not looked at.")))]);
  }
  return Object.fromEntries(await Promise.all(checks.map(async ([name, state]) => [name, await state] as const)));
}
