/**
 * Stresses patience: clients hold WebSockets through a balancer and nobody says a word for longer than its read time-out, while the load goes on; most of them
 * have stopped to answer. Then thousands break off their requests, of those that are served at once and of those that wait for their turn. A broken system refuses the upgrade, lets
 * the balancer take silence for death, keeps the dead for ever, or goes on counting who has broken off, until it serves nobody.
 */
import { clientsForgotten } from "../../harness/checkers/clients-forgotten.ts";
import { descriptorsReturned, muteClientsReaped, socketsKept } from "../../harness/checkers/held-sockets.ts";
import { lateAnswersArrive } from "../../harness/checkers/late-answers.ts";
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
/** Far more at once than have their turn, each for as long. */
const [queriesAtOnce, queryMs] = [20, 200];
const query = { path: "/api/v1/query", body: JSON.stringify({ query: "is anybody there?", agent_type: "thinker", model: { ms: queryMs } }) };

export default {
  id: "hold-sockets",
  title: "WebSockets through a long silence, clients that stop to answer, and requests that are broken off",
  profile: "nightly",
  topology: { api: 2, queue: 1 },
  settings: { api: { QUERIES_AT_ONCE: String(queriesAtOnce) } },
  proxied: [],
  load: { scenario: "share-state", perSecond: 50, settings: { ASK_EVERY: 25 } },
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
    { fault: "break-off", on: "api", atMs: 42_000, forMs: 3000, options: { method: "PUT", path: agent, body: "{}", requests, patienceMs: 0 } },
    { fault: "break-off", on: "api", atMs: 49_000, forMs: 1000, options: { ...query, method: "POST", requests: 300, patienceMs: 20 } },
    { fault: "await-answers", on: "balancer", atMs: 52_000, forMs: 200, options: { ...query, workMs: queryMs, clients: 8 } },
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
      lateAnswersArrive({ atLeastMs: queryMs }),
    ],
  },
} satisfies Experiment;
