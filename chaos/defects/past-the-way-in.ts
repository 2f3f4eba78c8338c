/** An address that somebody copied from a node: it is right until the first failover. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "past-the-way-in",
  claim: "HA-13",
  what: "Instances connect to the first node, past what would lead them to the primary.",
  edits: [
    {
      file: "deploy/cluster.ts",
      find: `export function addressForInstances({ listen }: EntrySettings): string {
  return listen;`,
      replace: `export function addressForInstances({ nodes, listen }: EntrySettings): string {
  return [...nodes.values()][0]?.server ?? listen;`,
    },
  ],
  caughtBy: ["orphan-the-primary"],
} satisfies Defect;
