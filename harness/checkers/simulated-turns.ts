/** Correct executions of turns under a lock with lease and fencing token. See SEMANTICS, "Locks, leaders, fencing". */
import type { Json } from "../core/history.ts";
import { constants } from "./fixtures.ts";
import type { Instance, World } from "./simulator.ts";

export interface Agent {
  readonly id: string;
  lock: { token: number; expiresAt: number } | null;
  fence: number;
  version: number;
}

const leaseMs = constants.lockLeaseMs;

/** One turn from the client's call to its answer; `tokens` is the sequence that all agents share. */
export function takeTurn(world: World, api: Instance, agent: Agent, tokens: { last: number }, process: string, thinkMs: number): void {
  const invokedAt = world.now();
  let done = false;
  const answer = (outcome: "ok" | "fail" | "info", output: Json): void => {
    if (done) return;
    done = true;
    api.watchers.delete(watch);
    const answeredAt = world.now();
    const completedAt = outcome === "info" ? Number.POSITIVE_INFINITY : answeredAt;
    const served = outcome === "ok" ? "yes" : outcome === "fail" ? "shed" : "error";
    const by = outcome === "info" ? "" : api.name;
    world.operation({
      process,
      f: "turn",
      key: agent.id,
      input: { agent: agent.id },
      output,
      intendedAt: invokedAt,
      invokedAt,
      completedAt,
      answeredAt,
      outcome,
      served,
      error: "",
      by,
    });
  };
  let section: { readonly id: string; readonly token: number } | null = null;
  const tell = (kind: "enter" | "step" | "exit" | "closed"): void => {
    if (section) world.report({ kind, scope: "lock", subject: agent.id, token: section.token, instance: api.name, section: section.id, step: 0 });
  };
  const watch = (what: string): void => {
    if (what !== "kill") return;
    world.after(world.between(0, 2), () => tell("closed"));
    answer("info", null);
  };
  const renew = (token: number): void => {
    if (done || agent.lock?.token !== token) return;
    agent.lock.expiresAt = world.now() + leaseMs;
    world.on(api, leaseMs / 3, () => renew(token));
  };
  const finish = (token: number, accepted: number | null): void => {
    tell("exit");
    section = null;
    if (agent.lock?.token === token) agent.lock = null;
    world.on(api, world.between(0, 3), () =>
      accepted === null ? answer("fail", null) : answer("ok", { agent: agent.id, token, version: accepted }),
    );
  };
  const work = (token: number): void => {
    section = { id: `${api.name}#${api.incarnation}/${agent.id}/${token}`, token };
    tell("enter");
    world.on(api, thinkMs * world.between(0.5, 1.5), () => {
      const write = (): void => {
        const accepted = agent.fence <= token;
        if (accepted) {
          agent.fence = token;
          agent.version++;
          world.write({ subject: agent.id, token, version: agent.version, by: api.name });
        }
        const version = accepted ? agent.version : null;
        world.on(api, world.between(1, 3), () => finish(token, version));
      };
      // A statement that has been sent arrives, even if its sender dies or is stopped.
      if (world.chance(0.5)) world.after(world.between(1, 3), write);
      else world.on(api, world.between(1, 3), write);
    });
  };
  const acquire = (): void => {
    if (agent.lock !== null && agent.lock.expiresAt > world.now()) {
      if (world.now() - invokedAt > 10_000) answer("fail", null);
      else world.on(api, world.between(20, 60), acquire);
      return;
    }
    const token = ++tokens.last;
    agent.lock = { token, expiresAt: world.now() + leaseMs };
    world.on(api, leaseMs / 3, () => renew(token));
    world.on(api, world.between(1, 5), () => work(token));
  };
  api.watchers.add(watch);
  world.on(api, world.between(1, 5), acquire);
}
