import { expect, test } from "vitest";
import { exampleSuite } from "./example-run.ts";
import { hostile, hostileSuite } from "./hostile.ts";
import { escapeHtml, html } from "./html/markup.ts";
import { renderHtml } from "./html/render.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { summarise } from "./summarise.ts";
import { terminalSummary } from "./terminal.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point.
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/;
const empty = { ...exampleSuite(), claims: [], experiments: [] };

test("markup is escaped unless the tag made it", () => {
  expect(html`<p title="${'"<&'}">${html`<b>${"<i>"}</b>`}${["a", "<"]}${null}${false}${0}</p>`.markup).toBe(
    '<p title="&#34;&#60;&#38;"><b>&#60;i&#62;</b>a&#60;0</p>',
  );
  expect(escapeHtml(hostile)).not.toMatch(/[<>"'`]/);
});

test("junit: a case a claim; violated fails, inconclusive errs, the untried are skipped", () => {
  const xml = renderJunit(exampleSuite());
  expect(xml.match(/<testsuite /g)).toHaveLength(4);
  expect(xml).toContain('<testsuite name="pause-a-lock-holder" tests="3" failures="1" errors="0" skipped="0"');
  expect(xml).toContain('<testsuite name="kill-a-queue-instance" tests="4" failures="0" errors="2" skipped="0"');
  expect(xml).toContain('tests="3" failures="0" errors="0" skipped="3"');
  expect(xml).toMatch(/<failure type="violated" message="agent a-17[^>]*>[^<]*at 26\.400 s[^<]*Repeat: npm run chaos[^<]*<\/failure>/);
});

test("junit: an experiment that could not be carried out is an error, not a pass", () => {
  const suite = exampleSuite();
  const failed = suite.experiments.slice(0, 1).map((one) => ({ ...one, claims: [], failure: "nginx did not start." }));
  expect(renderJunit({ ...suite, experiments: failed })).toContain('<error type="inconclusive" message="nginx did not start."');
});

test("junit is well-formed whatever the strings contain", () => {
  const xml = renderJunit(hostileSuite(hostile));
  expect(xml).not.toMatch(control);
  const open: string[] = [];
  for (const [, end, name = "", , self] of xml.matchAll(/<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!self) open.push(name);
  }
  expect(open).toEqual([]);
  expect(xml.replace(/<\?xml[^>]*>|<\/?[a-z]+(?:\s+[a-z]+="[^"<]*")*\s*\/?>/g, "")).not.toContain("<");
  expect(renderJunit(empty)).toContain("<testsuites");
});

test("markdown names the defect, the evidence and the command, and stays below 1 MiB", () => {
  const text = renderMarkdown(exampleSuite());
  expect(text).toContain("## Claim HS-6 is violated");
  expect(text).toContain("Planted defect: in-process-lock.");
  expect(text).toContain("at 14.23 s: agent a-17");
  expect(text).toContain("⊘ out of reach: LG-12.\n\n· not tried (left out of this run): LG-9.\n\n· not tried (tested in the server): HS-5.");
  expect(text).toContain("Weak coverage: 1 of 2 situations were never met in this run: third-attempt.");
  expect(text).toContain("` npm run chaos -- --only pause-a-lock-holder --seed 7 `");
  expect(renderMarkdown(empty)).toContain("No claim was tried");
  expect(Buffer.byteLength(renderMarkdown(hostileSuite(hostile.repeat(10_000))))).toBeLessThan(1_000_000);
});

test("markdown holds no live markup, mention, link or table break", () => {
  const text = renderMarkdown(hostileSuite(hostile));
  const prose = text.replace(/(`+) .*? \1/g, "");
  expect(text).not.toMatch(control);
  expect(prose).not.toMatch(/<[a-z/!]|@team|[^\\]\[x\]/i);
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  for (const row of rows) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(6);
});

test.each([40, 60, 80, 100, 200])("terminal: no line is wider than %i columns but commands", (columns) => {
  for (const suite of [exampleSuite(), hostileSuite(hostile), hostileSuite("漢字".repeat(300))]) {
    const text = terminalSummary(suite, { columns, color: false });
    expect(text.replaceAll("\n", "")).not.toMatch(control);
    for (const line of text.split("\n").filter((one) => !one.startsWith("Repeat:"))) expect(width(line)).toBeLessThanOrEqual(columns);
  }
});

test("terminal: violated first, with the command; colour only when asked", () => {
  const text = terminalSummary(exampleSuite(), { columns: 100, color: false });
  expect(text.indexOf("✗ violated")).toBeLessThan(text.indexOf("✓ holds"));
  expect(text).toContain("Repeat: npm run chaos -- --only pause-a-lock-holder --seed 7");
  expect(text).toContain("Planted defect: in-process-lock.");
  expect(text).toContain("Weak coverage: 1 of 2 situations were never met in this run: third-attempt.");
  expect(text).not.toContain("\u001b");
  const [first] = exampleSuite().claims;
  if (!first) throw new Error("The example has claims.");
  const untried = Array.from({ length: 20 }, (_, i) => ({
    ...first,
    id: `X-${i}`,
    verdict: "not tried" as const,
    untried: i > 0 ? "not yet" : "calculated",
  }));
  const many = terminalSummary({ ...exampleSuite(), claims: untried }, { columns: 100, color: false });
  expect(many).toContain("· 20 not tried (1 calculated, 19 not yet)");
  expect(terminalSummary(exampleSuite(), { columns: 100, color: true })).toContain("\u001b[1;31m");
  expect(terminalSummary(empty, { columns: 80, color: false })).toContain("No claim was tried");
});

test("a machine without time left is named in every output, with what to do", () => {
  const suite = exampleSuite();
  const [first, ...rest] = suite.experiments;
  if (!first) throw new Error("The example has experiments.");
  const of = (processorsBusyPercent: number) => ({ ...suite, experiments: [{ ...first, load: { ...first.load, processorsBusyPercent } }, ...rest] });
  const outputs = (busy: number) => [terminalSummary(of(busy), { columns: 100, color: false }), renderMarkdown(of(busy))];
  for (const text of outputs(99)) {
    expect(text.replaceAll("\n", " ")).toContain(`In 1 of ${suite.experiments.length} experiments the machine's processors had no time left`);
    expect(text.replaceAll("\\", "")).toContain(first.experiment);
  }
  for (const text of outputs(80)) expect(text).not.toContain("no time left");
});

test("the page keeps hostile strings out of its markup and its script", () => {
  const page = renderHtml(summarise(hostileSuite(hostile), new Map()));
  expect(page).not.toMatch(/<script>window|<img|onerror="/);
  expect(page.match(/<script/g)).toHaveLength(2);
});

function width(line: string): number {
  return Array.from(line).reduce((sum, character) => sum + (/[\u2e80-\uffef]/.test(character) ? 2 : 1), 0);
}
