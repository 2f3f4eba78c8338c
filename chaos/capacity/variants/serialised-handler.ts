/** Queries are let in as many at a time as declared, and then answered one after another: the gauge of places shows nothing wrong. */
import type { Variant } from "../../../harness/capacity/study.ts";

export default {
  id: "serialised-handler",
  what: "An instance answers one query after another.",
  edits: [
    {
      file: "routes/query.ts",
      find: `config.queriesWaiting, "queries");`,
      replace: `config.queriesWaiting, "queries");
  const alone = createLimiter(1, 10_000, "queries");`,
    },
    {
      file: "routes/query.ts",
      find: `    const { query, agent_type, model:`,
      replace: `    using _alone = await alone.enter(patienceOf(reply, timeoutMs, lifecycle.stopping));
    const { query, agent_type, model:`,
    },
  ],
  caps: "serial section",
} satisfies Variant;
