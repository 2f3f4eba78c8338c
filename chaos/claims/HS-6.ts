import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-6",
  statement: "The per-agent lock serialises critical operations on one agent across all instances.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Per-Agent Lock Manager",
  decides:
    "Critical sections of one agent never overlap at the ledger, tokens increase, and no update is lost; a holder that was stopped past its lease may overlap in time and not write. In calm times a lock that is given up goes to who waits for it within a second, and who has one is not turned away.",
  bound: { value: 0, unit: "overlaps", why: "of critical sections whose holders were not stopped" },
  readings: {
    documented:
      "A dictionary of threading locks in each process, which the document calls distributed. The planted defect lock-in-process is that design, and overlaps.",
    corrected: "A lease in a shared store, with a fencing token that the resource checks.",
  },
} satisfies Claim;
