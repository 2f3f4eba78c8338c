import { rulesAsNumbers } from "../core/scaling-rules.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { rulesIn } from "./tools/autoscaler-behaviour.ts";

const mib: Readonly<Record<string, number>> = { Mi: 1, Gi: 1024 };

/** One number of the manifest. @throws when it is not there */
function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`The manifest was expected to hold ${pattern.source}, and does not.`);
  return Number(found);
}

export default {
  what: "No disturbance but a look: what the target's `manifest` tells an autoscaler, and what its pods request.",
  prepare({ stack, ledger, options }) {
    let read: Readonly<Record<string, number>> = {};
    return {
      on: "autoscaler",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const text = await stack.readTree(String(options.manifest));
        const requests = /requests:\s+cpu: (\d+)m\s+memory: (\d+)(Mi|Gi)/.exec(text);
        if (!requests) throw new Error(`${options.manifest} was expected to request CPU and memory, and does not.`);
        const utilisation = (of: string): number =>
          numberIn(text, new RegExp(`name: ${of}\\s+target:\\s+type: Utilization\\s+averageUtilization: (\\d+)`));
        read = {
          minReplicas: numberIn(text, /minReplicas: (\d+)/),
          maxReplicas: numberIn(text, /maxReplicas: (\d+)/),
          cpuPercent: utilisation("cpu"),
          memoryPercent: utilisation("memory"),
          requestedCores: Number(requests[1]) / 1000,
          requestedMiB: Number(requests[2]) * (mib[requests[3] ?? ""] ?? Number.NaN),
          ...rulesAsNumbers("up", rulesIn(text, "up")),
          ...rulesAsNumbers("down", rulesIn(text, "down")),
        };
      },
      bites: async () =>
        read.minReplicas === undefined
          ? undefined
          : `${read.minReplicas} to ${read.maxReplicas} pods at ${read.cpuPercent} % CPU and ${read.memoryPercent} % memory`,
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => read,
    };
  },
} satisfies Fault;
