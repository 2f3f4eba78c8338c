/** What a target's dashboard and its recording rules ask of Prometheus. */
import { parse } from "yaml";

export interface Query {
  readonly of: "panel" | "record" | "alert";
  /** What Prometheus is asked: for a record its name. */
  readonly ask: string;
  /** What it says, in a line: for a record its name and its expression. */
  readonly text: string;
}

const inOneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Every `expr` in a dashboard, however deep. What its author leaves to Grafana is given: a time over which rates are taken. @throws when it is no JSON */
export function panelsIn(dashboard: string, rateOver: string): readonly Query[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "expr" && typeof inner === "string") found.push(inner);
      else walk(inner);
    }
  };
  walk(JSON.parse(dashboard));
  return (
    [...new Set(found)]
      .map((expression) => inOneLine(expression.replaceAll(/\$(__rate_interval|__interval|__range)\b/g, rateOver)))
      // Whatever else Grafana is to fill in nobody knows here.
      .filter((expression) => !expression.includes("$"))
      .map((expression) => ({ of: "panel", ask: expression, text: expression }))
  );
}

interface Rule extends Omit<Query, "of"> {
  readonly of: "record" | "alert";
  readonly expression: string;
}

/** What rules record and what they alert of. @throws when they are no YAML */
export function rulesIn(rules: string): readonly Rule[] {
  const { groups } = parse(rules) as {
    readonly groups?: readonly { readonly rules?: readonly { readonly record?: string; readonly alert?: string; readonly expr: string }[] }[];
  };
  return (groups ?? []).flatMap(({ rules = [] }) =>
    rules.map(({ record, alert, expr }) => {
      const expression = inOneLine(expr);
      const name = record ?? alert ?? "";
      return { of: record === undefined ? "alert" : "record", ask: record ?? expression, text: `${name} = ${expression}`, expression } as const;
    }),
  );
}

/** Metrics that pages of instances declare, and of which none has a series yet: a query that speaks of one may rightly be answered with nothing. */
export function unsampledIn(pages: readonly string[]): readonly string[] {
  const lines = pages.flatMap((page) => page.split("\n"));
  const declared = new Set(lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []));
  const sampled = new Set(lines.flatMap((line) => (line.startsWith("#") ? [] : (/^[\w:]+/.exec(line)?.[0] ?? []))));
  return [...declared].filter((name) => !["", "_bucket", "_sum", "_count"].some((suffix) => sampled.has(`${name}${suffix}`)));
}

/** Whether an expression speaks of a metric, or of what a histogram of that name consists of. */
export function speaksOf(expression: string, metric: string): boolean {
  return new RegExp(`(?<![\\w:])${metric}(_bucket|_sum|_count)?(?![\\w:])`).test(expression);
}
