/** toxiproxy for the edges that an experiment faults, beside the stack on loopback. */
import { answersVersion, type Edge, edgeMaker } from "../proxied-edges.ts";
import { startReady } from "./child.ts";
import type { Ports } from "./ports.ts";

export interface Toxiproxy extends AsyncDisposable {
  /** `upstream`: host:port. */
  addEdge(name: string, upstream: string): Promise<Edge>;
}

export async function startToxiproxy(options: {
  readonly part: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly directory: string;
  readonly logFile: string;
  readonly ports: Ports;
  readonly marker: string;
}): Promise<Toxiproxy> {
  const port = await options.ports.take();
  const control = `127.0.0.1:${port}`;
  const child = await startReady(
    {
      name: "toxiproxy",
      command: options.part.path,
      args: ["-host", "127.0.0.1", "-port", String(port)],
      env: { ...options.part.env, LOG_LEVEL: "warn" },
      cwd: options.directory,
      logFile: options.logFile,
      marker: options.marker,
    },
    { what: `Toxiproxy was expected to answer on ${control}`, probe: () => answersVersion({ control }), withinMs: 10_000 },
  );
  return {
    addEdge: edgeMaker({ control, listen: "127.0.0.1", takePort: () => options.ports.take() }),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
