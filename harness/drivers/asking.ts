/** What is asked of an instance over its port on loopback, whichever driver started it, and what it may be started with. */
import { request } from "node:http";
import { text } from "node:stream/consumers";
import type { Target } from "../core/target.ts";

/** A module that sets a process's wall clock off before anything else runs: what asks for the time now is told another, what names a time is not changed. */
export function wallClockAhead(aheadMs: number): string {
  const source = `
    const right = Date;
    const now = () => right.now() + ${aheadMs};
    globalThis.Date = new Proxy(right, {
      construct: (_, given, made) => Reflect.construct(right, given.length > 0 ? given : [now()], made === Date ? right : made),
      apply: () => new right(now()).toString(),
      get: (_, name) => (name === "now" ? now : right[name]),
    });`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

/** A fresh connection each time: readiness over a kept one would miss an instance that no longer listens. Status 0: no answer in time. */
export function ask(port: number, path: string, withinMs: number): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve) => {
    const probe = request({ host: "127.0.0.1", port, path, agent: false, signal: AbortSignal.timeout(withinMs) }, async (response) => {
      const body = await text(response).catch(() => undefined);
      resolve(body === undefined ? { status: 0, body: "" } : { status: response.statusCode ?? 0, body });
    });
    probe.on("error", () => resolve({ status: 0, body: "" }));
    probe.end();
  });
}

/** The wanted series out of a Prometheus text, and how many there are in all (`metricSeries`): a line is the series, a space and the value. */
export function readGauges(body: string, gauges: Target["metrics"]["gauges"]): Record<string, number> {
  const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const values = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
  const wanted = Object.entries(gauges).flatMap(([name, { series, times }]) => {
    const value = values.get(series);
    return value === undefined || !Number.isFinite(value) ? [] : [[name, value * times] as const];
  });
  return { ...Object.fromEntries(wanted), metricSeries: lines.length };
}
