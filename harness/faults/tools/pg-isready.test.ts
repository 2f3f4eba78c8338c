import { expect, it } from "vitest";
import { askedBy, isAccepting } from "./pg-isready.ts";

const server = { port: 5432, socketDirectory: "/run/postgresql" };

it.each([
  ["pg_isready -h 127.0.0.1 -U somebody", "127.0.0.1"],
  ["pg_isready --host db -t 1", "db"],
  ["pg_isready -U somebody", "/run/postgresql"],
])("%s asks %s", (command, host) => expect(askedBy(command.split(" "), server)).toEqual({ host, port: 5432 }));

it("refuses what is no pg_isready", () => expect(() => askedBy(["psql"], server)).toThrow('it is "psql"'));

const url = process.env.TEST_DATABASE_URL;
it.skipIf(url === undefined)("says yes of a server that answers, and no of a port where nobody does (needs TEST_DATABASE_URL)", async () => {
  const { hostname, port } = new URL(url ?? "");
  expect(await isAccepting({ host: hostname, port: Number(port) }, 5000)).toBe(true);
  expect(await isAccepting({ host: "127.0.0.1", port: 9 }, 5000)).toBe(false);
  expect(await isAccepting({ host: "/nowhere", port: Number(port) }, 5000)).toBe(false);
});
