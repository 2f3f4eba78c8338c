import { expect, test } from "vitest";
import { readGauges } from "./asking.ts";

const page = `# HELP lag How late timers were.
# TYPE lag gauge
lag 0.25
requests_total{route="/a b",status="200"} 3
requests_total{route="/c",status="200"} 4

nonsense NaN
`;

test("the wanted series of a page, and how many there are", () => {
  const gauges = { lagMs: { series: "lag", times: 1000 }, missing: { series: "lag2", times: 1 }, nonsense: { series: "nonsense", times: 1 } };
  expect(readGauges(page, gauges)).toEqual({ lagMs: 250, metricSeries: 4 });
  expect(readGauges("", gauges)).toEqual({ metricSeries: 0 });
});
