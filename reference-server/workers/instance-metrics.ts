/**
 * The metrics of an instance that consists of workers. What its processes count is the instance's: one sum, which keeps what workers that are gone
 * had counted, so that it never goes down. What each process has for itself (a pool, memory, a connection) is told apart by the label `worker`.
 */
import { AggregatorRegistry, type Registry } from "prom-client";

/** All metrics of one process at one time. */
export type Snapshot = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

export interface InstanceMetrics {
  /** The process has told its metrics: they take the place of what it told before. `name` is its value of the label; its successor has the same. */
  told(id: number, name: string, snapshot: Snapshot): void;
  /** The process has ended: what it last said it had counted stays. */
  gone(id: number): void;
  /** Everything that was told, as Prometheus reads it. */
  text(): Promise<string>;
}

function isCounted({ type }: Snapshot[number]): boolean {
  return ["counter", "histogram"].includes(String(type));
}

/** While a worker replaces another there are two of one name: the library combines their gauges as each metric says. */
function named(name: string, snapshot: Snapshot): Snapshot {
  return snapshot.map((metric) => {
    if (isCounted(metric)) return metric;
    const values = metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker: name } }));
    // The library omits when a process began, because that of a whole cluster says nothing. The oldest of a name does.
    return { ...metric, values, aggregator: metric.aggregator === "omit" ? "min" : metric.aggregator };
  });
}

/** Metrics of an instance whose processes have told nothing yet. */
export function instanceMetrics(): InstanceMetrics {
  const living = new Map<number, Snapshot>();
  let retired: Promise<Snapshot> = Promise.resolve([]);
  return {
    told(id, name, snapshot) {
      living.set(id, named(name, snapshot));
    },
    gone(id) {
      const counted = living.get(id)?.filter(isCounted) ?? [];
      living.delete(id);
      retired = retired.then((sum) => AggregatorRegistry.aggregate([sum, counted]).getMetricsAsJSON());
    },
    async text() {
      // Both as they are now: a process that goes while we wait is in one of them and not in both.
      const [sum, told] = [retired, [...living.values()]];
      return AggregatorRegistry.aggregate([await sum, ...told]).metrics();
    },
  };
}
