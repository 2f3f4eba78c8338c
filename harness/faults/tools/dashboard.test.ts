import { expect, test } from "vitest";
import { panelsIn, rulesIn, speaksOf, unsampledIn } from "./dashboard.ts";

test("every expression of a dashboard, once, with the time over which its rates are taken", () => {
  const dashboard = JSON.stringify({
    panels: [
      { targets: [{ expr: "rate(a[$__rate_interval])" }, { expr: "b" }] },
      { panels: [{ targets: [{ expr: "b" }, { expr: 'c{x="$one"}' }] }], title: "expr" },
    ],
  });
  expect(panelsIn(dashboard, "30s").map(({ ask }) => ask)).toEqual(["rate(a[30s])", "b"]);
  expect(panelsIn("{}", "30s")).toEqual([]);
});

test("what rules record, by its name, and what they alert of, by its expression", () => {
  const rules = "groups:\n  - rules:\n      - record: a:b\n        expr: |\n          sum(\n            c)\n      - alert: A\n        expr: c > 1\n";
  expect(rulesIn(rules)).toEqual([
    { of: "record", ask: "a:b", text: "a:b = sum( c)", expression: "sum( c)" },
    { of: "alert", ask: "c > 1", text: "A = c > 1", expression: "c > 1" },
  ]);
  expect(rulesIn("groups: []")).toEqual([]);
});

test("what is declared and has no series", () => {
  const page = '# HELP a A.\n# TYPE a counter\n# TYPE b histogram\nb_bucket{le="1"} 0\n# TYPE c gauge\nc 1\n# TYPE d counter\n';
  expect(unsampledIn([page])).toEqual(["a", "d"]);
  expect(unsampledIn([page, 'd{x="y"} 1\n'])).toEqual(["a"]);
});

test("what an expression speaks of", () => {
  expect(speaksOf("sum by (le) (rate(b_bucket[5m]))", "b")).toBe(true);
  expect(speaksOf("rate(ab[5m]) or b:c or b_total", "b")).toBe(false);
  expect(speaksOf("b", "b")).toBe(true);
});
