import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderBalancer } from "./nginx.ts";

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly user?: string;
  readonly build?: object;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: object;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly replicas?: number; readonly resources?: { readonly limits?: { readonly memory?: string } } };
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const text = await readFile(`${root}compose.yaml`, "utf8");
const file = parse(text, { merge: true }) as { readonly services: Readonly<Record<string, Service>> };
const services = Object.entries(file.services);
const failing = (ok: (service: Service) => boolean): string[] => services.filter(([, service]) => !ok(service)).map(([name]) => name);

describe("compose.yaml", () => {
  it("has every part of the deployment, and observability and load by profile", () => {
    const usual = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(usual.sort()).toEqual(["api", "nginx", "postgres", "queue", "redis", "toxiproxy"]);
    const observed = services.filter(([, { profiles }]) => profiles?.includes("observability")).map(([name]) => name);
    expect(observed.sort()).toEqual(["collector", "grafana", "jaeger", "prometheus"]);
    expect(Object.keys(file)).not.toContain("version");
  });

  it("publishes on 127.0.0.1 only", () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  it("takes another image for each from the environment, and pins the usual one", () => {
    expect(failing(({ image }) => /^\$\{[A-Z0-9]+_IMAGE:-[^}]+:(?!latest)[^}]+\}$/.test(image))).toEqual([]);
  });

  it("runs nothing as root, on files it may not write, without capabilities, within a limit of memory", () => {
    // The server's own image says who runs it.
    expect(
      failing(({ user, build, image }) => build !== undefined || image.includes("k6") || (user !== undefined && !/^(0|root)/.test(user))),
    ).toEqual([]);
    expect(failing(({ read_only }) => read_only === true)).toEqual([]);
    expect(failing(({ cap_drop }) => cap_drop?.includes("ALL") === true)).toEqual([]);
    expect(failing(({ deploy }) => deploy?.resources?.limits?.memory !== undefined)).toEqual([]);
  });

  it("starts each after what it needs is healthy", () => {
    const { api, queue, nginx, toxiproxy } = file.services;
    for (const service of [api, queue]) expect(service?.depends_on).toEqual({ toxiproxy: { condition: "service_healthy" } });
    expect(nginx?.depends_on).toEqual({ api: { condition: "service_healthy" } });
    expect(toxiproxy?.depends_on).toEqual({ postgres: { condition: "service_healthy" }, redis: { condition: "service_healthy" } });
    for (const name of ["postgres", "redis", "toxiproxy", "api", "queue"]) expect(file.services[name]?.healthcheck).toBeDefined();
  });

  it("has the balancer that the template makes", async () => {
    const template = await readFile(new URL("nginx.conf.template", import.meta.url), "utf8");
    const rendered = renderBalancer(template, { listen: "8080", service: "api:8000", resolver: "127.0.0.11", directory: "/tmp" });
    expect(await readFile(new URL("compose/nginx.conf", import.meta.url), "utf8")).toBe(rendered);
  });

  it("mounts what is there", async () => {
    const mounted = services.flatMap(([, { volumes }]) => volumes ?? []).filter((volume) => volume.startsWith("./"));
    expect(mounted.length).toBeGreaterThan(5);
    const { access } = await import("node:fs/promises");
    for (const volume of mounted) await access(`${root}${volume.split(":")[0]}`);
  });
});
