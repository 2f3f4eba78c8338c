import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Instance, startInstance } from "../instance.ts";
import { endWithUs } from "../testing/end-with-us.ts";
import { ask, freePort } from "../testing/http.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const program = process.env.TEST_PROMETHEUS ?? "";
const folder = fileURLToPath(new URL("observability", import.meta.url));

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
}
const { groups } = parse(await readFile(join(folder, "rules.yaml"), "utf8")) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(await readFile(join(folder, "dashboard.json"), "utf8")) as { panels: { title: string; targets: { expr: string }[] }[] };
const queries = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr.replaceAll("$__rate_interval", "1m")] as const));

/** The names of the series in a query: what is left of it without label matchers, ranges, groupings, functions, words and numbers. */
function seriesNames(query: string): string[] {
  const bare = query.replace(/"[^"]*"/g, "").replace(/\{[^}]*\}|\[[^\]]*\]|\b(by|on|ignoring|without)\s*\([^)]*\)/g, " ");
  const words = bare.match(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g) ?? [];
  return words.filter((word) => !["and", "or", "unless", "bool"].includes(word));
}

describe("the tests of the alerts", () => {
  it("show each of them quiet, then firing, then over", async () => {
    interface Look {
      readonly alertname: string;
      readonly exp_alerts?: readonly object[];
    }
    const { tests } = parse(await readFile(join(folder, "rules.test.yaml"), "utf8")) as { tests: { alert_rule_test: Look[] }[] };
    for (const { alert } of rules.filter((rule) => rule.alert !== undefined)) {
      const looks = tests.map((test) =>
        test.alert_rule_test.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts !== undefined),
      );
      expect([alert, looks.filter((seen) => seen.join() === "false,true,false").length]).toEqual([alert, 1]);
    }
  });
});

