/**
 * Stresses export and import under writes: agents are taken out and made again under another id through all instances while they are written to, an instance is
 * killed, and answers of Postgres to another one are lost. A broken system leaves a part of the agent out, mixes two moments of it, loses what it acknowledged, writes twice what it sends again, or makes it anew of another document.
 */
import type { DocumentNames } from "../../harness/checkers/documents.ts";
import { exportsAreWhole } from "../../harness/checkers/export-whole.ts";
import { importsReplaceNothing } from "../../harness/checkers/import-refused.ts";
import { importsAreTheSame } from "../../harness/checkers/import-same.ts";
import { importsAreTaken } from "../../harness/checkers/import-taken.ts";
import { noOldTransaction } from "../../harness/checkers/transaction-age.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const names: DocumentNames = { export: "exportAgent", import: "importAgent", state: "saveState", block: "setBlock", memory: "useTool" };

export default {
  id: "move-agents",
  title: "Export and import agents while they are written to, an instance is killed and another loses answers of Postgres",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: ["api->postgres"],
  load: { scenario: "move-agents", perSecond: 35, settings: { MOVED: 0.1 } },
  schedule: (random) => {
    const [killed, unheard] = random.shuffle(["api-1", "api-2", "api-3"]);
    return [
      { fault: "kill", on: `${killed}`, atMs: random.integer(0, 500), forMs: random.integer(4000, 5000) },
      // What has been committed, and is on its way back when the connection breaks, is sent again.
      { fault: "latency", on: `${unheard}->postgres`, atMs: 7000, forMs: 5500, options: { latencyMs: 250, stream: "downstream" } },
      {
        ...{ fault: "flapping", on: `${unheard}->postgres`, atMs: 8000 + random.integer(0, 500), forMs: random.integer(2500, 3000) },
        options: { downMs: 250, upMs: 400 },
      },
    ];
  },
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1200, operationsPerFault: 150, steady: true },
  claims: {
    "HA-9": [exportsAreWhole(names), importsAreTheSame(names), importsReplaceNothing(names), importsAreTaken(names)],
    // Whatever looks at one moment of several tables may leave a transaction open.
    "LG-7": [noOldTransaction({ anyLoad: true })],
  },
} satisfies Experiment;
