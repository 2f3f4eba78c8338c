/** For servers that a test starts: a test that times out, and a process that is killed, take nothing down themselves. */
import { spawn } from "node:child_process";

/**
 * Kills the process group of `pid`, its leader, when this process has ended, however it ended: whoever waits sees the end of a pipe that only we
 * hold. Disposed, it no longer waits: the group has been taken down in order.
 */
export function endWithUs(pid: number | undefined): Disposable {
  if (pid === undefined) throw new Error("Expected a process that runs: it could not be started.");
  const waiting = spawn("sh", ["-c", 'read -r _; kill -KILL "-$1"', "sh", String(pid)], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  waiting.unref();
  return { [Symbol.dispose]: () => void waiting.kill("SIGKILL") };
}
