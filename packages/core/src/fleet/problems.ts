/** Reads the jobs of a batch, and everything that is wrong with them, before any request. */
import * as Result from "effect/Result"
import { Catalog } from "../Catalog.ts"
import { CurrentWorkspace } from "../CurrentWorkspace.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import * as Job from "../model/Job.ts"
import { Key } from "../model/JournalEntry.ts"
import * as Ref from "../model/Ref.ts"
import type { RunOptions } from "../model/RunOptions.ts"
import type { Scope } from "../model/Scope.ts"
import type { Needs } from "./needs.ts"

/** A job that can begin. */
export interface Ready {
  readonly name: string
  readonly sync: Ref.SyncRef
  /** What `perDestination` counts by; absent where nothing counts. */
  readonly destination: string | undefined
  /** The options for `run`. */
  readonly options: RunOptions & { readonly scope?: Scope }
}

/** A batch that can begin. */
export interface Batch {
  readonly jobs: ReadonlyArray<Ready>
  readonly options: Job.RunAllOptions
}

type Issues = ReadonlyArray<FieldIssue.FieldIssue>

const decodeJob = /* @__PURE__ */ Input.decoder(Job.Job)
const decodeOptions = /* @__PURE__ */ Input.decoder(Job.RunAllOptions)
const decodeRef = /* @__PURE__ */ Input.decoder(Ref.SyncRef, { excess: "ignore" })
const decodeText = /* @__PURE__ */ Input.decoder(Ref.SyncRefFromText)
const decodeKey = /* @__PURE__ */ Input.decoder(Key)

/** Returns the batch, or everything that is wrong with it, at most 100 issues. */
export const read = (fleet: Needs, jobs: unknown, options: unknown): Result.Result<Batch, Issues> => {
  const decoded = decodeOptions(options)
  const ofBatch = Result.isSuccess(decoded) ? decoded.success : {}
  const found = itemsOf(jobs).map((job, at) => readJob(fleet, job, ofBatch, ["jobs", String(at)]))
  const ready = found.flatMap(({ ready }) => (ready === undefined ? [] : [ready]))
  const issues = [
    ...(Result.isSuccess(decoded) ? [] : decoded.failure),
    ...listIssues(jobs),
    ...found.flatMap(({ issues }) => issues),
    ...repeated(
      found.map(({ name }) => name),
      "name",
      "a name that no other job has",
    ),
    ...repeated(
      found.map(({ place }) => place),
      "sync",
      "a sync that no other job with this scope has",
    ),
  ]
  return issues.length > 0
    ? Result.fail(issues.slice(0, Input.maxIssues))
    : Result.succeed({ jobs: ready, options: ofBatch })
}

/** Returns the jobs that are read: what is no list has none, and of one that is too long only the first are read. */
const itemsOf = (jobs: unknown): ReadonlyArray<unknown> => (Array.isArray(jobs) ? jobs.slice(0, Job.maxJobs) : [])

const listIssues = (jobs: unknown): Issues =>
  Array.isArray(jobs) && jobs.length > 0 && jobs.length <= Job.maxJobs
    ? []
    : [{ path: ["jobs"], message: `Expected a list of 1 to ${Job.maxJobs} jobs` }]

interface Found {
  readonly issues: Issues
  readonly name?: string
  /** The sync and its scope, which no two jobs share. */
  readonly place?: string
  readonly ready?: Ready
}

