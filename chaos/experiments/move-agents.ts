/**
 * Stresses export and import under writes: agents are taken out and made again under another id through all instances while they are written to and an instance is
 * killed. A broken system leaves a part of the agent out, mixes two moments of it, loses what it acknowledged, makes it anew of another document, or finds nothing of what it remembers there.
 */
import type { DocumentNames } from "../../harness/checkers/documents.ts";
import { exportsAreWhole } from "../../harness/checkers/export-whole.ts";
import { importsReplaceNothing } from "../../harness/checkers/import-refused.ts";
import { importsAreTheSame } from "../../harness/checkers/import-same.ts";
import { importsAreTaken } from "../../harness/checkers/import-taken.ts";
import { type Asked, notForgotten } from "../../harness/checkers/not-forgotten.ts";
import { field, textField } from "../../harness/checkers/trail.ts";
import { noOldTransaction } from "../../harness/checkers/transaction-age.ts";
import type { Experiment } from "../../harness/core/experiment.ts";
import type { Json } from "../../harness/core/history.ts";

const names: DocumentNames = { export: "exportAgent", import: "importAgent", state: "saveState", block: "setBlock", memory: "useTool" };

/** One that the document had, asked for in its own words: it is as near as can be, though there may be too many as near. */
const memory: Asked = {
  ...{ made: names.import, read: "recall", copied: false },
  there: ({ input, output }) =>
    field(output, "crowded") === true ||
    (field(output, "same") === true && ((field(output, "texts") ?? []) as readonly Json[]).includes(textField(input, "text"))),
};

export default {
  id: "move-agents",
  title: "Export and import agents while they are written to and an instance is killed",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "move-agents", perSecond: 35, settings: { MOVED: 0.1 } },
  schedule: (random) => [{ fault: "kill", on: `api-${random.integer(1, 3)}`, atMs: random.integer(0, 500), forMs: random.integer(4000, 5000) }],
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 1200, operationsPerFault: 150, steady: true },
  claims: {
    "HA-9": [exportsAreWhole(names), importsAreTheSame(names), importsReplaceNothing(names), importsAreTaken(names), notForgotten(memory)],
    // Whatever looks at one moment of several tables may leave a transaction open.
    "LG-7": [noOldTransaction({ anyLoad: true })],
  },
} satisfies Experiment;
