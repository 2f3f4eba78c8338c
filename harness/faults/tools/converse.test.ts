import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { converse } from "./converse.ts";

const words = { say: JSON.stringify({ message: "hello" }), accepted: "accepted" };

/** What a client was told by a server that answers each message so, and what the server heard. */
async function told(answer: (socket: WebSocket, said: { readonly ref: number }, n: number) => void, forMs = 250) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  const heard: unknown[] = [];
  server.on("connection", (socket) =>
    socket.on("message", (data) => {
      heard.push(JSON.parse(data.toString()));
      answer(socket, JSON.parse(data.toString()), heard.length);
    }),
  );
  await once(server, "listening");
  try {
    return { told: await converse(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, words, forMs), heard };
  } finally {
    server.close();
  }
}

it("says one thing after another until its time is over, and tells what was accepted and what was not", async () => {
  const seen = await told((socket, { ref }, n) => {
    socket.send(JSON.stringify({ type: "event", seq: n }));
    socket.send(JSON.stringify({ type: n === 1 ? "accepted" : "refused", ref }));
  });
  expect(seen.told).toEqual({ accepted: 1, refused: 1 });
  expect(seen.heard).toEqual([
    { message: "hello", ref: 1 },
    { message: "hello", ref: 2 },
  ]);
});

it("ends when it is cut off", async () => {
  expect((await told((socket) => socket.terminate())).told).toEqual({ accepted: 0, refused: 0 });
});

it("ends when nobody lets it in", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  expect(await converse(`ws://127.0.0.1:${port}/`, words, 1000)).toEqual({ accepted: 0, refused: 0 });
});
