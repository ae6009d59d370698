/** How a job ended, as its report says. */
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import type { Pending } from "../engine/trigger/pending.ts"
import type { Finished } from "../model/Outcome.ts"
import type { SyncRef } from "../model/Ref.ts"
import type { JobReport } from "../model/Report.ts"
import { RetlError } from "../model/RetlError.ts"
import { TriggerIndeterminate } from "../model/Trigger.ts"
import { OutcomeRejected, WaitDeadlineExceeded, WaitNotStarted, WaitStatusUnknown } from "../model/Wait.ts"

/** What every report on a job has. */
export interface Ended {
  readonly name: string
  readonly sync: SyncRef
  readonly duration: Duration.Duration
}

type Details = Omit<JobReport, keyof Ended>

/** Returns the report on a job whose call has ended. */
export const report = (job: Ended, exit: Exit.Exit<Finished, unknown>): JobReport => ({
  ...job,
  ...(Exit.isSuccess(exit) ? finished(exit.value) : failed(Cause.squash(exit.cause))),
})

const finished = ({ run, verdict, how }: Finished): Details => ({
  verdict,
  isGreen: true,
  ...(how !== undefined && { how }),
  rows: run.rows,
  run: run.ref,
})

const failed = (error: unknown): Details => {
  if (error instanceof OutcomeRejected) {
    const { run, verdict } = error
    return { verdict, ...described(error), rows: run.rows, run: run.ref }
  }
  if (error instanceof WaitDeadlineExceeded || error instanceof WaitStatusUnknown || error instanceof WaitNotStarted) {
    const { how, run } = error
    // Without `how`, it is the run that was in the way of the trigger.
    if (how === undefined) return { verdict: "not-run", ...described(error) }
    const ref = error instanceof WaitDeadlineExceeded ? error.ref : error.run.ref
    return { verdict: "unended", ...described(error), ...(run && { rows: run.rows }), run: ref }
  }
  if (error instanceof TriggerIndeterminate) {
    const { entry, candidates } = error
    return { verdict: "indeterminate", ...described(error), candidates, entry: entry.id }
  }
  if (error instanceof RetlError) return refused(error)
  // A bug, of a transport or a journal for instance: what it left behind is unknown.
  return { verdict: "indeterminate", isGreen: false, code: "retl.defect", guidance: defect }
}

const refused = (error: RetlError): Details => {
  const { run, how, delivery } = error
  // Without `how`, it is the run that was in the way of the trigger.
  if (run !== undefined && how !== undefined) return { verdict: "unended", ...described(error), run }
  return { verdict: delivery === "unknown" ? "indeterminate" : "not-run", ...described(error) }
}

const described = (error: {
  readonly code: string
  readonly guidance: string
  readonly how?: JobReport["how"]
}): Pick<JobReport, "isGreen" | "code" | "guidance" | "how"> => {
  const { code, guidance, how } = error
  return { isGreen: false, code, guidance, ...(how !== undefined && { how }) }
}

const defect = "Look at the log for the defect, and at pending for what the job has left in the journal."

const code = "retl.interrupted"

/** Returns the report on a job that an interrupt stopped, with what the journal has of it. */
export const interrupted = (entry: Pending["entry"] | undefined, hasKey: boolean): Details => {
  const next = hasKey ? "run the batch again with its key" : "pending shows its entry, and resume goes on with its run"
  if (entry === undefined || entry.state === "claimed") {
    const guidance = `Interrupted before the journal showed a run: ${next}.`
    return { verdict: entry === undefined ? "indeterminate" : "not-run", isGreen: false, code, guidance }
  }
  const shown = { isGreen: false, code, entry: entry.id }
  return "run" in entry
    ? { ...shown, verdict: "unended", guidance: `The run goes on at the vendor: ${next}.`, run: entry.run }
    : { ...shown, verdict: "indeterminate", guidance: `The trigger was on its way: ${next}.` }
}

/** The report on a job that had not begun when the batch was interrupted. */
export const notBegun: Details = {
  verdict: "not-run",
  isGreen: false,
  code,
  guidance: "The batch was interrupted before this job began: run it again.",
}
