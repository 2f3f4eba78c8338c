/** The health page of an instance as most have it: JSON with `components`, each with a `status`. */

/** Which components a page says are up, by name. Throws on a page that is no object. */
export function statesIn(page: unknown): Readonly<Record<string, boolean>> {
  const { components = {} } = page as { readonly components?: Readonly<Record<string, { readonly status?: string }>> };
  return Object.fromEntries(Object.entries(components).map(([name, { status }]) => [name, status?.toLowerCase() === "up"]));
}
