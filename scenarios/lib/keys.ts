/** The life of a principal and its keys, each step through whichever instance the balancer picks: keys are made, its role is changed, one key is ended, and both are used all the while. */
import { sleep } from "k6";
import type { Random } from "../../harness/core/random.ts";
import { perform } from "./perform.ts";

interface Key {
  readonly principal: string;
  readonly keyId: string;
  readonly secret: string;
}

/** The principal keeps its last role for so many rests after its other key has been ended: an instance that is killed at any moment has made keys and given roles that are still in use then. */
const quietRests = 3;

const present = (key: Key): void => void perform("useKey", key);
const enter = (key: Key): void => void perform("listRoles", key);

function makeKey(principal: string): Key | undefined {
  const { outcome, value } = perform("makeKey", { principal });
  return outcome === "ok" ? { principal, ...(value as { readonly keyId: string; readonly secret: string }) } : undefined;
}

/** `restS`: so long a copy of what was changed may be answered, and a little more (s). Each principal has each role at most once, so a role tells by which change it was given. */
export function presentKeys(
  principal: string,
  { random, restS, intended }: { readonly random: Random; readonly restS: number; readonly intended: number },
): void {
  const [first = "user", second = "auditor"] = random.shuffle(["user", "auditor", "admin"]);
  if (perform("giveRole", { principal, role: first }, intended).outcome !== "ok") return;
  const [ended, kept] = [makeKey(principal), makeKey(principal)];
  if (ended === undefined || kept === undefined) return;
  const use = (): void => {
    present(ended);
    present(kept);
    enter(kept);
  };
  use();
  perform("giveRole", { principal, role: second });
  use();
  sleep(restS);
  use();
  perform("endKey", { principal, keyId: ended.keyId });
  use();
  sleep(restS);
  use();
  for (let i = 0; i < quietRests; i++) {
    sleep(restS);
    present(kept);
    enter(kept);
  }
}
