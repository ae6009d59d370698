/**
 * A vendor's configuration in memory, for tests of core alone: syncs live on Effect's clock, reads can lag behind writes,
 * and every request can fail, before or after the vendor has carried it out.
 */

import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Administration from "../../src/Administration.ts"
import * as AdminWorkspace from "../../src/AdminWorkspace.ts"
import * as Catalog from "../../src/Catalog.ts"
import * as Creation from "../../src/Creation.ts"
import * as Deletion from "../../src/Deletion.ts"
import type { Requests, Snapshot as SnapshotOf } from "../../src/driver/Catalog.ts"
import type { Description, Operation } from "../../src/driver/Description.ts"
import type { Driver } from "../../src/driver/Driver.ts"
import * as Journal from "../../src/journal/Journal.ts"
import * as ProcessState from "../../src/journal/ProcessState.ts"
import type { Definition } from "../../src/model/Change.ts"
import * as Reason from "../../src/model/Reason.ts"
import { SyncRef } from "../../src/model/Ref.ts"
import type { RetlError } from "../../src/model/RetlError.ts"
import type { Schedule } from "../../src/model/schedule/Schedule.ts"
import { manual } from "../../src/model/schedule/Schedule.ts"
import type { ScheduleForms } from "../../src/model/schedule/ScheduleForms.ts"
import { Runs } from "../../src/Runs.ts"
import type * as Workspace from "../../src/Workspace.ts"
import * as FakeDriver from "./fakeDriver.ts"

export type { Definition }

export interface FakeSync {
  readonly id: string
  /** What it moves; several syncs may move the same. */
  readonly pair: string
  readonly name: string
  readonly state: Snapshot["state"]
  /** Absent where the vendor does not say. */
  readonly schedule?: Schedule | undefined
  readonly mode: string
}

type Write = "create" | "update" | "delete"

/** What happens to a request in place of its answer. */
interface Trouble {
  readonly error?: RetlError
  /** Whether the vendor carries the request out, and how many milliseconds later. @default false */
  readonly commits?: boolean | number
  /** How long the answer, or the failure, takes. */
  readonly takes?: number
}

export interface Options {
  readonly description?: Partial<Description>
  /** How far reads lag behind writes, in milliseconds. */
  readonly lag?: number
  /** A create makes the sync only, disabled and manual; the rest takes an update. */
  readonly isBare?: boolean
  /** What the answers of writes show. @default "all" */
  readonly answers?: "all" | "nothing" | "no-details"
  /** A create over a pair that has a sync is answered with that sync, and makes nothing. */
  readonly isShy?: boolean
  /** What an update does to fields that it does not name: with `all`, it sends back their state and schedule as they were read. @default "named" */
  readonly replaces?: "named" | "all"
  /** Whether a pause, or a resume, replaces nothing all the same. @default false */
  readonly switchesAlone?: boolean
  /** What else reads tell of each sync. */
  readonly more?: Partial<Snapshot>
  /** A field that nothing tells of a sync. */
  readonly hides?: "name" | "schedule"
}

export const forms: ScheduleForms = {
  vendor: "Fake",
  every: { source: "these tests", shortest: "5 minutes", step: "1 minute" },
}

export const refOf = (id: string, workspace = "test") => new SyncRef({ workspace, vendor: "fake", ids: { sync: id } })

/** A definition over a pair; two alike make two syncs. */
export const definition = (pair: string, changes: Omit<Partial<Definition>, "part"> = {}): Definition => ({
  name: `from ${pair}`,
  ...changes,
  part: { vendor: "fake", spec: { pair, mode: "upsert" } },
})

const Spec = Schema.Struct({ pair: Schema.String, mode: Schema.String })
type Spec = typeof Spec.Type

const ChangedSpec = Schema.Struct({ pair: Schema.optionalKey(Schema.String), mode: Schema.optionalKey(Schema.String) })
type ChangedSpec = typeof ChangedSpec.Type

