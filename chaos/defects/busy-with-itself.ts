/** A thread that is busy is busy for whoever asks. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "busy-with-itself",
  claim: "FR-9",
  what: "Under the rule reject a thread is found busy before the key is looked up, so that a request that is sent again is refused because of the run that it made itself.",
  edits: [
    {
      file: "migrations/003-threads.sql",
      find: "  return query\n    select case when runs.id = new_id then",
      replace:
        "  select count(*) into unfinished from runs where thread_id = thread and runs.status in ('pending', 'running');\n  if unfinished > 0 and rule = 'reject' then\n    return query select 'busy', new_id, '', 0, '{}'::uuid[];\n    return;\n  end if;\n  return query\n    select case when runs.id = new_id then",
    },
  ],
  caughtBy: ["repeat-creates"],
} satisfies Defect;
