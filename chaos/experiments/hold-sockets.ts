/**
 * Stresses patience: clients hold WebSockets through a balancer and nobody says a word for longer than its read time-out, while the load goes on; most of them
 * have stopped to answer. Then thousands break off their requests. A broken system refuses the upgrade, lets the balancer take silence for death, keeps the dead for ever, or goes
 * on counting who has broken off, until it serves nobody.
 */
import { clientsForgotten } from "../../harness/checkers/clients-forgotten.ts";
import { descriptorsReturned, muteClientsReaped, socketsKept } from "../../harness/checkers/held-sockets.ts";
import { noneFailed } from "../../harness/checkers/undisturbed.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** The server pings each 10 s: a balancer's time-out has to be longer, and a client that does not answer is dropped at the second ping. */
const readTimeoutS = 14;
const reapedWithinMs = 21_000;
const holdMs = 25_000;
/** A server is told at once of whoever breaks off. */
const forgottenWithinMs = 5000;
const agent = "/api/v1/agents/quiet";
/** More than an instance has in progress at once (5,000 by default). */
const requests = 5200;

export default {
  id: "hold-sockets",
  title: "WebSockets through a long silence, clients that stop to answer, and requests that are broken off",
  profile: "nightly",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 50 },
  schedule: (random) => [
    {
      fault: "hold-sockets",
      on: "balancer",
      atMs: random.integer(0, 1000),
      forMs: 200,
      options: {
        ...{ path: `${agent}/ws`, make: agent, say: JSON.stringify({ message: "is anybody there?", think_ms: 0 }), readTimeoutS, holdMs },
        registry: "websocketClients",
      },
    },
    // After the silence, and the seconds that a server has to forget who broke off.
    { fault: "break-off", on: "api", atMs: 42_000, forMs: 3000, options: { path: agent, requests } },
  ],
  settleMs: 13_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 200, steady: true },
  claims: {
    "HS-3": [socketsKept],
    "HS-9": [muteClientsReaped({ boundMs: reapedWithinMs }), descriptorsReturned],
    "HS-22": [
      clientsForgotten({ boundMs: forgottenWithinMs }),
      noneFailed({ f: ["saveSession", "readSession", "peekSession", "peekAgent"], fault: "break-off" }),
    ],
  },
} satisfies Experiment;
