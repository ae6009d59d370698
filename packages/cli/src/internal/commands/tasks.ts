/** What the commands that run syncs and those that wait share. */
import type * as Outcome from "@openretl/core/Outcome"
import type * as Wait from "@openretl/core/Wait"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as ExitCode from "../../ExitCode.ts"
import type { Task } from "../tasks/follow.ts"
import { perform } from "../tasks/perform.ts"
import type { Surroundings } from "./command.ts"
import { Ended } from "./failure.ts"
import * as Flags from "./flags.ts"
import type * as Targets from "./targets.ts"

/** Returns the options of a sync's wait: the flags before the configuration. */
export const waitOptions = (
  { sync }: Targets.Target,
  deadline: Duration.Duration | undefined,
  policy: Outcome.Policy | undefined,
): Wait.Options => ({
  ...sync?.wait,
  ...(deadline !== undefined && { deadline }),
  ...(policy !== undefined && { policy }),
})

/** Ends the command with an exit code, unless it is `ok`. */
export const endWith = (code: ExitCode.Name): Effect.Effect<void, Ended> =>
  code === "ok" ? Effect.void : Effect.fail(new Ended(code))

/** What the command line says of all tasks. */
interface Given {
  readonly policy: Readonly<Record<string, string>> | undefined
  readonly deadline: Duration.Duration | undefined
  readonly concurrency?: number | undefined
  readonly perDestination?: number | undefined
}

/** Does tasks, and ends the command with their exit code. */
export const performTasks = (
  { session, printer, flags }: Surroundings,
  title: string,
  tasks: ReadonlyArray<Task>,
  { policy, deadline, ...bounds }: Given,
) => {
  const judging = { policy: Flags.policyWords(policy), deadline: Flags.deadlineWords(deadline) }
  return Effect.flatMap(perform({ session, json: printer.json, title, tasks, flags, judging, ...bounds }), endWith)
}
