/** A member of etcd, wherever it runs: how it is started, and what it is asked. */
import type { StoreMember } from "../groups.ts";

export interface EtcdPlace {
  readonly name: string;
  /** Private to the member. */
  readonly directory: string;
  /** http://host:port each, for the managers and for the other members. */
  readonly client: string;
  readonly peer: string;
}

/** The arguments of one member of a new store. */
export function etcdArguments({ name, directory, client, peer }: EtcdPlace, all: readonly EtcdPlace[]): readonly string[] {
  const flags = {
    name,
    "data-dir": directory,
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": all.map((one) => `${one.name}=${one.peer}`).join(","),
    "initial-cluster-state": "new",
    "heartbeat-interval": "100",
    "election-timeout": "1000",
    logger: "zap",
    "log-level": "warn",
  };
  return Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
}

export interface AskedEtcd extends Pick<StoreMember, "leads"> {
  /** Whether it is in a store that has a leader. Rejects when it does not answer within a second. */
  isHealthy(): Promise<boolean>;
}

export function askEtcd({ client }: Pick<EtcdPlace, "client">): AskedEtcd {
  return {
    async isHealthy() {
      const answer = await fetch(`${client}/health`, { signal: AbortSignal.timeout(1000) });
      return ((await answer.json()) as { readonly health?: string }).health === "true";
    },
    async leads(withinMs) {
      const status = await fetch(`${client}/v3/maintenance/status`, { method: "POST", body: "{}", signal: AbortSignal.timeout(withinMs) })
        .then((answer) => answer.json() as Promise<{ readonly leader?: string; readonly header?: { readonly member_id?: string } }>)
        .catch(() => undefined);
      return status?.header && status.leader === status.header.member_id;
    },
  };
}
