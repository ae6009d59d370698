/** How a driver is changed: what it reads of runs and of syncs, its errors, and its functions one by one. */
import type { Snapshot as SyncSnapshot } from "@openretl/core/driver/Catalog"
import type { AnyDriver, Page, PageQuery, Snapshot } from "@openretl/core/driver/Driver"
import type { Reason } from "@openretl/core/Reason"
import { RetlError } from "@openretl/core/RetlError"
import type { Status } from "@openretl/core/Run"
import { DateTime, Effect, Stream } from "effect"
import type { Change } from "./adapters.ts"

type AnyCatalog = NonNullable<AnyDriver["catalog"]>
type AnyAdministration = NonNullable<AnyDriver["administration"]>
type AnyCancellation = NonNullable<AnyDriver["cancellation"]>

/** Returns the fields without these. */
export const without = <A extends object>(fields: A, ...names: ReadonlyArray<keyof A & string>): A =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.some((other) => other === name))) as A

/** Returns a time that a reader in another zone takes for this one. */
export const inLocalTime = (time: DateTime.Utc): DateTime.Utc => DateTime.add(time, { hours: 2 })

/** Returns the error without a part of what the vendor answered. */
export const withoutEvidence = (
  { workspace, vendor, operation, reason, delivery, evidence, attempts, exhausted }: RetlError,
  name: "text" | "code" | "status",
): RetlError => {
  const answered = { evidence: without(evidence, name), attempts, exhausted }
  return new RetlError({ workspace, vendor, operation, reason, delivery, ...answered })
}

/** Other functions that run syncs. */
export const runs =
  (change: (runs: AnyDriver["runs"]) => Partial<AnyDriver["runs"]>): Change =>
  (driver) => ({ ...driver, runs: { ...driver.runs, ...change(driver.runs) } })

/** Other pages of runs. */
export const pages = (change: (page: Page, query: PageQuery) => Page): Change =>
  runs(({ list }) => ({ list: (sync, query) => Effect.map(list(sync, query), (page) => change(page, query)) }))

/** Other runs in lists. */
export const listedRuns = (change: (run: Snapshot) => Snapshot): Change =>
  pages((page) => ({ ...page, runs: page.runs.map(change) }))

/** Other runs, wherever the driver reads one. */
export const readRuns =
  (change: (run: Snapshot) => Snapshot): Change =>
  (driver) =>
    runs(({ get }) => ({ get: (sync, run) => Effect.map(get(sync, run), change) }))(listedRuns(change)(driver))

/** Another status for every run of one status. */
export const statusAs = (from: Status, to: Status): Change =>
  readRuns((run) => (run.status === from ? { ...run, status: to } : run))

/** Other row counts. */
export const rows = (change: (rows: Snapshot["rows"], run: Snapshot) => Snapshot["rows"]): Change =>
  readRuns((run) => ({ ...run, rows: change(run.rows, run) }))

/** Other errors of everything that runs syncs. */
export const errors =
  (change: (error: RetlError) => RetlError): Change =>
  (driver) => {
    const { start, get, list } = driver.runs
    const { cancellation } = driver
    return {
      ...driver,
      runs: {
        ...driver.runs,
        start: (sync, options) => Effect.mapError(start(sync, options), change),
        get: (sync, run) => Effect.mapError(get(sync, run), change),
        list: (sync, query) => Effect.mapError(list(sync, query), change),
      },
      ...(cancellation && {
        cancellation: {
          ...cancellation,
          cancel: (sync, run) => Effect.mapError(cancellation.cancel(sync, run), change),
        },
      }),
    }
  }

/** Another reason in place of each of one kind. */
export const reasonAs = (from: Reason["_tag"], to: Reason): Change =>
  errors((error) => (error.reason._tag === from ? error.with({ reason: to }) : error))

/** Another description of the vendor. */
export const description =
  (change: Partial<AnyDriver["description"]>): Change =>
  (driver) => ({ ...driver, description: { ...driver.description, ...change } })

/** Another cancellation. */
export const cancellation =
  (change: (part: AnyCancellation) => Partial<AnyCancellation>): Change =>
  ({ cancellation: part, ...driver }) => ({ ...driver, ...(part && { cancellation: { ...part, ...change(part) } }) })

/** Another check of access. */
export const check =
  (change: (check: AnyDriver["check"]) => AnyDriver["check"]): Change =>
  (driver) => ({ ...driver, check: change(driver.check) })

/** Another catalog. */
export const catalog =
  (change: (part: AnyCatalog) => Partial<AnyCatalog>): Change =>
  ({ catalog: part, ...driver }) => ({ ...driver, ...(part && { catalog: { ...part, ...change(part) } }) })

/** Another administration. */
export const administration =
  (change: (part: AnyAdministration) => Partial<AnyAdministration>): Change =>
  ({ administration: part, ...driver }) => ({
    ...driver,
    ...(part && { administration: { ...part, ...change(part) } }),
  })

/** A configured sync of any vendor. */
export type AnySync = SyncSnapshot<Readonly<Record<string, string>>>

/** Other syncs, wherever the driver reads one. */
export const readSyncs = (change: (sync: AnySync) => AnySync): Change => {
  const changeShown = (sync: AnySync | undefined) => sync && change(sync)
  const inChanges = administration(({ listCandidates, create, update }) => ({
    listCandidates: (requests, sync) => Effect.map(listCandidates(requests, sync), (syncs) => syncs.map(change)),
    ...(create && { create: (sync) => Effect.map(create(sync), changeShown) }),
    update: (current, wanted) => Effect.map(update(current, wanted), changeShown),
  }))
  const inCatalog = catalog(({ list, get }) => ({
    list: (requests) => Stream.map(list(requests), change),
    get: (requests, sync) => Effect.map(get(requests, sync), change),
  }))
  return (driver) => inChanges(inCatalog(driver))
}
