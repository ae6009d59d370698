/** Mutants of a workspace that configures syncs: each breaks one law. */
import type { WorkspaceOptions } from "@openretl/conformance/Harness"
import { Administration, type Service as AdministrationService, type Writes } from "@openretl/core/Administration"
import { Catalog, type Service as CatalogService, type Snapshot } from "@openretl/core/Catalog"
import { ChangeIncomplete, ChangeIndeterminate } from "@openretl/core/Change"
import * as Reader from "@openretl/core/driver/Reader"
import { answer } from "@openretl/core/driver/schema/Reader"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import { SyncRef } from "@openretl/core/Ref"
import { RetlError } from "@openretl/core/RetlError"
import { cron, every, manual, type Schedule } from "@openretl/core/Schedule"
import { Sync } from "@openretl/core/Sync"
import { RudderStackEmulator } from "@openretl/emulator"
import { Context, Effect, Fiber, Redacted, Schema, Stream } from "effect"
import * as Acme from "./acme.ts"
import * as Configuration from "./acmeConfiguration.ts"
import { harness, type Mutant } from "./mutants.ts"

type Reads = Configuration.Parts["reads"]

/** Returns the parts that replace those of the adapter. */
type Change = (
  original: Configuration.Parts,
  http: VendorClient.VendorClient,
  options: WorkspaceOptions,
) => Partial<Configuration.Parts>

const administration = harness.administration

const openWorkspace = (options: WorkspaceOptions, change: Change) =>
  Acme.adminWorkspace(options, (http) => {
    const original: Configuration.Parts = { reads: Configuration.reads(http), writes: Configuration.writes(http) }
    return Configuration.make(http, { ...original, ...change(original, http, options) })
  })

const harnessWith = (change: Change): typeof harness => ({
  ...harness,
  administration: { ...administration, workspace: (_, options) => openWorkspace(options, change) },
})

/** Creates a mutant of the adapter. */
const adapterMutant = (law: string, behavior: string, change: Change): Mutant => ({
  law,
  behavior,
  harness: harnessWith(change),
})

/** Creates a mutant with other functions in the adapter's writes. */
const writesMutant = (
  law: string,
  behavior: string,
  change: (original: Writes, http: VendorClient.VendorClient) => Partial<Writes>,
) => adapterMutant(law, behavior, ({ writes }, http) => ({ writes: { ...writes, ...change(writes, http) } }))

/** Creates a mutant with other functions in the adapter's reads. */
const readsMutant = (
  law: string,
  behavior: string,
  change: (original: Reads, http: VendorClient.VendorClient) => Partial<Reads>,
) => adapterMutant(law, behavior, ({ reads }, http) => ({ reads: { ...reads, ...change(reads, http) } }))

/** Creates a mutant of core: with other functions in the services, over an adapter that `changeAdapter` changes. */
const serviceMutant = (
  law: string,
  behavior: string,
  change: (
    administration: AdministrationService,
    catalog: CatalogService,
  ) => Partial<AdministrationService & CatalogService>,
  changeAdapter: Change = () => ({}),
): Mutant => ({
  law,
  behavior,
  harness: {
    ...harness,
    administration: {
      ...administration,
      workspace: (_, options) =>
        Effect.map(openWorkspace(options, changeAdapter), (workspace) => {
          const original = Context.get(workspace.services, Administration)
          const originalCatalog = Context.get(workspace.services, Catalog)
          const mutated = change(original, originalCatalog)
          const services = Context.add(workspace.services, Administration, { ...original, ...mutated })
          return { ...workspace, services: Context.add(services, Catalog, { ...originalCatalog, ...mutated }) }
        }),
    },
  },
})

/** Creates a sync disabled and manual, so that a schedule or enabling it takes an update. */
const inTwoRequests: Change = ({ writes }) => ({
  writes: { ...writes, create: (wanted) => writes.create({ ...wanted, enabled: false, schedule: manual }) },
})

/** The harness of a correct adapter whose vendor needs two requests to make a sync. */
export const twoRequestHarness = harnessWith(inTwoRequests)

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

const listRequest = { operation: "syncs", method: "GET", path: ["v2", "retl-connections"] } as const

/** Returns the ref as one of the testbed's workspace. */
const asTestbedRef = ({ ids }: SyncRef) => new SyncRef({ workspace: "testbed", vendor: "acme", ids })

