/** The kubelet looks after containers that are servers in this process, with times of some milliseconds. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { until } from "../../base/clock.ts";
import { runPod } from "./kubelet.ts";
import type { PodSpec } from "./manifests.ts";
import { openService } from "./service.ts";

const probe = { path: "/live", port: 1, delayMs: 10, periodMs: 20, timeoutMs: 2000, successes: 1, failures: 3 };
const spec: PodSpec = {
  ...{ workload: "web", labels: {}, environment: {}, files: new Map(), portOf: () => 1 },
  ...{ liveness: probe, readiness: { ...probe, path: "/ready" }, preStopMs: 20, graceMs: 2000 },
};

/** Answers each path with what `statuses` says, 200 where it says nothing. */
async function open(statuses: Record<string, number>, over: Partial<PodSpec> = {}) {
  const owned = new AsyncDisposableStack();
  const server = createServer((request, response) => response.writeHead(statuses[request.url ?? ""] ?? 200).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  owned.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  let starts = 0;
  const pod = owned.use(
    runPod({
      ...{ name: "web-1", spec: { ...spec, ...over }, host: "127.0.0.1", faster: 1, hostPort: () => port, isAlive: async () => true },
      async start() {
        starts++;
        const { promise, resolve } = Promise.withResolvers<string>();
        return {
          ended: promise,
          async stop(first) {
            resolve(`signal ${first}`);
            return promise;
          },
        };
      },
    }),
  );
  return { pod, port, starts: () => starts, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const soon = { withinMs: 5000 };

test("a pod that is well is ready, is not restarted, and ends after the pause of its preStop", async () => {
  await using one = await open({});
  await until("the pod was expected to be ready", () => one.pod.isReady() || undefined, soon);
  expect(one.pod.seen).toMatchObject({ restartedAlive: 0, restarted: 0, ended: [] });
  const { how, afterMs } = await one.pod.remove();
  expect(how).toBe("signal SIGTERM");
  expect(afterMs).toBeGreaterThan(15);
  expect(one.pod.isReady()).toBe(false);
});

test("a pod whose liveness probe is answered with an error is started again, though it lives", async () => {
  await using one = await open({ "/live": 404 });
  await until("the pod was expected to be restarted", () => (one.starts() > 1 ? true : undefined), soon);
  expect(one.pod.seen.restartedAlive).toBeGreaterThan(0);
});

test("a pod that is not ready is not in its Service, and not restarted; one that is, is", async () => {
  const statuses: Record<string, number> = { "/ready": 503 };
  await using one = await open(statuses);
  await using service = await openService(() => (one.pod.isReady() ? [{ host: "127.0.0.1", port: one.port }] : []));
  const asked = () => fetch(`http://127.0.0.1:${service.port}/`, { headers: { Connection: "close" } }).then(({ status }) => status);
  await expect(asked()).rejects.toThrow();
  statuses["/ready"] = 200;
  await until("the pod was expected to be ready", () => one.pod.isReady() || undefined, soon);
  expect(await asked()).toBe(200);
  statuses["/ready"] = 503;
  await until("the pod was expected to leave", () => !one.pod.isReady() || undefined, soon);
  expect(one.starts()).toBe(1);
});
