/**
 * How late timers are, under the names that prom-client uses. Its own monitor wakes the process a hundred times a second for ever, which is half of
 * what an idle instance costs, and counts its interval as lag. This one looks as closely only for who asks often.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { collectDefaultMetrics, Gauge, type Registry } from "prom-client";

/** What is told may be too little by one of these intervals (ms). */
const coarseMs = 100;
const fineMs = 10;
/** Whoever asks again within this time gets the fine monitor, for as long as they go on (ms). */
const oftenMs = 5000;
/** The library must have a monitor; this one never looks (ms). */
const neverMs = 2 ** 31 - 1;

interface Monitor {
  readonly intervalMs: number;
  readonly delay: ReturnType<typeof monitorEventLoopDelay>;
}

function startMonitor(intervalMs: number): Monitor {
  const delay = monitorEventLoopDelay({ resolution: intervalMs });
  delay.enable();
  return { intervalMs, delay };
}

/** Registers the library's default metrics, with this monitor in place of its own. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: neverMs });
  for (const { name } of registry.getMetricsAsArray()) if (name.startsWith("nodejs_eventloop_lag")) registry.removeSingleMetric(name);

  /** Those that looked since the last scrape, the present one first: what the one before saw, such as that the process was stopped, is told too. */
  let monitors: [Monitor, ...Monitor[]] = [startMonitor(coarseMs)];
  let fineUntil: NodeJS.Timeout | undefined;
  const look = (intervalMs: number): void => {
    const [present] = monitors;
    if (present.intervalMs === intervalMs) return;
    // Not before it has seen what held up the timer that brought us here.
    setImmediate(() => present.delay.disable());
    monitors = [startMonitor(intervalMs), ...monitors];
  };
  const late = (of: (delay: Monitor["delay"]) => number): number =>
    Math.max(...monitors.map(({ delay, intervalMs }) => (delay.count === 0 ? 0 : Math.max(0, of(delay) / 1e9 - intervalMs / 1000))));
  const gauge = (what: string, help: string, collect = (): void => {}): Gauge =>
    new Gauge({ name: `nodejs_eventloop_lag_${what}_seconds`, help, registers: [registry], aggregator: "max", collect });
  // The first of the three reads them all.
  const max = gauge("max", "How late timers were since the last scrape, at most.", () => {
    max.set(late((delay) => delay.max));
    p99.set(late((delay) => delay.percentile(99)));
    mean.set(late((delay) => delay.mean));
    const [present] = monitors;
    monitors = [present];
    present.delay.reset();
    look(fineUntil ? fineMs : coarseMs);
    clearTimeout(fineUntil);
    fineUntil = setTimeout(() => {
      fineUntil = undefined;
      look(coarseMs);
    }, oftenMs).unref();
  });
  const p99 = gauge("p99", "How late timers were since the last scrape, 99th percentile.");
  const mean = gauge("mean", "How late timers were since the last scrape, on average.");
}
