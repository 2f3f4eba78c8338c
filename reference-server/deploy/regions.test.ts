import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { renderBalancer } from "./nginx.ts";
import { dependenciesOf } from "./regions.ts";

const regions = new Map([
  ["a", { redis: "h:1" }],
  ["b", { redis: "h:2", replica: "h:3" }],
]);

it("a region has a Redis and a replica of its own", () => {
  expect(dependenciesOf("a", regions)).toEqual({ redis: "h:1" });
  expect(dependenciesOf("b", regions)).toEqual({ redis: "h:2", replica: "h:3" });
  expect(() => dependenciesOf("c", regions)).toThrow('There is no region "c". There are: a, b.');
});

it("who names his region is led to its own instances, and to the others while there are none", async () => {
  const template = await readFile(new URL("nginx.conf.template", import.meta.url), "utf8");
  const named = new Map([
    ["a", ["h:4"]],
    ["b", ["h:5"]],
  ]);
  const text = renderBalancer(template, { listen: "h:6", directory: "/d", upstreams: ["h:4", "h:5"], regions: named });
  expect(text).toContain("proxy_pass http://$regional;");
  expect(text).toMatch(
    /upstream region_b \{\n\s+zone region_b 256k;\n\s+server h:5 max_fails=3 fail_timeout=5s;\n\s+server h:4 max_fails=3 fail_timeout=5s backup;\n/,
  );
  expect(text).toContain("b region_b;");
  expect(renderBalancer(template, { listen: "h:6", directory: "/d", upstreams: ["h:4"] })).not.toContain("region");
});
