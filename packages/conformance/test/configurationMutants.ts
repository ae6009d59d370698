/** Mutants of a workspace that configures syncs: each breaks one law. */
import * as CoreAdministration from "@openretl/core/Administration"
import * as CoreCatalog from "@openretl/core/Catalog"
import { ChangeIncomplete, ChangeIndeterminate } from "@openretl/core/Change"
import * as Creation from "@openretl/core/Creation"
import * as Deletion from "@openretl/core/Deletion"
import type { Snapshot as SnapshotOf } from "@openretl/core/driver/Catalog"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import { SyncRef } from "@openretl/core/Ref"
import { RetlError } from "@openretl/core/RetlError"
import { cron, every, manual, type Schedule } from "@openretl/core/Schedule"
import { Sync } from "@openretl/core/Sync"
import { RudderStackEmulator } from "@openretl/emulator"
import { Context, Effect, Fiber, Option, Redacted, Schema, Stream } from "effect"
import * as Acme from "./acme.ts"
import * as AcmeConfiguration from "./acmeConfiguration.ts"
import {
  type Administration,
  type Catalog,
  type Change,
  harnessWith,
  inTwoRequests,
  openWorkspace,
} from "./configurationHarness.ts"
import { harness, type Mutant } from "./mutants.ts"

type Original = Parameters<Change>[0]

type Snapshot = SnapshotOf<Acme.Ids, AcmeConfiguration.Connection>

const listEnded = new RetlError({
  ...{ workspace: "test", vendor: "rudderstack", operation: "syncs", delivery: "refused", evidence: {} },
  ...{ reason: new Reason.UnexpectedResponse({ issues: [] }), attempts: 1, exhausted: false },
})

/** Creates a mutant of the adapter. */
const adapterMutant = (law: string, behavior: string, change: Change): Mutant => ({
  law,
  behavior,
  harness: harnessWith(change),
})

/** Creates a mutant with other functions in the adapter's administration. */
const administrationMutant = (
  law: string,
  behavior: string,
  change: (original: Original["administration"], http: VendorClient.VendorClient) => Partial<Administration>,
) =>
  adapterMutant(law, behavior, ({ administration }, http) => ({
    administration: { ...administration, ...change(administration, http) },
  }))

/** Creates a mutant with other functions in the adapter's catalog. */
const catalogMutant = (
  law: string,
  behavior: string,
  change: (original: Catalog, http: VendorClient.VendorClient) => Partial<Catalog>,
) => adapterMutant(law, behavior, ({ catalog }, http) => ({ catalog: { ...catalog, ...change(catalog, http) } }))

/** Everything that core's services change. */
type Changes = CoreAdministration.Service & Creation.Service & Deletion.Service

/** Creates a mutant of core: with other functions in the services, over an adapter that `changeAdapter` changes. */
const serviceMutant = (
  law: string,
  behavior: string,
  change: (changes: Changes, catalog: CoreCatalog.Service) => Partial<Changes & CoreCatalog.Service>,
  changeAdapter: Change = () => ({}),
): Mutant => ({
  law,
  behavior,
  harness: {
    ...harness,
    administration: {
      ...harness.administration,
      workspace: (_, options) =>
        Effect.map(openWorkspace(options, changeAdapter), (workspace) => {
          const { services } = workspace
          const changes = {
            ...Context.get(services, CoreAdministration.Administration),
            ...Option.getOrThrow(Context.getOption(services, Creation.Creation)),
            ...Option.getOrThrow(Context.getOption(services, Deletion.Deletion)),
          }
          const catalog = Context.get(services, CoreCatalog.Catalog)
          const mutated = change(changes, catalog)
          return {
            ...workspace,
            services: services.pipe(
              Context.add(CoreAdministration.Administration, { ...changes, ...mutated }),
              Context.add(Creation.Creation, { ...changes, ...mutated }),
              Context.add(Deletion.Deletion, { ...changes, ...mutated }),
              Context.add(CoreCatalog.Catalog, { ...catalog, ...mutated }),
            ),
          }
        }),
    },
  },
})

/** A page without a next one. */
const lastPage = (items: ReadonlyArray<Snapshot>) => ({ items })

/** Rejects the whole list for one connection with another form. */
const StrictList = Schema.Struct({
  data: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      sourceId: Schema.String,
      destinationId: Schema.String,
      enabled: Schema.Boolean,
      schedule: Schema.Struct({ type: Schema.String }),
    }),
  ),
})

