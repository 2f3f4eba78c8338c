import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { addressForInstances, type NodeSettings, renderEntry, renderNode } from "./cluster.ts";

const read = (file: string): Promise<string> => readFile(new URL(file, import.meta.url), "utf8");
const node = {
  ...{ name: "pg-2", api: "127.0.0.1:1", listen: "127.0.0.1:2", advertised: "127.0.0.1:3", directory: "/d", archive: "/a", programs: "/p" },
  ...{ clients: "198.18.7.0/24", etcd: ["127.0.0.1:4", "127.0.0.1:5"], user: "somebody", password: "secret" },
};

it.each([
  ["asynchronous", false, false],
  ["synchronous", true, false],
  ["strict", true, true],
] as const satisfies readonly [NodeSettings["replication"], boolean, boolean][])(
  "a node of %s replication says when a commit waits for a standby",
  async (replication, synchronous, strict) => {
    const configuration = parse(renderNode(await read("patroni.yaml.template"), { ...node, replication }));
    expect(configuration.bootstrap.dcs).toMatchObject({ synchronous_mode: synchronous, synchronous_mode_strict: strict });
    expect(configuration.bootstrap.dcs.postgresql.parameters.synchronous_commit).toBe("on");
  },
);

it("a node listens where it is told and is replicated from where it says", async () => {
  const configuration = parse(renderNode(await read("patroni.yaml.template"), { ...node, replication: "synchronous" }));
  expect(configuration).toMatchObject({ name: "pg-2", etcd3: { hosts: node.etcd }, restapi: { listen: node.api } });
  expect(configuration.postgresql).toMatchObject({ listen: node.listen, connect_address: node.advertised, data_dir: "/d/data" });
});

it("a node lets nobody in from anywhere else than where its clients are", async () => {
  const { postgresql } = parse(renderNode(await read("patroni.yaml.template"), { ...node, replication: "synchronous" }));
  const byNetwork = postgresql.pg_hba.filter((line: string) => line.startsWith("host"));
  expect(byNetwork).toEqual(["host replication replicator,somebody 198.18.7.0/24 scram-sha-256", "host all all 198.18.7.0/24 scram-sha-256"]);
});

it("instances are led to HAProxy, which asks each node's manager whether it leads and ends sessions with one that does not", async () => {
  const settings = { listen: "127.0.0.1:9", nodes: new Map([["pg-1", { server: "127.0.0.1:7", api: "127.0.0.1:8" }]]) };
  expect(addressForInstances(settings)).toBe("127.0.0.1:9");
  const text = renderEntry(await read("haproxy.cfg.template"), settings);
  expect(text).toContain("server pg-1 127.0.0.1:7 check addr 127.0.0.1 port 8\n");
  expect(text).toContain("httpchk OPTIONS /primary\n");
  expect(text).toContain("on-marked-down shutdown-sessions\n");
});
