/** What Patroni's documentation shows: made for links between data centres. It promotes, as safely as ever, half a minute after the primary has died. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "manager-waits-for-long",
  claim: "HA-4",
  what: "A leader that is silent is given up after 30 s, which is Patroni's own default, instead of 6.",
  edits: [{ file: "deploy/patroni.yaml.template", find: `ttl: 6`, replace: `ttl: 30` }],
  caughtBy: ["fail-over-postgres"],
} satisfies Defect;
