/** Faults of the balancer and of what stands behind it, each once, on a real stack: its probe sees it bite and sees it healed, and what it measured is plausible. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Stack } from "../drivers/stack.ts";
import { openLiveStack } from "./testing/live-stack.ts";
import { strikeAt } from "./testing/strike.ts";

let stack: Stack;
const resources = new AsyncDisposableStack();
const strike = strikeAt(() => stack);

beforeAll(async () => {
  stack = await openLiveStack(resources, { name: "balancer", topology: { api: 1, queue: 1 }, proxied: ["*->redis"] });
});
afterAll(() => resources.disposeAsync());

describe("on the balancer", () => {
  test("kill", async () => expect((await strike("kill-balancer", "balancer")).bite).toContain("nobody answers"));
  test("reload", async () => expect((await strike("reload-balancer", "balancer")).bite).toContain("version 2"));
});

describe("on another balancer", () => {
  test("a limit for each address", async () => {
    const { numbers } = await strike("limit-clients", "balancer", { perSecond: 10, burst: 20, path: "/api/v1/monitoring/live" });
    expect(numbers["greedy 127.11.0.1 refused"]).toBeGreaterThan(0);
    expect(numbers).toMatchObject({ perSecond: 10, burst: 20, "modest 127.21.0.1 refused": 0 });
  });

  test("a list of addresses", async () => {
    const { numbers } = await strike("allow-some-addresses", "balancer", { path: "/api/v1/security/me" });
    expect(numbers).toEqual({
      ...{ "allowed asked": 30, "allowed letIn": 30, "denied asked": 30, "denied letIn": 0 },
      "pretending asked": 120,
      "pretending letIn": 0,
    });
  });

  test("kept answers", async () => {
    const { notServed = 0, ...numbers } = (
      await strike("cache-answers", "balancer", { role: "api", cacheS: 1, path: "/api/v1/agents/nobody/cached" })
    ).numbers;
    // Only what is there is kept.
    expect(numbers).toEqual({ cacheMs: 1000 });
    expect(notServed).toBeGreaterThan(20);
  });

  test("patient WebSockets", async () => {
    const agent = "/api/v1/agents/quiet";
    const say = JSON.stringify({ message: "hello", think_ms: 0 });
    const { numbers } = await strike("hold-sockets", "balancer", { path: `${agent}/ws`, make: agent, say, readTimeoutS: 14, holdMs: 1000 });
    expect(numbers).toMatchObject({ clients: 60, upgraded: 60, kept: 60, heard: 60, muteUpgraded: 120, muteReaped: 0 });
  });
});

test("turns over WebSockets", async () => {
  const { numbers } = await strike("turns-by-socket", "api", {
    ...{ path: "/api/v1/agents/spoken-to-#/ws", make: "/api/v1/agents/spoken-to-#", agents: 2, lastsMs: 500 },
    ...{ say: JSON.stringify({ message: "hello", think_ms: 0 }), accepted: "accepted" },
  });
  expect(numbers["api-1 accepted"]).toBeGreaterThanOrEqual(4);
  expect(numbers["api-1 refused"]).toBe(0);
});

// Last: the instances that they add stay.
describe("changes behind the balancer", () => {
  test("a loss, and what the health pages say of it", async () => {
    const options = { by: "partition", component: "redis", page: "/api/v1/health" };
    const { numbers } = await strike("ask-for-health", "*->redis", options);
    expect(numbers).toMatchObject({ "lost redis": 1, "api-1 status": 503, "api-1 redis": 0, "api-1 postgres": 1, "queue-1 status": 503 });
  });

  test("instances added", async () => {
    const { bite, numbers } = await strike("scale-out", "api", { to: 2 });
    expect(bite).toContain("there are 2 api instances");
    expect(numbers).toEqual({ from: 1, to: 2 });
  });

  test("instances added with a limit", async () => {
    const { bite } = await strike("grow-limited", "api", { to: 3, setting: "REQUEST_LIMIT", value: 5 });
    expect(bite).toContain("there are 3 api instances with REQUEST_LIMIT=5");
  });
});
