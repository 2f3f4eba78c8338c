import { connect } from "node:net";
import pg from "pg";
import { expect, test } from "vitest";

test("the tests' Postgres answers on loopback", async () => {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test("the tests' Redis answers on loopback", async () => {
  const { hostname, port } = new URL(process.env.TEST_REDIS_URL ?? "");
  expect(hostname).toBe("127.0.0.1");
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write("PING\r\n"));
    socket.on("error", reject);
    socket.on("data", (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
  expect(answer).toBe("+PONG\r\n");
});
