/** Renders nginx.conf.template: the balancer of the process driver and of compose, from one text. Pure: the caller reads and writes the files. */

import { fillTemplate, type Values } from "./template.ts";

type Balancing = "round_robin" | "least_conn" | "ip_hash" | "random";

/** Instances by address, balanced by nginx's own means, or by a name that DNS resolves while serving (HS-17). */
type Instances =
  | {
      /** host:port each. */
      readonly upstreams: readonly string[];
      /** least_conn when absent (AB-1). */
      readonly balancing?: Balancing;
      /** Those of `upstreams` that get nothing new: marked before they are stopped (AB-10). */
      readonly down?: readonly string[];
      /** The instances of each region, host:port each: a client that names its region (X-Region) is led to those, and to the others while none of them answers (HA-22). */
      readonly regions?: ReadonlyMap<string, readonly string[]>;
      /** Failures within `failTimeoutS` after which an instance is left alone for as long; 0: never. 3 and 30 when absent (AB-2, HA-7). */
      readonly maxFails?: number;
      readonly failTimeoutS?: number;
      /** One instance serves while the others stand by and take no connection: each write that may not be sent twice is led to that one (HA-18). */
      readonly oneServes?: boolean;
    }
  | {
      /** host:port, where host is a name with an address per instance. */
      readonly service: string;
      /** Address of the DNS server; Docker's is 127.0.0.11. */
      readonly resolver: string;
    };

export type BalancerSettings = Instances & {
  /** host:port for plain HTTP. */
  readonly listen: string;
  /** Private to this nginx and writable by it: pid, logs, temporary files, cache. */
  readonly directory: string;
  /** Longest silence of an instance, also between two frames of a WebSocket (s); 300 when absent, as long as an answer may take (AB-23, HS-3). */
  readonly readTimeoutS?: number;
  /** Longest request body but for an agent's document (KiB); 128 when absent, which is what the server accepts. */
  readonly bodyLimitKiB?: number;
  /** Sent as X-Balancer-Version, so that a probe sees which configuration answers (AB-7, AB-10, AB-11). */
  readonly version?: string;
  /** Per client address under /api/; beyond the burst the answer is 429 (AB-13: 10 and 20). */
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number };
  /** Addresses or networks that may use /api/v1/security/; everybody when absent (AB-14). */
  readonly securityAllow?: readonly string[];
  /** A second address that speaks TLS 1.2, 1.3 and HTTP/2 (AB-15, AB-28); paths of PEM files. */
  readonly tls?: { readonly listen: string; readonly certificate: string; readonly key: string };
  /** How long the answer about an agent may be served again to the same user (s); never when absent (HA-17). */
  readonly cacheS?: number;
};

/** The configuration. Throws an Error when the template names a place that nothing fills: template and renderer do not belong together. */
export function renderBalancer(template: string, settings: BalancerSettings): string {
  const { rateLimit, tls } = settings;
  const values: Values = {
    ...instances(settings),
    listen: settings.listen,
    directory: settings.directory,
    readTimeoutS: String(settings.readTimeoutS ?? 300),
    bodyLimitKiB: String(settings.bodyLimitKiB ?? 128),
    version: settings.version,
    rateLimit: rateLimit && String(rateLimit.perSecond),
    burst: rateLimit && String(rateLimit.burst),
    allow: settings.securityAllow?.map((address) => `allow ${address};`).join("\n"),
    tls: tls?.listen,
    certificate: tls?.certificate,
    key: tls?.key,
    cache: settings.cacheS === undefined ? undefined : String(settings.cacheS),
  };
  return fillTemplate(template, values);
}

function instances(settings: Instances): Values {
  if ("service" in settings) return { service: settings.service, resolver: settings.resolver, api: "$api", once: "$api" };
  const { upstreams, down = [], balancing = "least_conn", maxFails = 3, failTimeoutS = 30 } = settings;
  const server = (address: string): string =>
    `server ${address} max_fails=${maxFails} fail_timeout=${failTimeoutS}s${down.includes(address) ? " down" : ""};`;
  const own = { upstreams: upstreams.map(server).join("\n"), [balancing]: "" };
  if (settings.regions) return { ...own, ...regional(settings.regions), api: "$regional", once: "$regional" };
  return settings.oneServes ? { ...own, oneServes: "", api: "api", once: "$active" } : { ...own, api: "api", once: "api" };
}

/** A region that was gone is asked again after this (s). */
const regionAgainS = 5;

function regional(regions: ReadonlyMap<string, readonly string[]>): Values {
  const all = [...regions.values()].flat();
  const upstream = ([name, instances]: [string, readonly string[]]): string => {
    const server = (address: string): string =>
      `    server ${address} max_fails=3 fail_timeout=${regionAgainS}s${instances.includes(address) ? "" : " backup"};`;
    const servers = [...instances, ...all.filter((address) => !instances.includes(address))].map(server).join("\n");
    return `upstream region_${name} {\n    zone region_${name} 256k;\n${servers}\n    keepalive 64;\n    keepalive_timeout 60s;\n}`;
  };
  return {
    regions: [...regions].map(upstream).join("\n"),
    regionNames: [...regions.keys()].map((name) => `${name} region_${name};`).join("\n"),
  };
}
