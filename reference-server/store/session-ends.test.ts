import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { quiet } from "../testing/services.ts";
import { openDatabase } from "./postgres.ts";
import { isTransient } from "./transient.ts";

/** A message of Postgres's protocol: its kind, its length, and what it says. */
function message(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), length, body]);
}

it("LG-11: a session that Postgres ends in the packet that begins it is a transient error, and does not end the process", async () => {
  const begun = [message("R", Buffer.alloc(4)), message("Z", Buffer.from("I"))];
  const ended = message("E", Buffer.from("SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"));
  const server = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.end(Buffer.concat([...begun, ended])));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await using db = openDatabase({ url: `postgres://u:p@127.0.0.1:${port}/x`, instanceId: "ends-1", poolSize: 1, outageBudgetMs: 1000, log: quiet });
  // Vitest fails a run in which an error event met no listener.
  expect(await db.once("select 1", []).catch(isTransient)).toBe(true);
  server.close();
});
