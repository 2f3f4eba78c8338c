/** The one way strings become HTML: the template tag escapes every value that is not itself made by the tag. */
import { plain } from "../text.ts";

export interface Markup {
  readonly markup: string;
}

type Value = Markup | string | number | null | false | readonly Value[];

/** Markup from a template; strings and numbers are escaped, null and false are nothing, lists are joined. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: parts.reduce((out, part, i) => out + rendered(values[i - 1] ?? null) + part) };
}

function rendered(value: Value): string {
  if (value === null || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  if (isList(value)) return value.map(rendered).join("");
  return value.markup;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Inert in text and in quoted attributes; control characters and direction overrides are gone. */
export function escapeHtml(text: string): string {
  return plain(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON for a `<script type="application/json">`: no `<`, so neither an end tag nor a comment can begin in it. */
export function embeddedJson(value: unknown): Markup {
  return {
    markup: JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`),
  };
}

/** A link to a place on this page. */
export function anchor(...parts: readonly string[]): string {
  return `#${parts
    .filter((part) => part !== "")
    .map((part) => encodeURIComponent(plain(part)))
    .join("/")}`;
}