const readJob = (fleet: Needs, value: unknown, ofBatch: Job.RunAllOptions, path: ReadonlyArray<string>): Found => {
  const decoded = decodeJob(value)
  if (Result.isFailure(decoded)) {
    const name = Input.field(value, "name")
    return { issues: FieldIssue.within(path, decoded.failure), ...(typeof name === "string" && { name }) }
  }
  const { name, sync, destination: named, ...ofJob } = decoded.success
  const { key: ofAll, concurrency: _, perDestination, onEnd: __, ...shared } = ofBatch
  const { whenRunning, ...others } = { ...shared, ...ofJob }
  const ref = refOf(sync)
  const destination = named ?? (Result.isSuccess(ref) ? destinationOf(sync, ref.success) : undefined)
  const key = ofAll === undefined ? undefined : Job.keyOf(ofAll, name)
  const expected: ReadonlyArray<readonly [field: string, isRight: boolean, message: string]> = [
    ["whenRunning", whenRunning !== undefined, 'Expected "fail" | "adopt" | "wait", here or for all jobs'],
    [
      "name",
      key === undefined || Result.isSuccess(decodeKey(key)),
      "Expected a name that makes a key of 255 characters",
    ],
    [
      "destination",
      perDestination === undefined || destination !== undefined || Result.isFailure(ref),
      "Expected a name: perDestination counts by it",
    ],
  ]
  const issues = [
    ...expected.flatMap(([field, isRight, message]) => (isRight ? [] : [{ path: [field], message }])),
    ...(Result.isFailure(ref)
      ? FieldIssue.within(["sync"], ref.failure)
      : workspaceIssues(fleet, ref.success, others.scope, others.whenPaused)),
  ]
  const found = { issues: FieldIssue.within(path, issues), name }
  if (Result.isFailure(ref)) return found
  const place = `${ref.success} ${others.scope ?? ""}`
  if (issues.length > 0 || whenRunning === undefined) return { ...found, place }
  const options = { ...others, whenRunning, ...(key !== undefined && { key }) }
  return { ...found, place, ready: { name, sync: ref.success, destination, options } }
}

/** Returns the ref of a job's sync, however the caller named it. */
const refOf = (sync: Job.Job["sync"]): Result.Result<Ref.SyncRef, Issues> => {
  if (typeof sync === "string") return decodeText(sync)
  const ref = Input.field(sync, "connection") === undefined ? sync : Input.field(sync, "ref")
  return ref instanceof Ref.SyncRef ? Result.succeed(ref) : decodeRef(ref)
}

/** Returns the destination that a catalog shows of a sync, or that its ref names: its id at the vendor, in its workspace. */
const destinationOf = (sync: Job.Job["sync"], ref: Ref.SyncRef): string | undefined => {
  const ofCatalog = Input.field(Input.field(Input.field(sync, "connection"), "destination"), "id")
  const id = ofCatalog ?? Input.field(ref.ids, "destination")
  return typeof id === "string" ? JSON.stringify([ref.workspace, id]) : undefined
}

/** Returns what the workspace of a sync cannot do. */
const workspaceIssues = (
  fleet: Needs,
  sync: Ref.SyncRef,
  scope: Scope | undefined,
  whenPaused: RunOptions["whenPaused"] = "trigger",
): Issues => {
  if (!fleet.has(sync)) {
    return [{ path: ["sync"], message: `Expected a sync of this fleet, not of ${sync.vendor} (${sync.workspace})` }]
  }
  const scopes = fleet.find(sync, CurrentWorkspace)?.capabilities?.scopes ?? []
  return [
    ...(scope === undefined || scopes.includes(scope)
      ? []
      : [
          {
            path: ["scope"],
            message:
              scopes.length === 0
                ? `Expected no scope: ${sync.vendor} has none`
                : `Expected ${scopes.map((scope) => `"${scope}"`).join(" | ")}`,
          },
        ]),
    ...(whenPaused === "trigger" || fleet.find(sync, Catalog) !== undefined
      ? []
      : [{ path: ["whenPaused"], message: `Expected "trigger": the workspace ${sync.workspace} does not read syncs` }]),
  ]
}

/** Returns an issue for each value that an earlier job has, too. */
const repeated = (values: ReadonlyArray<string | undefined>, field: string, expected: string): Issues => {
  const earlier = new Set<string>()
  return values.flatMap((value, at) => {
    if (value === undefined) return []
    const isRepeated = earlier.has(value)
    earlier.add(value)
    return isRepeated ? [{ path: ["jobs", String(at), field], message: `Expected ${expected}` }] : []
  })
}
