/** Configuration files from templates. Pure: the caller reads and writes the files. */

export type Values = Readonly<Record<string, string | undefined>>;

/**
 * The text with its places filled in, without the sections that nobody asked for. Throws an Error when it names a place that nothing fills: template and renderer
 * do not belong together.
 */
export function fillTemplate(template: string, values: Values): string {
  return fill(withoutUnaskedSections(template, values), values);
}

/** A section is the lines between {{#name}} and {{/name}}; it stays when the name has a value. Sections may contain others. */
function withoutUnaskedSections(text: string, values: Values): string {
  return text.replace(/^ *\{\{#(\w+)\}\}\n(.*?)^ *\{\{\/\1\}\}\n/gms, (_whole, name: string, inner: string) =>
    values[name] === undefined ? "" : withoutUnaskedSections(inner, values),
  );
}

/** A value of several lines that has its line to itself keeps the indentation of its place. */
function fill(text: string, values: Values): string {
  return text.replace(/^( *)\{\{(\w+)\}\}$|\{\{(\w+)\}\}/gm, (_whole, indent: string | undefined, alone: string | undefined, within: string) => {
    const name = alone ?? within;
    const value = values[name];
    if (value === undefined)
      throw new Error(`The template names {{${name}}}, and there is no such setting. Take template and renderer from one version.`);
    return alone === undefined ? value : `${indent}${value.replaceAll("\n", `\n${indent}`)}`;
  });
}
