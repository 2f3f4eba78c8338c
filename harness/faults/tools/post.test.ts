import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { post } from "./post.ts";

/** What a server that answers so is posted, and how long it took (ms). */
async function posted(answer: (response: ServerResponse) => void, withinMs = 5000) {
  const bodies: string[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    bodies.push(body);
    answer(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const result = await post(`http://127.0.0.1:${port}/x`, '{"a":"ü"}', withinMs);
  server.closeAllConnections();
  server.close();
  return { ...result, bodies };
}

test("a status is told once its answer has come whole, however long it takes", async () => {
  expect(await posted((response) => setTimeout(() => response.writeHead(201).end("done"), 300))).toMatchObject({
    status: 201,
    bodies: ['{"a":"ü"}'],
  });
});
test("an answer that is cut off or never comes is none, and neither is nobody", async () => {
  const cut = await posted((response) => {
    response.writeHead(200, { "Content-Length": 10 }).write("half");
    setTimeout(() => response.destroy(), 50);
  });
  expect(cut.status).toBe(0);
  const late = await posted(() => {}, 300);
  expect(late.status).toBe(0);
  expect(late.tookMs).toBeGreaterThan(250);
  expect((await post("http://127.0.0.1:1/x", "{}", 1000)).status).toBe(0);
});
