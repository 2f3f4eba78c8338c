/**
 * A lock between processes of one machine: a file that names its holder by pid and start time. A holder that died (kill -9 too) does not block
 * anybody: its pid is gone or belongs to a process that started at another time. Plain JavaScript, because bootstrap.mjs needs it before
 * anything is installed.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Start time of a process in clock ticks since boot, "" where there is no /proc, null when there is no such process. */
function startOf(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === "ESRCH") return null;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name (field 2) may hold spaces and parentheses: count fields from the last one.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function holderOf(text) {
  const [pid, start] = text.split(" ");
  const alive = startOf(Number(pid));
  return alive === null || (alive !== "" && start !== "" && alive !== start) ? undefined : Number(pid);
}

let taken = 0;

/** Takes the lock if nobody has it: `release` to give it back, or the pid of the holder. */
function tryLock(path) {
  const mine = `${process.pid} ${startOf(process.pid)} ${++taken}`;
  const draft = `${path}.${process.pid}-${taken}`;
  mkdirSync(dirname(path), { recursive: true });
  // Written aside and linked into place: no reader ever sees a lock without its holder.
  writeFileSync(draft, mine);
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        linkSync(draft, path);
        return { release: () => read(path) === mine && rmSync(path, { force: true }) };
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      const found = read(path);
      if (found === undefined) continue;
      const holder = holderOf(found);
      if (holder !== undefined) return { holder };
      // Two may find the same dead holder: whoever moved away a living one's lock puts it back.
      const aside = `${draft}.stale`;
      try {
        renameSync(path, aside);
        if (read(aside) !== found) linkSync(aside, path);
      } catch (error) {
        if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
      }
      rmSync(aside, { force: true });
    }
    throw new Error(
      `Expected to take the lock ${path} of a dead process and found it taken again ten times; delete the file if no runproof is running.`,
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes the lock, waiting for a living holder at most `deadlineMs`; `onWait(pid)` is called once when there is one. Resolves to the function that gives it back. */
export async function lock(path, { deadlineMs, onWait, signal }) {
  const until = performance.now() + deadlineMs;
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    const answer = tryLock(path);
    if (answer.release !== undefined) return answer.release;
    if (!told) onWait?.(answer.holder);
    told = true;
    if (performance.now() > until) {
      throw new Error(`Expected process ${answer.holder} to release ${path} within ${deadlineMs} ms and it did not; end that process, then repeat.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
