/** Webhooks: which addresses may be told of a run's end, and what has become of telling them. */
import { Problem } from "../problem.ts";
import type { Database, Row } from "../store/postgres.ts";

/** Whether `hosts` has the URL's host, with its port or without any. Only http and https, and no credentials in the URL. */
export function isAllowed(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, host, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === "" && password === "" && (hosts.includes(hostname) || hosts.includes(host));
}

/** Throws a Problem unless there is no webhook or the configuration allows its host: a server that calls any address is a way into its network. */
export function assertAllowed(url: string | undefined, hosts: readonly string[]): void {
  if (url !== undefined && !isAllowed(url, hosts))
    throw new Problem(422, "The webhook's host is not among those that this server may call (WEBHOOK_HOSTS).");
}

export interface Delivery extends Row {
  readonly status: "pending" | "delivered" | "failed";
  readonly attempts: number;
  readonly last_error: string | null;
}

/** The delivery of the run's end; undefined while the run has not ended, or when nobody is to be told. */
export async function readDelivery(db: Database, runId: string): Promise<Delivery | undefined> {
  const [delivery] = await db.query<Delivery>("select status, attempts, last_error from webhook_deliveries where run_id = $1", [runId]);
  return delivery;
}
