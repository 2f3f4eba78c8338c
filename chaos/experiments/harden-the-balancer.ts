/**
 * Stresses what the balancer does beside balancing: under load, another one before the same instances limits each address, lets only some addresses ask for the
 * security pages, keeps answers, and speaks TLS, and large bodies are sent through it. A broken one lets a client pay for another's greed, believes what a header says of an address, tells one user what it
 * was told for another, speaks what can be broken, or refuses what the instances take.
 */
import { onlyAllowedAddresses } from "../../harness/checkers/allow-list.ts";
import { onlySpeaks } from "../../harness/checkers/handshakes.ts";
import { bodiesPass } from "../../harness/checkers/large-bodies.ts";
import { rateLimit } from "../../harness/checkers/rate-limit.ts";
import { cacheHits, keptForItsTime, nobodyElsesAnswer } from "../../harness/checkers/response-cache.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Agents that the load reads and writes most. */
const path = [1, 2, 3].map((n) => `/api/v1/agents/agent-${n}/cached`).join(",");

/** Of those who ask, of what they may, and of what others did. */
const security = ["me", "roles", "keys", "audit"].map((page) => `/api/v1/security/${page}`).join(",");

/** Of any request, and of an agent as one document. */
const allowed = "POST /api/v1/query 128, PUT /api/v1/agents/large/document 8192";

export default {
  id: "harden-the-balancer",
  title: "Rate limit, allow-list, cache, TLS and large bodies at the balancer beside the load",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 60 },
  schedule: (random) =>
    random
      .shuffle([
        { fault: "limit-clients", options: { perSecond: 10, burst: 20, path: "/api/v1/monitoring/live,/api/v1/openapi.json" } },
        { fault: "allow-some-addresses", options: { path: security } },
        { fault: "cache-answers", options: { role: "api", cacheS: 1, path } },
        { fault: "shake-hands", options: {} },
        { fault: "send-large-bodies", options: { role: "api", allowed } },
      ])
      .map((one, i) => ({ ...one, on: "balancer", atMs: i * 7000 + random.integer(0, 500), forMs: 200 })),
  settleMs: 20_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 0, steady: true },
  claims: {
    "AB-13": [rateLimit],
    "AB-14": [onlyAllowedAddresses],
    "AB-15": [onlySpeaks({ spoken: ["TLSv1.2", "TLSv1.3"], refused: ["TLSv1", "TLSv1.1"] })],
    "AB-28": [onlySpeaks({ spoken: ["HTTP/2", "ECDHE-RSA-AES128-GCM-SHA256"], refused: ["AECDH-AES128-SHA", "NULL-SHA256", "AECDH-NULL-SHA"] })],
    "AB-30": [bodiesPass],
    "HA-17": [nobodyElsesAnswer, cacheHits({ atLeast: 0.9 }), keptForItsTime({ slackMs: 2000 })],
  },
} satisfies Experiment;