const enabledSync = (id: string, parts: { readonly sourceId: string; readonly destinationId: string }): Snapshot => ({
  ids: { connection: id },
  connection: { source: { id: parts.sourceId }, destination: { id: parts.destinationId } },
  state: "enabled",
  vendorState: "enabled",
  native: undefined,
})

export const configurationMutants: ReadonlyArray<Mutant> = [
  writesMutant("A1", "sends a create again when its answer is lost", ({ create }) => ({
    create: (definition) => Effect.retry(create(definition), { times: 1 }),
  })),
  writesMutant("A1", "sends a delete again when its answer is lost", (original) => ({
    delete: (sync) => Effect.retry(original.delete(sync), { times: 1 }),
  })),
  writesMutant("A1", "takes every delete for done", (original) => ({
    delete: (sync) => Effect.ignore(original.delete(sync)),
  })),
  writesMutant("A1", "misses the existing syncs before a create", ({ listCandidates }, http) => {
    let looks = 0
    return {
      listCandidates: (requests, definition) =>
        looks++ % 2 === 0
          ? Effect.succeed([])
          : Effect.andThen(
              listCandidates(requests, definition),
              Stream.runCollect(requests.pages("syncs", Configuration.reads(http).page({}))),
            ),
      isLike: () => true,
    }
  }),
  writesMutant("A1", "reports an update as done as soon as it is sent", ({ update }) => ({
    update: (current, change) =>
      Effect.catch(update(current, change), () => Effect.succeed({ ...current, state: "paused" as const })),
  })),
  serviceMutant("A1", "creates again after an indeterminate create", ({ create }) => ({
    create: (definition) => Effect.retry(create(definition), { times: 1 }),
  })),
  serviceMutant("A1", "takes another client's sync for the one of a lost create", ({ create }, { list }) => ({
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
  writesMutant("A2", "enables a new sync by default", ({ create }) => ({
    create: (definition) => create({ enabled: true, ...definition }),
  })),
  writesMutant("A2", "schedules a new sync by default", ({ create }) => ({
    create: (definition) => create({ ...definition, enabled: true, schedule: definition.schedule ?? every("1 hour") }),
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
  writesMutant("A4", "drops the schedule when it changes something else", ({ update }) => ({
    update: (current, change) => update(current, { schedule: manual, ...change }),
  })),
  writesMutant("A4", "enables a sync when it sets a schedule", ({ update }) => ({
    update: (current, change) => update(current, { ...(change.schedule && { enabled: true }), ...change }),
  })),
  writesMutant("A4", "stops the run under way when it pauses", ({ update }, http) => ({
    update: (current, change) => {
      const path = ["v2", "retl-connections", current.ids["connection"] ?? "", "stop"]
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
  readsMutant("K1", "lists the first page only", ({ page }) => ({
    list: (requests) =>
      requests.pages("syncs", (cursor) => Effect.map(page({})(cursor), ({ items }) => lastPage(items))),
  })),
  readsMutant("K1", "skips the second page", ({ page }) => ({
    list: (requests) => requests.pages("syncs", (cursor) => page({})(cursor === "2" ? "3" : cursor)),
  })),
  readsMutant("K1", "lists the first sync twice", ({ list }) => ({
    list: (requests) => Stream.concat(Stream.take(list(requests), 1), list(requests)),
  })),
  readsMutant("K1", "leaves the schedule out when it reads one sync", ({ get }) => ({
    get: (requests, sync) => Effect.map(get(requests, sync), ({ schedule: _, ...snapshot }) => snapshot),
  })),
  serviceMutant("K1", "reads the whole catalog before it emits the first sync", (_, { list }) => ({
    list: Stream.fromIterableEffect(Stream.runCollect(list)),
  })),
  readsMutant("K2", "takes a sync without a state for an enabled one", ({ list }) => ({
    list: (requests) =>
      Stream.map(list(requests), (sync) => (sync.state === "unknown" ? { ...sync, state: "enabled" as const } : sync)),
  })),
  readsMutant("K2", "leaves paused syncs out", ({ list }) => ({
    list: (requests) => Stream.filter(list(requests), ({ state }) => state !== "paused"),
  })),
  readsMutant("K2", "rejects a list with a malformed sync", (_, http) => ({
    list: (requests) =>
      requests.pages("syncs", () =>
        Effect.map(http.call({ ...listRequest, answer: answer(StrictList) }), ({ data }) =>
          lastPage(data.map((connection) => enabledSync(connection.id, connection))),
        ),
      ),
  })),
  readsMutant("K3", "takes a closed catalog for an empty one", ({ list }) => ({
    list: (requests) => Stream.catch(list(requests), () => Stream.empty),
  })),
  writesMutant("S1", "claims to express every schedule", () => ({
    schedules: {
      vendor: "Acme",
      every: { source: "nowhere", shortest: 0, step: 1 },
      cron: { source: "nowhere", timeZone: { assumed: "UTC" } },
      onDays: { source: "nowhere" },
      jobs: { "no-such-tool": ["job"] },
    },
  })),
  writesMutant("S1", "sets another schedule than the requested one", ({ update }) => ({
    update: (current, change) =>
      update(current, { ...change, ...(change.schedule?._tag === "Every" && { schedule: every("2 hours") }) }),
  })),
  readsMutant("S1", "reads a cron expression as another", ({ get }) => ({
    get: (requests, sync) =>
      Effect.map(get(requests, sync), (snapshot) =>
        snapshot.schedule?._tag === "Cron" ? { ...snapshot, schedule: cron("0 7 * * 1") } : snapshot,
      ),
  })),
  serviceMutant("F2", "accepts a ref of any workspace, and changes its sync", ({ pause }, { get }) => ({
    pause: (sync) => pause(asTestbedRef(sync)),
    get: (sync) => get(asTestbedRef(sync)),
  })),
  writesMutant("H1", "takes slashes in an id for steps in the path of a delete", (_, http) => ({
    delete: ({ ids }) => {
      const path = ["v2", "retl-connections", ...(ids["connection"] ?? "").split("/")].filter((part) => part !== "")
      return http.call({ operation: "delete", method: "DELETE", path })
    },
  })),
  adapterMutant("H2", "shows the token when a create fails", ({ writes }, http, { token }) => ({
    writes: {
      ...writes,
      create: (definition) =>
        Effect.catch(writes.create(definition), ({ operation, delivery }) => {
          const text = Redacted.isRedacted(token) ? String(Redacted.value(token)) : ""
          return Effect.fail(http.error(operation, new Reason.Unavailable(), delivery, { text }))
        }),
    },
  })),
  readsMutant("H5", "trusts the shape of a list", (_, http) => ({
    list: (requests) =>
      requests.pages("syncs", () =>
        Effect.map(http.call({ ...listRequest, answer: Reader.unknown }), (answer) => {
          const { data } = answer as { readonly data: ReadonlyArray<{ readonly id: string }> }
          return lastPage(data.map(({ id }) => enabledSync(id.trim(), { sourceId: "s", destinationId: "d" })))
        }),
      ),
  })),
  {
    law: "B1",
    behavior: "does not know the rate limit of creates",
    harness: {
      ...harness,
      emulator: (options = {}) =>
        RudderStackEmulator.make({
          ...options,
          limits: [{ name: "creates", operations: ["create"], max: 5, window: "1 minute", level: "token" }],
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
  adapterMutant("S3", "writes every hour one too late, and reads it one too early", ({ reads, writes }) => ({
    writes: {
      ...writes,
      update: (current, { schedule, ...change }) =>
        Effect.map(
          writes.update(
            { ...current, ...(current.schedule && { schedule: shifted(current.schedule, 1) }) },
            { ...change, ...(schedule && { schedule: shifted(schedule, 1) }) },
          ),
          (snapshot) => snapshot && anHourEarlier(snapshot),
        ),
    },
    reads: {
      ...reads,
      list: (requests) => Stream.map(reads.list(requests), anHourEarlier),
      get: (requests, ids) => Effect.map(reads.get(requests, ids), anHourEarlier),
    },
  })),
  writesMutant("S2", "claims to keep a time zone, and drops it", ({ schedules }) => ({
    schedules: { ...schedules, ...(schedules.cron && { cron: { ...schedules.cron, timeZone: "named" } }) },
  })),
  serviceMutant("A5", "reports a sync as paused, and sends nothing", (_, { get }) => ({
    pause: (sync) => Effect.map(get(sync), (shown) => new Sync({ ...shown, state: "paused", vendorState: "disabled" })),
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
