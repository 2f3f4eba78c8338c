import { expect, test } from "vitest";
import { dashboardAnswers } from "./dashboard-answers.ts";
import { evidence, injected } from "./fixtures.ts";

const check = dashboardAnswers({ perInstance: ["requests_total"] });
const good = {
  ...{ scraped: 2, "api-1 looks": 90, "panel rate(requests_total[30s]) series": 5, "panel rate(requests_total[30s]) instances": 2 },
  ...{ "panel up_total series": 1, "panel up_total instances": 0 },
  ...{ "record a:b = sum by (instance) (requests_total) series": 2, "record a:b = sum by (instance) (requests_total) instances": 2 },
};
const judged = (numbers: Readonly<Record<string, number>>) =>
  check(evidence({ faults: injected("watch-the-alert", "alerts", 1000, 30_000).map((one) => (one.phase === "biting" ? { ...one, numbers } : one)) }));

test("holds where every query is answered, of each instance where it has to be", () => {
  expect(judged(good)).toMatchObject({ verdict: "holds", examined: 3 });
});
test("accuses a query that is none, one without an answer, and one that sums what is to be told apart", () => {
  expect(judged({ ...good, "panel up_total series": -1 }).summary).toContain("the dashboard asks what is no PromQL: up_total");
  expect(judged({ ...good, "panel up_total series": 0 }).summary).toContain("has no answer, while 2 instances were scraped under load: up_total");
  // Prometheus takes none of the rules when one of them is wrong.
  expect(judged({ fromMs: 900, "alert A = a by (b) series": -1 }).summary).toContain("the rules alert of what is no PromQL: A = a by (b)");
  const summed = { ...good, "record a:b = sum by (instance) (requests_total) instances": 0 };
  expect(judged(summed).summary).toContain("Of requests_total nothing that the rules record tells for each of 2 instances");
});
test("where nobody asked, or nobody was scraped, nothing is known", () => {
  expect(judged({ scraped: 2 }).verdict).toBe("inconclusive");
  expect(check(evidence()).verdict).toBe("inconclusive");
  expect(judged({ ...good, scraped: 0 }).verdict).toBe("holds");
});
