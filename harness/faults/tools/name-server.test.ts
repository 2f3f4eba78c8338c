import { Resolver } from "node:dns/promises";
import { expect, it } from "vitest";
import { startNameServer } from "./name-server.ts";

it("answers for any name with the addresses of now, which may be kept for ten minutes, as Docker's does", async () => {
  await using server = await startNameServer();
  const resolver = new Resolver();
  resolver.setServers([server.address]);
  server.has(["127.0.9.11", "127.0.9.12"]);
  expect(await resolver.resolve4("instances.test", { ttl: true })).toEqual([
    { address: "127.0.9.11", ttl: 600 },
    { address: "127.0.9.12", ttl: 600 },
  ]);
  server.has(["127.0.9.12"]);
  expect(await resolver.resolve4("instances.test")).toEqual(["127.0.9.12"]);
  expect(server.answered()).toBe(2);
});