const listRequest = { operation: "syncs", method: "GET", path: Acme.root } as const

/** Returns the ref as one of the testbed's workspace. */
const asTestbedRef = ({ ids }: SyncRef) => new SyncRef({ workspace: "testbed", vendor: "acme", ids })

const enabledSync = (id: string, sourceId: string, destinationId: string): Snapshot => ({
  ids: { connection: id },
  connection: { source: { id: sourceId }, destination: { id: destinationId } },
  state: "enabled",
  vendorState: "enabled",
  native: { id, sourceId, destinationId },
})

export const configurationMutants: ReadonlyArray<Mutant> = [
  administrationMutant("A1", "sends a create again when its answer is lost", ({ create }) => ({
    create: (sync) => Effect.retry(create(sync), { times: 1 }),
  })),
  administrationMutant("A1", "sends a delete again when its answer is lost", (original) => ({
    delete: (sync) => Effect.retry(original.delete(sync), { times: 1 }),
  })),
  administrationMutant("A1", "takes every delete for done", (original) => ({
    delete: (sync) => Effect.ignore(original.delete(sync)),
  })),
  administrationMutant("A1", "misses the existing syncs before a create", ({ listCandidates }, http) => {
    let looks = 0
    return {
      listCandidates: (requests, definition) =>
        looks++ % 2 === 0
          ? Effect.succeed([])
          : Effect.andThen(
              listCandidates(requests, definition),
              Stream.runCollect(requests.syncPages("syncs", AcmeConfiguration.pages(http))),
            ),
      matches: () => true,
    }
  }),
  administrationMutant("A1", "reports an update as done as soon as it is sent", ({ update }) => ({
    update: (current, change) =>
      Effect.catch(update(current, change), () => Effect.succeed({ ...current, state: "paused" as const })),
  })),
  serviceMutant("A1", "creates again after an indeterminate create", ({ create }) => ({
    create: (definition) => Effect.retry(create(definition), { times: 1 }),
  })),
  serviceMutant("A1", "returns another client's sync for a lost create", ({ create }, { list }) => ({
    create: (definition) =>
      Effect.catchIf(
        create(definition),
        (error) => error instanceof ChangeIndeterminate,
        (error) =>
          Effect.flatMap(Stream.runCollect(list), (syncs) => {
            const candidates = error.candidates.map(String)
            const sync = syncs.findLast(({ ref }) => candidates.includes(String(ref)))
            return sync === undefined ? Effect.fail(error) : Effect.succeed(sync)
          }),
      ),
  })),
  serviceMutant("A1", "sends a create after its caller is interrupted", ({ create }) => ({
    create: (definition) => Effect.flatMap(Effect.forkDetach(create(definition)), Fiber.join),
  })),
  serviceMutant("A1", "does not look up a lost answer", ({ pause }) => ({
    pause: (sync) =>
      Effect.catchIf(
        Effect.timeout(pause(sync), "10 seconds"),
        (error) => error._tag === "TimeoutError",
        () => Effect.die(new Error("no answer")),
      ),
  })),
  administrationMutant("A2", "enables a new sync by default", ({ create }) => ({
    create: (sync) => create({ enabled: true, ...sync }),
  })),
  administrationMutant("A2", "schedules a new sync by default", ({ create }) => ({
    create: (sync) => create({ ...sync, enabled: true, schedule: sync.schedule ?? every("1 hour") }),
  })),
  serviceMutant("A2", "leaves a new sync enabled", ({ create }) => ({
    create: (definition) => create({ enabled: true, ...definition }),
  })),
  serviceMutant(
    "A3",
    "does not report what exists of an incomplete create",
    ({ create }) => ({
      create: (definition) =>
        Effect.mapError(create(definition), (error) =>
          error instanceof ChangeIncomplete && error.error !== undefined ? error.error : error,
        ),
    }),
    inTwoRequests,
  ),
  serviceMutant(
    "A3",
    "reports that nothing remains of an incomplete create",
    ({ create }) => ({
      create: (definition) =>
        Effect.mapError(create(definition), (error) =>
          error instanceof ChangeIncomplete ? new ChangeIncomplete({ ...error, remaining: {} }) : error,
        ),
    }),
    inTwoRequests,
  ),
  administrationMutant("A4", "drops the schedule when it changes something else", ({ update }) => ({
    update: (current, change) => update(current, { schedule: manual, ...change }),
  })),
  administrationMutant("A4", "enables a sync when it sets a schedule", ({ update }) => ({
    update: (current, change) => update(current, { ...(change.schedule && { enabled: true }), ...change }),
  })),
  administrationMutant("A4", "stops the run under way when it pauses", ({ update }, http) => ({
    update: (current, change) => {
      const path = [...Acme.root, current.ids.connection, "stop"]
      const stop = http.call({ operation: "cancel", method: "POST", path })
      return Effect.andThen(Effect.ignore(stop), update(current, change))
    },
  })),
  serviceMutant("A4", "sends fields that already have the requested value", ({ pause, resume }) => ({
    pause: (sync) => Effect.andThen(resume(sync), pause(sync)),
  })),
  serviceMutant("A4", "fails to delete a missing sync", (original, { get }) => ({
    delete: (sync) => Effect.andThen(get(sync), original.delete(sync)),
  })),
  catalogMutant("K1", "lists the first page only", (_, http) => ({
    list: (requests) =>
      requests.syncPages("syncs", () => Effect.map(AcmeConfiguration.pages(http)(), ({ items }) => lastPage(items))),
  })),
  catalogMutant("K1", "skips the second page", (_, http) => ({
    list: (requests) =>
      requests.syncPages("syncs", (cursor) => AcmeConfiguration.pages(http)(cursor === "2" ? "3" : cursor)),
  })),
  catalogMutant("K1", "ends after a hundred syncs, and says that the vendor's list ended", ({ list }) => ({
    list: (requests) =>
      Stream.mapEffect(Stream.zipWithIndex(list(requests)), ([sync, index]) =>
        index < 100 ? Effect.succeed(sync) : Effect.fail(listEnded),
      ),
  })),
  catalogMutant("K1", "lists the first sync twice", ({ list }) => ({
    list: (requests) => Stream.concat(Stream.take(list(requests), 1), list(requests)),
  })),
  catalogMutant("K1", "leaves the schedule out when it reads one sync", ({ get }) => ({
    get: (requests, sync) => Effect.map(get(requests, sync), ({ schedule: _, ...snapshot }) => snapshot),
  })),
  serviceMutant("K1", "reads the whole catalog before it emits the first sync", (_, { list }) => ({
    list: Stream.fromIterableEffect(Stream.runCollect(list)),
  })),
  catalogMutant("K2", "takes a sync without a state for an enabled one", ({ list }) => ({
    list: (requests) =>
      Stream.map(list(requests), (sync) => (sync.state === "unknown" ? { ...sync, state: "enabled" as const } : sync)),
  })),
  catalogMutant("K2", "leaves paused syncs out", ({ list }) => ({
    list: (requests) => Stream.filter(list(requests), ({ state }) => state !== "paused"),
  })),
  catalogMutant("K2", "rejects a list with a malformed sync", (_, http) => ({
    list: (requests) =>
      requests.syncPages("syncs", () =>
        Effect.map(http.call({ ...listRequest, answer: StrictList }), ({ data }) =>
          lastPage(data.map(({ id, sourceId, destinationId }) => enabledSync(id, sourceId, destinationId))),
        ),
      ),
  })),
  catalogMutant("K3", "takes a closed catalog for an empty one", ({ list }) => ({
    list: (requests) => Stream.catch(list(requests), () => Stream.empty),
  })),
  administrationMutant("S1", "claims to express every schedule", () => ({
    schedules: {
      vendor: "Acme",
      every: { source: "nowhere", shortest: 0, step: 1 },
      cron: { source: "nowhere", timeZone: { assumed: "UTC" } },
      onDays: { source: "nowhere" },
      jobs: { "no-such-tool": ["job"] },
    },
  })),
  administrationMutant("S1", "sets another schedule than the requested one", ({ update }) => ({
    update: (current, change) =>
      update(current, { ...change, ...(change.schedule?._tag === "Every" && { schedule: every("2 hours") }) }),
  })),
  catalogMutant("S1", "reads a cron expression as another", ({ get }) => ({
    get: (requests, sync) =>
      Effect.map(get(requests, sync), (snapshot) =>
        snapshot.schedule?._tag === "Cron" ? { ...snapshot, schedule: cron("0 7 * * 1") } : snapshot,
      ),
  })),
  serviceMutant("F2", "accepts a ref of any workspace, and changes its sync", ({ pause }, { get }) => ({
    pause: (sync) => pause(asTestbedRef(sync)),
    get: (sync) => get(asTestbedRef(sync)),
  })),
  administrationMutant("H1", "takes slashes in an id for steps in the path of a delete", (_, http) => ({
    delete: ({ ids }) => {
      const path = [...Acme.root, ...ids.connection.split("/")].filter((part) => part !== "")
      return http.call({ operation: "delete", method: "DELETE", path })
    },
  })),
  adapterMutant("H2", "shows the token when a create fails", ({ administration }, _, { token }) => ({
    administration: {
      ...administration,
      create: (sync) =>
        Effect.mapError(administration.create(sync), (error) => {
          const text = Redacted.isRedacted(token) ? String(Redacted.value(token)) : ""
          return new RetlError({ ...error, reason: new Reason.Unavailable(), evidence: { text } })
        }),
    },
  })),
  catalogMutant("H5", "trusts the shape of a list", (_, http) => ({
    list: (requests) =>
      requests.syncPages("syncs", () =>
        Effect.map(http.call({ ...listRequest, answer: Schema.Unknown }), (answer) => {
          const { data } = answer as { readonly data: ReadonlyArray<{ readonly id: string }> }
          return lastPage(data.map(({ id }) => enabledSync(id.trim(), "s", "d")))
        }),
      ),
  })),
  {
    law: "B1",
    behavior: "does not know the rate limit of creates",
    harness: {
      ...harness,
      emulator: (options) =>
        RudderStackEmulator.make({
          ...options,
          limits: [{ name: "creates", operations: ["create"], requests: 5, window: "1 minute" }],
        }),
    },
  },
  serviceMutant("A1", "reports a lost create as not-sent", ({ create }) => ({
    create: (definition) =>
      Effect.mapError(create(definition), (error) =>
        error instanceof ChangeIndeterminate ? error.error.with({ delivery: "not-sent" }) : error,
      ),
  })),
  serviceMutant("H5", "turns an error into a defect", (_, { get }) => ({
    get: (sync) =>
      Effect.catchIf(
        get(sync),
        (error) => error instanceof RetlError && error.reason._tag === "UnexpectedResponse",
        (error) => Effect.die(error),
      ),
  })),
  adapterMutant("S3", "writes every hour one too late, and reads it one too early", ({ catalog, administration }) => ({
    administration: {
      ...administration,
      update: (current, { schedule, ...change }) =>
        Effect.map(
          administration.update(
            { ...current, ...(current.schedule && { schedule: shifted(current.schedule, 1) }) },
            { ...change, ...(schedule && { schedule: shifted(schedule, 1) }) },
          ),
          (snapshot) => snapshot && anHourEarlier(snapshot),
        ),
    },
    catalog: {
      list: (requests) => Stream.map(catalog.list(requests), anHourEarlier),
      get: (requests, ids) => Effect.map(catalog.get(requests, ids), anHourEarlier),
    },
  })),
  administrationMutant("S2", "claims to keep a time zone, and drops it", ({ schedules }) => ({
    schedules: { ...schedules, ...(schedules.cron && { cron: { ...schedules.cron, timeZone: "named" } }) },
  })),
  serviceMutant("A4", "reports a sync as paused, and sends nothing", (_, { get }) => ({
    pause: (sync) => Effect.map(get(sync), (shown) => new Sync({ ...shown, state: "paused", vendorState: "disabled" })),
  })),
  administrationMutant("A5", "answers a pause as done, and sends nothing", ({ update }) => ({
    update: (current, change) =>
      change.enabled === false
        ? Effect.succeed({ ...current, state: "paused" as const, vendorState: "disabled", isSwitchedOn: false })
        : update(current, change),
  })),
]

/** Moves a daily cron expression by so many hours. */
const shifted = (schedule: Schedule, hours: number): Schedule => {
  const [, minute = "", hour = ""] =
    (schedule._tag === "Cron" && /^(\d+) (\d+) \* \* \*$/.exec(schedule.expression)) || []
  return minute === "" ? schedule : cron(`${minute} ${(Number(hour) + hours + 24) % 24} * * *`)
}

const anHourEarlier = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  ...(snapshot.schedule && { schedule: shifted(snapshot.schedule, -1) }),
})
