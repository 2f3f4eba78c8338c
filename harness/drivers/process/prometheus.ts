/** A Prometheus of the harness's own beside the stack: it scrapes the instances and evaluates the alert rules that the target is deployed with. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AlertWatch } from "../stack.ts";
import { type Part, startReady } from "./child.ts";

/** Rules are evaluated as they are written, and more often than they ask for: an outage that is made here is short. */
const interval = "1s";
const readyWithinMs = 20_000;
const answersWithinMs = 2000;

interface Answer<Data> {
  readonly data: Data;
}

/** `rules`: the text of a file of rules; `instances`: by name, where each is scraped; `page`: the path of its metrics. */
export async function startPrometheus(options: {
  readonly part: Part;
  readonly rules: string;
  readonly instances: ReadonlyMap<string, number>;
  readonly page: string;
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly marker: string;
}): Promise<AlertWatch & AsyncDisposable> {
  const { part, rules, instances, page, port, marker, logFile } = options;
  const directory = join(options.directory, "prometheus");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "rules.yaml"), rules.replaceAll(/^( *)interval: .*$/gm, `$1interval: ${interval}`));
  const settings = {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ["rules.yaml"],
    scrape_configs: [
      {
        job_name: "instances",
        metrics_path: page,
        static_configs: [...instances].map(([instance, at]) => ({ targets: [`127.0.0.1:${at}`], labels: { instance } })),
      },
    ],
  };
  // JSON is YAML.
  await writeFile(join(directory, "prometheus.yaml"), JSON.stringify(settings));
  const base = `http://127.0.0.1:${port}`;
  const get = (path: string): Promise<Response> => fetch(`${base}${path}`, { signal: AbortSignal.timeout(answersWithinMs) });
  const child = await startReady(
    {
      name: "prometheus",
      command: part.path,
      args: ["--config.file=prometheus.yaml", "--storage.tsdb.path=data", `--web.listen-address=127.0.0.1:${port}`, "--log.level=warn"],
      env: part.env,
      cwd: directory,
      ...{ logFile, marker },
    },
    {
      what: `Prometheus was expected to be ready on 127.0.0.1:${port}`,
      probe: () =>
        get("/-/ready").then(
          ({ ok }) => ok,
          () => false,
        ),
      withinMs: readyWithinMs,
    },
  );
  const ask = async <Data>(path: string): Promise<Data> => ((await (await get(path)).json()) as Answer<Data>).data;
  return {
    async look(alert) {
      const [{ result }, { alerts }] = await Promise.all([
        ask<{ readonly result: readonly { readonly metric: Labels; readonly value: readonly [number, string] }[] }>("/api/v1/query?query=up"),
        ask<{ readonly alerts: readonly { readonly labels: Labels }[] }>("/api/v1/alerts"),
      ]);
      return {
        scraped: result.filter(({ value }) => value[1] === "1").map(({ metric }) => metric.instance ?? ""),
        raised: alerts.filter(({ labels }) => labels.alertname === alert).map(({ labels }) => labels.instance ?? ""),
      };
    },
    async answer(expression) {
      const response = await get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      // The expression is wrong; whatever else is, is no answer.
      if (response.status === 400) return undefined;
      const { data } = (await response.json()) as Answer<Queried>;
      if (!response.ok) throw new Error(`Prometheus was expected to answer ${expression}, and did so with status ${response.status}.`);
      if (data.resultType === "scalar") return { series: 1, instances: 0 };
      const told = data.result.filter(({ value }) => value[1] !== "NaN");
      return { series: told.length, instances: new Set(told.flatMap(({ metric }) => metric.instance ?? [])).size };
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

type Queried =
  | { readonly resultType: "scalar" }
  | { readonly resultType: "vector"; readonly result: readonly { readonly metric: Labels; readonly value: readonly [number, string] }[] };

type Labels = Readonly<Record<string, string>>;
