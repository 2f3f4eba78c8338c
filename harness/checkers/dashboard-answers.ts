/** AB-17: what a target's dashboard asks, and what its rules record, is PromQL that tells something of instances under load, of each of them (`watch-the-alert`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at } from "./judge.ts";

const kinds = { panel: "the dashboard asks", record: "the rules record", alert: "the rules alert of" } as const;

/**
 * Every query of a panel and every recorded rule was answered with a number at least, when the instances had been scraped for a while under load; what they tell nothing of was not asked.
 * And of each metric in `perInstance` both a panel and a record tell for each instance that was scraped.
 */
export function dashboardAnswers({ perInstance }: { readonly perInstance: readonly string[] }): Checker {
  return ({ faults }) => {
    const found: Counterexample[] = [];
    let examined = 0;
    for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(faults, "watch-the-alert")) {
      const { scraped = 0 } = numbers;
      const accuse = (text: string): number => found.push({ time, until, text: `${text} (${id}, asked at ${at(until)}).` });
      for (const [kind, what] of Object.entries(kinds)) {
        const texts = Object.keys(numbers).flatMap((key) =>
          key.startsWith(`${kind} `) && key.endsWith(" series") ? [key.slice(0, -" series".length)] : [],
        );
        for (const key of texts) {
          examined++;
          const series = numbers[`${key} series`] ?? 0;
          const query = key.slice(kind.length + 1);
          if (series < 0) accuse(`${what} what is no PromQL: ${query}`);
          else if (series === 0) accuse(`${what} what has no answer, while ${scraped} instances were scraped under load: ${query}`);
        }
        for (const metric of texts.length > 0 && scraped > 0 && kind !== "alert" ? perInstance : []) {
          const of = texts.filter((key) => key.includes(metric));
          if (!of.some((key) => (numbers[`${key} instances`] ?? 0) >= scraped))
            accuse(`Of ${metric} nothing that ${what} tells for each of ${scraped} instances`);
        }
      }
    }
    const text = {
      holds: `All ${examined} queries of the dashboard and recorded rules told something, and of each instance where they have to.`,
      nothing: "Nobody asked what the dashboard asks.",
    };
    return conclude("the dashboard's queries are answered", examined, found, text, { queries: examined });
  };
}
