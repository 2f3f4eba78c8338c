/** What the gauges and the processors showed over a window. */
import { quantile } from "../../core/stats.ts";
import type { Usage } from "../limit.ts";
import type { Deployment } from "./deployment.ts";
import type { ProcessorUse } from "./processor.ts";

/** How long the oldest work had waited for somebody to take it (95th percentile of the readings, ms). */
export function queueAge(deployment: Deployment, from: number, to: number): number {
  const ages = deployment.samples(from, to).filter(({ source }) => source === "backlog");
  return quantile(
    ages.map(({ values }) => values.oldestMs ?? 0),
    0.95,
  );
}

/** Cores of what serves: instances, Postgres, Redis and the balancer. */
export function servers({ byName }: ProcessorUse): number {
  return [...byName].reduce((sum, [name, cores]) => (name === "k6" || name === "harness" ? sum : sum + cores), 0);
}

export function usageOf(deployment: Deployment, processors: ProcessorUse, from: number, to: number): Usage {
  const samples = Map.groupBy(deployment.samples(from, to), ({ source }) => source);
  const mean = (source: string, gauge: string): number => {
    const values = (samples.get(source) ?? []).flatMap((sample) => (sample.values[gauge] === undefined ? [] : [sample.values[gauge]]));
    return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const gauges = Object.keys(deployment.target.metrics.gauges);
  return {
    cores: processors.cores,
    busyCores: processors.busyCores,
    othersCores: processors.others * processors.cores,
    generatorCores: processors.byName.get("k6") ?? 0,
    databaseCores: processors.byName.get("postgres") ?? 0,
    locksWaiting: mean("postgres", "locksWaiting"),
    instances: deployment.stack.instances().map(({ name, role }) => ({
      ...{ name, role, cores: processors.byName.get(name) ?? 0 },
      gauges: Object.fromEntries(gauges.map((gauge) => [gauge, mean(name, gauge)])),
    })),
  };
}