type Snapshot = SnapshotOf<FakeDriver.Ids, object>

export const make = (options: Options = {}) => {
  const runs = FakeDriver.make({ ...(options.description && { description: options.description }) })
  /** Every state that a sync has had, or will have; `undefined` once it is deleted. */
  const history = new Map<string, Array<{ readonly at: number; readonly as: FakeSync | undefined }>>()
  const sent: Array<{ readonly operation: Operation; readonly at: number; readonly change?: unknown }> = []
  const troubles: Array<Trouble & { readonly operation: Operation }> = []
  const hooks: Array<{ readonly operation: Operation; readonly happens: (now: number) => void }> = []
  let isClosed = false
  let minted = 0
  let lag = options.lag ?? 0
  /** What the vendor makes of an update that it accepts. */
  let obeys: (wanted: FakeSync, was: FakeSync) => FakeSync = (wanted) => wanted

  /** What the vendor stores of what it gets. */
  let stores: (sync: FakeSync) => FakeSync = (sync) => sync

  const at = (id: string, now: number): FakeSync | undefined => {
    let latest: FakeSync | undefined
    for (const state of history.get(id) ?? []) if (state.at <= now) latest = state.as
    return latest
  }
  const put = (id: string, when: number, as: FakeSync | undefined) => {
    const states = history.get(id) ?? []
    history.set(id, states)
    states.push({ at: when, as })
    states.sort((a, b) => a.at - b.at)
  }
  const all = (now: number) => Array.from(history.keys()).flatMap((id) => at(id, now) ?? [])

  const isSwitch = (change: object): boolean => Object.keys(change).join() === "enabled"
  const isReplacing = (change: object): boolean =>
    options.replaces === "all" && !(options.switchesAlone === true && isSwitch(change))

  /** The ids of the syncs whose bodies the next answers have, by operation. */
  const mixedUp = new Map<Operation, string>()

  const snapshot = ({ id, pair, name, state, schedule, mode }: FakeSync): Snapshot => ({
    ids: { sync: id },
    ...(options.hides !== "name" && { name }),
    connection: { source: { id: `source-${pair}` }, destination: { id: `destination-${pair}` } },
    state,
    vendorState: state,
    vendorMode: mode,
    ...(schedule !== undefined && options.hides !== "schedule" && { schedule }),
    native: {},
    ...options.more,
  })

  const missing = FakeDriver.failure(new Reason.NotFound({ what: "sync" }), "refused", { status: 404 })
  const closed = FakeDriver.failure(new Reason.Unsupported({ capability: "the list is closed" }), "not-sent")

  const request = Effect.fnUntraced(function* <A>(
    operation: Operation,
    carryOut: (when: number) => A,
    answer: (done: A, now: number) => Effect.Effect<A, RetlError>,
    change?: unknown,
  ) {
    const now = yield* Clock.currentTimeMillis
    sent.push({ operation, at: now, ...(change !== undefined && { change }) })
    for (const hook of hooks) if (hook.operation === operation) hook.happens(now)
    const index = troubles.findIndex((trouble) => trouble.operation === operation)
    const [trouble] = index < 0 ? [] : troubles.splice(index, 1)
    const { error, commits = error === undefined, takes = 0 } = trouble ?? {}
    const done = commits === false ? undefined : { is: carryOut(now + (commits === true ? 0 : commits)) }
    if (takes > 0) yield* Effect.sleep(takes)
    if (error !== undefined) return yield* error
    return yield* answer(done === undefined ? carryOut(now) : done.is, now)
  })

  const read = <A>(
    operation: Operation,
    look: (now: number) => Effect.Effect<A, RetlError>,
  ): Effect.Effect<A, RetlError> =>
    Effect.flatMap(
      request<unknown>(
        operation,
        () => undefined,
        (done) => Effect.succeed(done),
      ),
      () => Effect.flatMap(Clock.currentTimeMillis, (now) => look(now - lag)),
    )

  /** Everything, two to a page. */
  const page = (cursor: string | undefined) =>
    read("syncs", (view) => {
      const from = Number(cursor ?? 0)
      const syncs = all(view)
      return Effect.succeed({
        items: syncs.slice(from, from + 2),
        ...(from + 2 < syncs.length && { next: String(from + 2) }),
      })
    })

  const list = (requests: Requests) => requests.pages("syncs", page)

  const write = (
    kind: Write,
    id: string,
    apply: (was: FakeSync | undefined) => FakeSync | undefined,
    change: unknown,
  ): Effect.Effect<Snapshot | undefined, RetlError> => {
    const { answers = "all" } = options
    return request<FakeSync | undefined>(
      kind,
      (when) => {
        const applied = apply(at(id, when))
        const sync = applied && stores(applied)
        put(id, when, sync)
        return sync
      },
      (sync) => (kind !== "create" && history.get(id) === undefined ? Effect.fail(missing) : Effect.succeed(sync)),
      change,
    ).pipe(
      Effect.map((written) => {
        const other = mixedUp.get(kind)
        mixedUp.delete(kind)
        const sync = other === undefined ? written : history.get(other)?.at(-1)?.as
        if (sync === undefined || answers === "nothing") return undefined
        const shown = snapshot(sync)
        if (answers === "all") return shown
        const { schedule: _, name: __, ...withoutDetails } = shown
        return { ...withoutDetails, state: "unknown" as const }
      }),
    )
  }

  const administration = {
    schedules: forms,
    spec: Spec,
    changedSpec: ChangedSpec,
    newSyncIssues: ({ spec }) => (spec.pair === "" ? [{ path: ["part", "pair"], message: "Expected a pair" }] : []),
    changeIssues: ({ spec }) => (spec?.mode === "" ? [{ path: ["part", "mode"], message: "Expected a mode" }] : []),
    ends: ({ spec }) => ({ pair: spec.pair }),
    endsOf: ({ connection }) => ({ pair: connection.source?.id.replace("source-", "") ?? "" }),
    listCandidates: (requests, { pair: wantedPair }) =>
      isClosed
        ? Effect.fail(closed)
        : Effect.map(Stream.runCollect(list(requests)), (syncs) =>
            syncs.filter(({ pair }) => pair === wantedPair).map(snapshot),
          ),
    matches: ({ name }, candidate) => name === undefined || candidate.name === name,
    create: (wanted) => {
      const { isBare = false } = options
      const { pair, mode } = wanted.spec
      const existing = Array.from(history.values(), (states) => states.at(-1)?.as).find((sync) => sync?.pair === pair)
      if (options.isShy === true && existing !== undefined) return write("create", existing.id, () => existing, wanted)
      const id = `s${++minted}`
      return write(
        "create",
        id,
        () => ({
          id,
          pair,
          mode,
          name: wanted.name ?? "",
          state: wanted.enabled === true && !isBare ? "enabled" : "paused",
          schedule: isBare ? manual : (wanted.schedule ?? manual),
        }),
        wanted,
      )
    },
    ...(options.replaces === "all" && {
      replaces: ({ name, state, schedule, vendorMode }: Snapshot) => ({
        ...{ name, enabled: state === "enabled", schedule, mode: vendorMode },
      }),
    }),
    ...(options.switchesAlone === true && { isPartial: isSwitch }),
    update: ({ ids, schedule, state }, change) =>
      write(
        "update",
        ids.sync,
        (was) =>
          was && {
            ...obeys(
              {
                ...was,
                ...(isReplacing(change) && {
                  ...(schedule !== undefined && { schedule }),
                  ...(state !== "unknown" && { state }),
                }),
                ...(change.name !== undefined && { name: change.name }),
                ...(change.enabled !== undefined && { state: change.enabled ? "enabled" : "paused" }),
                ...(change.schedule !== undefined && { schedule: change.schedule }),
                ...(change.spec?.mode !== undefined && { mode: change.spec.mode }),
              },
              was,
            ),
          },
        change,
      ),
    isShown: ({ mode }, shown) => mode === undefined || shown.vendorMode === mode,
    delete: ({ ids }) => Effect.asVoid(write("delete", ids.sync, () => undefined, undefined)),
  } satisfies NonNullable<Driver<FakeDriver.Ids, unknown, object, Spec, ChangedSpec>["administration"]>

  const driver = {
    ...runs.driver,
    catalog: {
      list: (requests) => (isClosed ? Stream.fail(closed) : Stream.map(list(requests), snapshot)),
      get: (requests, ids) =>
        requests.read(
          "syncs",
          read("syncs", (view) => {
            const sync = at(ids.sync, view)
            return sync === undefined ? Effect.fail(missing) : Effect.succeed(snapshot(sync))
          }),
        ),
    },
    administration,
  } satisfies Driver<FakeDriver.Ids, unknown, object, Spec, ChangedSpec>

  return {
    driver,
    /** The runs of its syncs. */
    runs,
    sent,
    count: (operation: Operation) => sent.filter((request) => request.operation === operation).length,
    writes: () => sent.filter(({ operation }) => operation !== "syncs").length,
    /** Somebody configures a sync by hand. */
    add: (given: Partial<FakeSync> & { readonly at?: number }): SyncRef => {
      const { at: when = 0, ...fields } = given
      const id = fields.id ?? `s${++minted}`
      const { pair = "p" } = fields
      put(id, when, { pair, name: `from ${pair}`, state: "enabled", schedule: manual, mode: "upsert", ...fields, id })
      return new SyncRef({ workspace: "test", vendor: "fake", ids: { sync: id.slice(0, 255) } })
    },
    /** Returns a sync as the driver reads it. */
    snapshotOf: (sync: FakeSync) => snapshot(sync),
    /** Somebody changes or deletes a sync by hand. */
    set: (id: string, when: number, as: Partial<FakeSync> | undefined) => {
      const was = at(id, when)
      put(id, when, as === undefined || was === undefined ? undefined : { ...was, ...as })
    },
    /** The syncs as they really are, at once and without the lag of reads. */
    truth: Effect.map(Clock.currentTimeMillis, all),
    /** Makes the next requests of this kind go wrong, one each. */
    trouble: (operation: Operation, ...these: ReadonlyArray<Trouble>) => {
      troubles.push(...these.map((trouble) => ({ ...trouble, operation })))
    },
    /** Answers the next request of this kind, which is carried out, with the body of another sync. */
    answerWith: (operation: Operation, id: string) => {
      mixedUp.set(operation, id)
    },
    /** What happens elsewhere at the moment at which a request of this kind arrives. */
    when: (operation: Operation, happens: (now: number) => void) => {
      hooks.push({ operation, happens })
    },
    close: () => {
      isClosed = true
    },
    setLag: (millis: number) => {
      lag = millis
    },
    store: (how: typeof stores) => {
      stores = how
    },
    obey: (how: typeof obeys) => {
      obeys = how
    },
  }
}

export type Fake = ReturnType<typeof make>

/** Opens the workspaces of two processes that share a journal. */
export const openTwo = (fake: Fake, options: Partial<Workspace.MakeOptions> = {}) => {
  const journal = Journal.memory()
  const one = () =>
    Effect.provideService(open(fake, { journal, ...options }), ProcessState.ProcessState, ProcessState.isolated())
  return Effect.all([one(), one()])
}

export const open = Effect.fnUntraced(function* (fake: Fake, options: Partial<Workspace.MakeOptions> = {}) {
  const { services } = yield* AdminWorkspace.make({ name: "test", closeWithin: 0, ...options }, fake.driver)
  return {
    runs: Context.get(services, Runs),
    catalog: Context.get(services, Catalog.Catalog),
    administration: {
      ...Context.get(services, Administration.Administration),
      ...Context.get(services, Creation.Creation),
      ...Context.get(services, Deletion.Deletion),
    },
  }
})
