/** A small chart as SVG, drawn when the page is written: nothing has to run, and paper shows it too. Labels stand beside it as HTML, so that they keep their size. */
import { grouped } from "../text.ts";
import type { Markup } from "./markup.ts";
import { html } from "./markup.ts";

export interface Line {
  /** A class of the palette. */
  readonly look: "measured" | "void" | "linear" | "fit";
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dots: boolean;
}

export interface Plot {
  readonly label: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
  /** Between a lower and an upper line. */
  readonly band?: { readonly low: Line["points"]; readonly high: Line["points"] };
  /** Upright lines with a name. */
  readonly marks: readonly { readonly x: number; readonly name: string; readonly side: "start" | "end" }[];
}

const [width, height] = [520, 220];
const pad = { left: 52, right: 14, top: 14, bottom: 34 };

export function plot({ label, x, y, lines, band, marks }: Plot): Markup {
  const all = [...lines.flatMap(({ points }) => points), ...(band?.high ?? [])];
  const [xTicks, yTicks] = [
    ticks(Math.max(0, ...all.map(([at]) => at), ...marks.map((mark) => mark.x))),
    ticks(Math.max(0, ...all.map(([, value]) => value))),
  ];
  const [xMost, yMost] = [xTicks[xTicks.length - 1] ?? 1, yTicks[yTicks.length - 1] ?? 1];
  const px = (value: number): number => round(pad.left + (value / xMost) * (width - pad.left - pad.right));
  const py = (value: number): number => round(height - pad.bottom - (value / yMost) * (height - pad.top - pad.bottom));
  const path = (points: Line["points"]): string => points.map(([at, value]) => `${px(at)},${py(value)}`).join(" ");
  return html`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
${yTicks.map((tick) => html`<line class="grid" x1="${pad.left}" x2="${width - pad.right}" y1="${py(tick)}" y2="${py(tick)}"/><text x="${pad.left - 6}" y="${py(tick) + 4}" text-anchor="end">${grouped(tick)}</text>`)}
${xTicks.map((tick) => html`<text x="${px(tick)}" y="${height - pad.bottom + 15}" text-anchor="middle">${grouped(tick)}</text>`)}
<text x="${width - pad.right}" y="${height - 4}" text-anchor="end">${x}</text><text x="${pad.left}" y="10">${y}</text>
${band && band.low.length > 0 ? html`<polygon class="band" points="${path([...band.low, ...band.high.toReversed()])}"/>` : null}
${marks.map((mark, i) => html`<line class="marked" x1="${px(mark.x)}" x2="${px(mark.x)}" y1="${pad.top}" y2="${height - pad.bottom}"/><text class="marked" x="${px(mark.x) + (mark.side === "end" ? -4 : 4)}" y="${pad.top + 10 + i * 13}" text-anchor="${mark.side}">${mark.name}</text>`)}
${lines.map(({ look, points, dots }) => html`<polyline class="line ${look}" points="${path(points)}"/>${dots && points.map(([at, value]) => html`<circle class="dot ${look}" cx="${px(at)}" cy="${py(value)}" r="3.5"/>`)}`)}
</svg>`;
}

/** About five round numbers from 0 to beyond `most`. */
function ticks(most: number): readonly number[] {
  if (!(most > 0) || !Number.isFinite(most)) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
