/** Kubernetes manifests against the schemas that Kubernetes publishes (compiled by the npm package kubernetes-models). */
import { readdir, readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

// biome-ignore lint/suspicious/noExplicitAny: what a field holds is what the schema and the tests say
export type Resource = { apiVersion: string; kind: string; metadata: { name: string } } & Record<string, any>;

/** Every resource of the YAML files in a directory, by file name. Throws when a file is not YAML or names a key twice. */
export async function readManifests(directory: URL): Promise<Resource[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".yaml")).sort();
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, directory), "utf8")));
  return texts.flatMap((text, i) =>
    parseAllDocuments(text).map((document) => {
      if (document.errors[0]) throw new Error(`${files[i]}: ${document.errors[0].message}`);
      return document.toJS() as Resource;
    }),
  );
}

interface Validate {
  (data: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string; readonly keyword: string; readonly params: unknown }[] | null;
}

/**
 * What is wrong with a resource, one line each. The published schemas let unknown fields pass, and the API server drops them without a word; as
 * `kubectl --validate=strict` does, they are refused here: a field the validator never reads is one that no schema names.
 */
export async function schemaErrors(resource: Resource): Promise<readonly string[]> {
  const [group, version] = resource.apiVersion.includes("/") ? resource.apiVersion.split("/") : ["core", resource.apiVersion];
  const name = `IoK8sApi${capital(group)}${capital(version)}${resource.kind}`;
  const { validate } = (await import(`kubernetes-models/_schemas/${name}`)) as { readonly validate: Validate };
  const unread = new Set<string>();
  validate(watched(resource, "", unread));
  const wrong = (validate.errors ?? []).map(({ instancePath, keyword, params }) => `${instancePath}: ${keyword} ${JSON.stringify(params)}`);
  return [...wrong, ...[...unread].map((path) => `${path}: no such field`)];
}

const capital = (word = ""): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The same value, noting in `unread` each field of it that nobody has looked at. */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const children = new Map<PropertyKey, unknown>();
  for (const key of Object.keys(value)) unread.add(`${path}/${key}`);
  return new Proxy(value, {
    get(target, key, receiver) {
      if (!Object.hasOwn(target, key) || typeof key === "symbol") return Reflect.get(target, key, receiver);
      unread.delete(`${path}/${key}`);
      if (!children.has(key)) children.set(key, watched(Reflect.get(target, key, receiver), `${path}/${key}`, unread));
      return children.get(key);
    },
  });
}
