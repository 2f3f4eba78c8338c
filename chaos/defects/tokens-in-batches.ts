/** The usual advice for sequences that many draw from. Each session takes twenty numbers and gives them out one after another, so that of two holders the later one may have the smaller number: it has the lock, and its write is refused. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tokens-in-batches",
  claim: "HS-6",
  what: "Each session of Postgres draws the tokens of locks twenty at a time.",
  edits: [{ file: "migrations/002-agents.sql", find: "create sequence agent_lock_tokens;", replace: "create sequence agent_lock_tokens cache 20;" }],
  caughtBy: ["pause-a-lock-holder"],
} satisfies Defect;
