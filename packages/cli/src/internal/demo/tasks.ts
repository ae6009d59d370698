/** What the demonstration does: it triggers every staged sync, and cancels two of the runs. */
import type { Configuration } from "../../Configuration.ts"
import type { Task } from "../tasks/follow.ts"
import type { Stage } from "./stage.ts"

/** Returns the tasks of a stage, of which `configuration` is the decoded document. */
export const tasksOf = ({ syncs }: Configuration, { cancels }: Stage): ReadonlyArray<Task> =>
  syncs.map((sync): Task => {
    const { name, ref, trigger, wait } = sync
    const cancelAfter = cancels[name]
    const options = { whenRunning: "fail" as const, ...trigger }
    return {
      name,
      sync: ref,
      settings: sync,
      wait,
      ...(cancelAfter && { cancelAfter }),
      next: { _tag: "Trigger", options },
    }
  })
