/** Test helper: a run whose every string tries to get out of its place. */

import type { SuiteVerdict } from "../core/verdict.ts";
import { exampleSuite } from "./example-run.ts";

/** Markup, script ends, comments, XML ends, terminal escapes, direction overrides, Markdown, lone surrogates, NUL. */
export const hostile =
  '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">--><!--]]>&amp;\'`\u0000\u001b[31mred\u001b]0;title\u0007\u009b2J\u202eesrever\ud800 | @team [x](javascript:pwned)\n# heading';

/** The example with `text` behind every string but the verdicts, and as keys of its records. */
export function hostileSuite(text: string): SuiteVerdict {
  const keep = new Set(["verdict", "version"]);
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return keep.has(key) || key === "experiment" || key === "decidedBy" ? value : value + text;
    if (Array.isArray(value)) return value.map((one) => poison(one, key));
    if (typeof value !== "object" || value === null) return value;
    const renamed = key === "environment" || key === "load" || key === "numbers" ? text.slice(0, 200) : "";
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name + renamed, poison(one, name)]));
  };
  return poison(exampleSuite(), "") as SuiteVerdict;
}
