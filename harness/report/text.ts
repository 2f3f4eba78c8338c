/** Making strings of a run harmless and short. Everything a run recorded may be hostile or huge: servers, logs and planted defects wrote it. */

// biome-ignore-all lint/suspicious/noControlCharactersInRegex: removing them is what this file is for.

// CSI and OSC sequences as a whole, so that no "[31m" stays behind; then every other control character.
const escapeSequence = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[@-Z\\^_]/g;
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// Marks that reorder what a reader sees (bidirectional overrides and isolates), and characters XML forbids.
const misleading = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** Text without terminal escapes, control characters (newline and tab stay), direction overrides and lone surrogates. */
export function plain(text: string): string {
  return text.replace(escapeSequence, "").replace(/\r\n?/g, "\n").replace(control, "").replace(misleading, "").toWellFormed();
}

/** `plain`, on one line. */
export function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, " ").trim();
}

/** At most `limit` characters of harmless text; what is left out is counted, never silently dropped. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return plain(text);
  const more = grouped(text.length - limit);
  return `${plain(text.slice(0, limit)).trimEnd()} … (${more} more characters, in verdict.json)`;
}

/** `clip` without the note: for tables, where the full text stands elsewhere. */
export function shorten(text: string, limit: number): string {
  const line = oneLine(text.slice(0, limit * 4));
  const points = Array.from(line);
  return points.length <= limit
    ? line
    : `${points
        .slice(0, Math.max(0, limit - 1))
        .join("")
        .trimEnd()}…`;
}

/** 1234567 -> "1,234,567"; at most two decimals, fewer for large numbers. */
export function grouped(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  const size = Math.abs(value);
  const decimals = Number.isInteger(value) || size >= 1000 ? 0 : size >= 10 ? 1 : 2;
  const [whole = "0", fraction] = value.toFixed(decimals).split(".");
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction && Number(fraction) > 0 ? `${digits}.${fraction.replace(/0+$/, "")}` : digits;
}

/** A length of time in ms, in the unit a reader would choose: "340 ms", "12.3 s", "4 min 05 s". */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "unknown";
  if (Math.abs(ms) < 1000) return `${grouped(ms)} ms`;
  if (Math.abs(ms) < 120_000) return `${grouped(Math.round(ms / 10) / 100)} s`;
  const seconds = Math.round(ms / 1000);
  return `${grouped(Math.floor(seconds / 60))} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** A moment of an experiment, as checkers write it: "12.345 s". */
export function moment(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1000).toFixed(3).replace(/\.?0+$/, "")} s` : "an unknown time";
}

const units: readonly (readonly [suffix: string, show: (value: number) => string])[] = [
  ["Ms", duration],
  ["PerSecond", (value) => `${grouped(value)} /s`],
  ["Percent", (value) => `${grouped(value)} %`],
  ["Ratio", (value) => `${grouped(value * 100)} %`],
  ["Mb", (value) => `${grouped(value)} MB`],
];

/** A figure whose name ends in its unit, for reading: `requeueMaxMs: 2410` -> ["requeue max", "2.41 s"]. */
export function figure(name: string, value: number): readonly [label: string, value: string] {
  const unit = units.find(([suffix]) => name.endsWith(suffix) && name.length > suffix.length);
  const words = (unit ? name.slice(0, -unit[0].length) : name).replace(/([a-z])([A-Z])|([a-zA-Z])(\d)/g, "$1$3 $2$4").replace(/[_-]+/g, " ");
  return [oneLine(words).toLowerCase(), unit ? unit[1](value) : grouped(value)];
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
