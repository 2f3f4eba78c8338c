/** As it is most often written: without a host, pg_isready asks the socket. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "check-asks-the-socket",
  claim: "HA-21",
  what: "The readiness probe of Postgres asks pg_isready without a host, so that it is answered by the temporary server of a first start.",
  edits: [
    { file: "deploy/kubernetes/dependencies.yaml", find: `[pg_isready, -h, 127.0.0.1, -U, agent-server]`, replace: `[pg_isready, -U, agent-server]` },
  ],
  caughtBy: ["start-a-new-postgres"],
} satisfies Defect;
