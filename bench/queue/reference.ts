/** The reference server's own side of the comparison, which lies with the server: nothing here imports it by name. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { project, type Services } from "./services.ts";

export const referenceAdapter = join(project, "reference-server", "testing", "bench-queue.ts");

interface ReferenceQueue extends AsyncDisposable {
  /** Puts runs there that may be claimed at once. */
  fill(count: number, input?: { readonly steps: number; readonly step_ms: number }): Promise<void>;
  /** Tells the instances that there is work. */
  wake(): void;
}

/** A database becomes the server's: migrated, empty. Disposing closes the connections. */
export async function openReference({ redisUrl }: Services, databaseUrl: string): Promise<ReferenceQueue> {
  const { open } = (await import(pathToFileURL(referenceAdapter).href)) as {
    open(at: object): Promise<Omit<ReferenceQueue, keyof AsyncDisposable> & { stop(): Promise<void> }>;
  };
  const queue = await open({ databaseUrl, redisUrl, concurrency: 2 });
  return { ...queue, [Symbol.asyncDispose]: queue.stop };
}

export async function fillReference(services: Services, databaseUrl: string, count: number): Promise<void> {
  await using queue = await openReference(services, databaseUrl);
  await queue.fill(count);
}
