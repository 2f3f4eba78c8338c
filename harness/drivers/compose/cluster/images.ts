/** The images of a Postgres that fails over, which no Compose file of a target names. */
import type { Service } from "../deployment.ts";

/** By the name of the variable that names another one, without its `_IMAGE`. Of Patroni, nobody publishes an image: a stand-in is made, or the user has one. */
export const clusterImages = {
  etcd: "gcr.io/etcd-development/etcd:v3.5.16",
  patroni: "localhost/runproof/patroni:3.1.2",
  haproxy: "haproxy:3.0.11",
} as const;

/** The image of each, by its variable. */
export type ClusterImages = Readonly<Record<string, string>>;

/** What of compose.yaml's services is true of these as well: a root that cannot be written, no capabilities; the address is one in the network `data`. */
export function memberService(image: string | undefined, address: string): Service {
  if (image === undefined) throw new Error("The images of a Postgres that fails over were expected and were not provided.");
  return {
    image,
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    restart: "no",
    healthcheck: { disable: true },
    networks: { data: { ipv4_address: address } },
  };
}
