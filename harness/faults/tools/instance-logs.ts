/** What an instance has written so far: its output leads to a file, whichever process of it has written. */
import { readFile } from "node:fs/promises";
import type { Instance } from "../../drivers/stack.ts";

/** Empty while it is down. Linux only, as every reading of a process here. */
export async function logOf(instance: Instance): Promise<string> {
  const pid = instance.pid();
  if (pid === undefined) return "";
  // Opened anew through the link: it reads from the beginning, wherever the instance itself writes.
  return readFile(`/proc/${pid}/fd/1`, "utf8").catch(() => "");
}
