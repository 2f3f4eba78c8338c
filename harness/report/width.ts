/** How wide text is on a terminal, and text of a given width. */
import { oneLine } from "./text.ts";

/** Width on the screen: East Asian wide characters and emoji take two columns, combining marks none. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}|\u200b|\u200d/u.test(character)) continue;
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(character)
      ? 2
      : 1;
  }
  return width;
}

/** Filled up with spaces to a width on the screen. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** On one line, cut to a width with an ellipsis. */
export function cut(text: string, width: number): string {
  const line = oneLine(text.slice(0, width * 8));
  if (columns(line) <= width) return line;
  let out = "";
  for (const character of line) {
    if (columns(out + character) > width - 1) break;
    out += character;
  }
  return `${out.trimEnd()}…`;
}
