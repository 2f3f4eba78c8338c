import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-21",
  statement: "pg_isready tells whether the database can be used.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Monitoring and Automated Failover: Health Checks",
  decides: "Both checks are asked during a first start and a recovery: neither may say yes before a statement succeeds.",
  readings: {
    documented: "pg_isready says that the database accepts connections, and the server may start.",
    corrected:
      "While the first start initialises, the temporary server answers on its socket, so pg_isready says yes too early; by TCP, and by SELECT 1, it does not.",
  },
  untried: { kind: "not yet", reason: "The harness itself goes by SELECT 1, and the manifests by TCP; that the other reading fails is not shown." },
} satisfies Claim;
