/** The runs of what a driver returns: with their refs, and a status that rows and this process's cancels decide. */
import * as Effect from "effect/Effect"
import * as BoundedMap from "../driver/BoundedMap.ts"
import type { Snapshot } from "../driver/Driver.ts"
import * as Redaction from "../http/redaction.ts"
import * as Wire from "../http/Wire.ts"
import { UnexpectedResponse } from "../model/Reason.ts"
import { RunRef, type SyncRef } from "../model/Ref.ts"
import type { RetlError } from "../model/RetlError.ts"
import { account, decideByRows, isTerminal, Run, type Status } from "../model/Run.ts"
import * as Shown from "../model/shown.ts"
import * as Logging from "../telemetry/logging.ts"
import type { Errors } from "./errors.ts"
import type { Refs } from "./refs.ts"
import * as Verify from "./verify.ts"

/** Creates runs of what a driver returns. */
export interface Snapshots {
  /**
   * Returns the run of a snapshot that was read by its ref. Fails with `UnexpectedResponse` where it cannot be a run. Logs a
   * warning for each vendor word that the adapter does not list, once.
   */
  readonly toRun: (operation: string, ref: RunRef, snapshot: Snapshot) => Effect.Effect<Run, RetlError>
  /** As `toRun`, of a sync's snapshots. */
  readonly toRuns: (
    operation: string,
    sync: SyncRef,
    snapshots: ReadonlyArray<Snapshot>,
  ) => Effect.Effect<ReadonlyArray<Run>, RetlError>
}

/** What `make` needs of a workspace. */
interface Parts {
  readonly workspace: string
  readonly vendor: string
  readonly errors: Errors
  readonly refs: Refs
  readonly redact: Redaction.Redact
  /** The statuses of vendor words that the adapter does not list. */
  readonly statusWords: Readonly<Record<string, Status>>
  /** Whether the vendor counts deleted rows apart from delivered ones. */
  readonly areDeletedApart: boolean
  /** Runs whose cancel this process requested, by their keys, with the vendor's word for them right before. */
  readonly cancelRequested: BoundedMap.BoundedMap<string>
}

export const make = ({
  workspace,
  vendor,
  errors,
  refs,
  redact,
  statusWords,
  areDeletedApart,
  cancelRequested,
}: Parts): Snapshots => {
  const words = new Map(Object.entries(statusWords))
  const reported = BoundedMap.make<true>(256)

  const build = (ref: RunRef, { run: _, ...fields }: Snapshot): Run => {
    const word = words.get(fields.vendorStatus) ?? fields.status
    const status = statusOf(fields, word, cancelRequested.get(refs.runKeyOf(ref)))
    const errorText = fields.errorText && Wire.errorText(redact(fields.errorText))
    return new Run({
      ...Redaction.inside(fields, redact),
      ...(errorText && { errorText }),
      ref,
      status,
      rows: isTerminal(status) ? account(fields.rows, areDeletedApart) : fields.rows,
    })
  }

  // Fields that are `undefined` are rare, and `Run` rejects them: only then is the snapshot copied without them.
  const toRun = (ref: RunRef, snapshot: Snapshot): Run => {
    try {
      return build(ref, snapshot)
    } catch {
      return build(ref, Verify.withoutUndefined(snapshot))
    }
  }

  const unexpected = (operation: string, snapshot: unknown) =>
    Effect.fail(errors.error(operation, new UnexpectedResponse({ issues: Verify.snapshotIssues(snapshot) }), "unknown"))

  const reportUnlistedWord = ({ vendorStatus }: Run) =>
    Effect.suspend(() => {
      if (reported.has(vendorStatus)) return Effect.void
      reported.set(vendorStatus, true)
      return Logging.warn("The adapter does not list a vendor's status; name its meaning in statusWords", {
        ...{ vendor, workspace, vendorStatus: Shown.word(redact(vendorStatus)) },
      })
    })

  const isUnlisted = ({ status }: Run) => status === "unknown"

  return {
    toRun: (operation, ref, snapshot) => {
      try {
        const run = toRun(ref, snapshot)
        return isUnlisted(run) ? Effect.as(reportUnlistedWord(run), run) : Effect.succeed(run)
      } catch {
        return unexpected(operation, snapshot)
      }
    },
    toRuns: (operation, sync, snapshots) => {
      const runs: Array<Run> = []
      for (const snapshot of snapshots) {
        try {
          runs.push(toRun(new RunRef({ sync, run: snapshot.run }), snapshot))
        } catch {
          return unexpected(operation, snapshot)
        }
      }
      return Effect.as(Effect.forEach(runs.filter(isUnlisted), reportUnlistedWord, { discard: true }), runs)
    },
  }
}

/**
 * Returns the status of a run whose vendor word translates to `word`. `wordBefore` is the vendor's word right before
 * this process requested a cancel of the run; `undefined` where it requested none.
 */
const statusOf = (
  { vendorStatus, rows }: Pick<Snapshot, "vendorStatus" | "rows">,
  word: Status,
  wordBefore: string | undefined,
): Status => {
  const status = decideByRows(word, rows)
  if (wordBefore === undefined) return status
  // A vendor without a word for "cancelled" calls such a run a failure, or uses a word that the adapter does not list.
  if (word === "failed") return "cancelled"
  if (status === "unknown" && vendorStatus !== wordBefore)
    return /ing$/i.test(vendorStatus) ? "cancelling" : "cancelled"
  return status === "running" || status === "queued" ? "cancelling" : status
}
