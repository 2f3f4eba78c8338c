export function lock(
  path: string,
  options: { readonly deadlineMs: number; readonly onWait?: ((pid: number) => void) | undefined; readonly signal?: AbortSignal | undefined },
): Promise<() => void>;
