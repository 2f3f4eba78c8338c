import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-21",
  statement: "pg_isready tells whether the database can be used.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Monitoring and Automated Failover: Health Checks",
  decides:
    "The check of the manifests is asked during a first start and a recovery: it never says yes when a statement that is sent after it fails. How often pg_isready at the socket does is counted.",
  bound: { value: 0, unit: "times too early", why: "who waits for the check starts when it says yes" },
  readings: {
    documented: "pg_isready says that the database accepts connections, and the server may start.",
    corrected:
      "While the first start initialises, the temporary server answers on its socket, so pg_isready says yes too early; by TCP, and by SELECT 1, it does not.",
  },
} satisfies Claim;