describe.skipIf(program === "" || noServices)(
  "rules and dashboard against a real Prometheus (needs TEST_PROMETHEUS, TEST_DATABASE_URL, TEST_REDIS_URL)",
  () => {
    let started: AsyncDisposableStack;
    let services: Services;
    let base: string;
    const creates = 7;

    interface Sample {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }
    const query = async (expression: string): Promise<{ readonly status: number; readonly result: readonly Sample[]; readonly error: string }> => {
      const response = await fetch(`${base}/api/v1/query?${new URLSearchParams({ query: expression })}`);
      const body = (await response.json()) as { data?: { result: Sample[] }; error?: string };
      return { status: response.status, result: body.data?.result ?? [], error: body.error ?? "" };
    };

    beforeAll(async () => {
      started = new AsyncDisposableStack();
      services = started.use(await startServices());
      const start = async (role: "api" | "queue"): Promise<Instance> => {
        const instance = await startInstance(testConfig(services, role), quiet, (error) => {
          throw error;
        });
        started.defer(() => instance.stop());
        const { status } = await eventually(
          () => ask(instance.port, "/api/v1/monitoring/ready"),
          (answer) => answer.status === 200,
          30_000,
        );
        expect(status).toBe(200);
        return instance;
      };
      const instances = [await start("api"), await start("queue")];

      const directory = await mkdtemp(join(tmpdir(), "prometheus-"));
      started.defer(() => rm(directory, { recursive: true }));
      const port = await freePort();
      base = `http://127.0.0.1:${port}`;
      const targets = instances.map((instance) => `127.0.0.1:${instance.port}`);
      const settings = {
        // Rules are evaluated as they are written; only their own interval is shortened.
        global: { scrape_interval: "1s", evaluation_interval: "1s" },
        rule_files: [join(directory, "rules.yaml")],
        scrape_configs: [{ job_name: "agent-server", static_configs: [{ targets }] }],
      };
      const text = await readFile(join(folder, "rules.yaml"), "utf8");
      await writeFile(join(directory, "rules.yaml"), text.replaceAll("interval: 15s", "interval: 1s"));
      // JSON is YAML.
      await writeFile(join(directory, "prometheus.yaml"), JSON.stringify(settings));
      const child = spawn(
        program,
        [`--config.file=${directory}/prometheus.yaml`, `--storage.tsdb.path=${directory}/data`, `--web.listen-address=127.0.0.1:${port}`],
        { stdio: "ignore", cwd: directory, detached: true },
      );
      const ending = endWithUs(child.pid);
      const ended = once(child, "exit");
      started.defer(async () => {
        child.kill("SIGKILL");
        await ended;
        ending[Symbol.dispose]();
      });
      const ready = (): Promise<boolean> =>
        fetch(`${base}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        );
      await eventually(ready, Boolean, 30_000);

      // A rate needs two samples, and something to have happened between them.
      const scraped = async (times: number): Promise<void> => {
        await eventually(
          () => query("count_over_time(up[5m])"),
          ({ result }) => result.length === 2 && result.every(({ value }) => Number(value[1]) >= times),
          30_000,
        );
      };
      await scraped(2);
      const [api] = instances;
      for (let i = 0; i < creates; i++) {
        const headers = { "Content-Type": "application/json", "Idempotency-Key": `k${i}` };
        const created = await ask(api?.port ?? 0, "/api/v1/runs", {
          method: "POST",
          headers,
          body: JSON.stringify({ input: { steps: 1, step_ms: 1 } }),
        });
        expect(created.status).toBe(201);
        const { id } = JSON.parse(created.body) as { id: string };
        await ask(api?.port ?? 0, `/api/v1/runs/${id}/wait`);
      }
      await eventually(
        () => query("count(rate(run_attempts_total[1m])) > 0 and sum(agent_server:runs_in_progress:mean) >= 0"),
        ({ result }) => result.length > 0,
        30_000,
      );
    }, 120_000);
    afterAll(() => started?.disposeAsync());

    it.each(queries)("%s: %s has data", async (_title, expression) => {
      const { result, error } = await query(expression);
      expect(error).toBe("");
      expect(result.filter(({ value }) => Number.isFinite(Number(value[1]))).length).toBeGreaterThan(0);
    });

    it.each(rules.map((rule) => [rule.record ?? rule.alert, rule] as const))("%s asks for series that are there", async (_name, { record, expr }) => {
      const names = [...seriesNames(expr), ...(record ? [record] : [])];
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect([name, (await query(`count({__name__="${name}"}) > 0`)).result.length]).toEqual([name, 1]);
    });

    it("would be seen to ask for a series that is not there", async () => {
      const [name = ""] = seriesNames('sum by (instance) (rate(http_request_total{status="200"}[5m]))');
      expect([name, (await query(`count({__name__="${name}"}) > 0`)).result]).toEqual(["http_request_total", []]);
    });

    it("counts what was sent (AB-17)", async () => {
      const total = 'sum(http_requests_total{method="POST",route="/api/v1/runs",status="201"})';
      await eventually(
        () => query(total),
        ({ result }) => Number(result[0]?.value[1]) === creates,
        15_000,
      );
      expect((await query(`${total} == ${creates}`)).result).toHaveLength(1);
    });

    it("shows that the guide's own p95 query is no PromQL, and its first query is (AB-17)", async () => {
      const documented = "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m])) by (instance)";
      expect(await query(documented)).toMatchObject({ status: 400, error: expect.stringContaining("parse error") });
      expect((await query("sum(rate(http_requests_total[5m])) by (instance)")).result).toHaveLength(2);
    });

    it("is configured by compose.yaml as Prometheus allows", async () => {
      await using cleanup = new AsyncDisposableStack();
      const directory = await mkdtemp(join(tmpdir(), "prometheus-config-"));
      cleanup.defer(() => rm(directory, { recursive: true }));
      const mounted = await readFile(join(folder, "../compose/prometheus.yaml"), "utf8");
      const settings = join(directory, "prometheus.yaml");
      await writeFile(settings, mounted.replace("/etc/prometheus/rules.yaml", join(folder, "rules.yaml")));
      const { stdout } = await promisify(execFile)(join(dirname(program), "promtool"), ["check", "config", settings]);
      expect(stdout).toMatch(/is valid prometheus config file syntax[\s\S]*SUCCESS: \d+ rules found/);
    }, 60_000);

    it("has alerts that fire when they should, by their own tests (HA-14, AB-19, AB-20, AB-31)", async () => {
      const promtool = join(dirname(program), "promtool");
      const { stdout } = await promisify(execFile)(promtool, ["test", "rules", "rules.test.yaml"], { cwd: folder });
      expect(stdout).toContain("SUCCESS");
    }, 60_000);
  },
);
