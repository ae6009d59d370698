/** Ways in which what an adapter knows of configured syncs can be broken, each with the law that it breaks. */
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

type Reads = ReturnType<typeof Configuration.reads>

interface Own {
  readonly reads: Reads
  readonly writes: Writes
}

type Changed = (own: Own, http: VendorClient.VendorClient, options: WorkspaceOptions) => Partial<Own>

const administration = harness.administration

const sections =
  (options: WorkspaceOptions, change: Changed) =>
  (http: VendorClient.VendorClient): ReturnType<typeof Configuration.sections> => {
    const own: Own = { reads: Configuration.reads(http), writes: Configuration.writes(http) }
    return Configuration.sections(http, { ...own, ...change(own, http, options) })
  }

const changed = (change: Changed): typeof harness => ({
  ...harness,
  administration: {
    ...administration,
    workspace: (_, options) => Acme.adminWorkspace(options, sections(options, change)),
  },
})

const adapter = (law: string, what: string, change: Changed): Mutant => ({
  law,
  behavior: what,
  harness: changed(change),
})

const writes = (law: string, what: string, change: (own: Writes, http: VendorClient.VendorClient) => Partial<Writes>) =>
  adapter(law, what, (own, http) => ({ writes: { ...own.writes, ...change(own.writes, http) } }))

const reads = (law: string, what: string, change: (own: Reads, http: VendorClient.VendorClient) => Partial<Reads>) =>
  adapter(law, what, (own, http) => ({ reads: { ...own.reads, ...change(own.reads, http) } }))

/** As if core were broken. */
const service = (
  law: string,
  what: string,
  change: (own: AdministrationService, catalog: CatalogService) => Partial<AdministrationService & CatalogService>,
  made: Changed = () => ({}),
): Mutant => ({
  law,
  behavior: what,
  harness: {
    ...harness,
    administration: {
      ...administration,
      workspace: (_, options) =>
        Effect.map(Acme.adminWorkspace(options, sections(options, made)), (workspace) => {
          const own = Context.get(workspace.services, Administration)
          const told = Context.get(workspace.services, Catalog)
          const changed = change(own, told)
          const services = Context.add(workspace.services, Administration, { ...own, ...changed })
          return { ...workspace, services: Context.add(services, Catalog, { ...told, ...changed }) }
        }),
    },
  },
})

/** Makes a sync disabled and manual; the rest takes an update. */
const inTwoRequests: Changed = ({ writes }) => ({
  writes: { ...writes, create: (wanted) => writes.create({ ...wanted, enabled: false, schedule: manual }) },
})

/** An adapter that is whole, of a vendor that needs two requests to make a sync. */
export const twoRequests = changed(inTwoRequests)

const page = (items: ReadonlyArray<Snapshot>) => ({ items })

const Strict = Schema.Struct({
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

const listed = { operation: "syncs", method: "GET", path: ["v2", "retl-connections"] } as const

const foreign = ({ ids }: SyncRef) => new SyncRef({ workspace: "testbed", vendor: "acme", ids })

const plain = (id: string, ends: { readonly sourceId: string; readonly destinationId: string }): Snapshot => ({
  ids: { connection: id },
  connection: { source: { id: ends.sourceId }, destination: { id: ends.destinationId } },
  state: "enabled",
  vendorState: "enabled",
  native: undefined,
})

export const configurationMutants: ReadonlyArray<Mutant> = [
  writes("A1", "sends a create again when its answer is lost", ({ create }) => ({
    create: (wanted) => Effect.retry(create(wanted), { times: 1 }),
  })),
  writes("A1", "sends a delete again when its answer is lost", (own) => ({
    delete: (sync) => Effect.retry(own.delete(sync), { times: 1 }),
  })),
  writes("A1", "takes every delete for done", (own) => ({ delete: (sync) => Effect.ignore(own.delete(sync)) })),
  writes("A1", "does not see what was there before a create", ({ listCandidates }, http) => {
    let looks = 0
    return {
      listCandidates: (requests, wanted) =>
        looks++ % 2 === 0
          ? Effect.succeed([])
          : Effect.andThen(
              listCandidates(requests, wanted),
              Stream.runCollect(requests.pages("syncs", Configuration.reads(http).page({}))),
            ),
      isLike: () => true,
    }
  }),
  writes("A1", "says that an update was done as soon as it was sent", (own) => ({
    update: (current, change) =>
      Effect.catch(own.update(current, change), () => Effect.succeed({ ...current, state: "paused" as const })),
  })),
  service("A1", "creates again when it is not known whether it has", ({ create }) => ({
    create: (wanted) => Effect.retry(create(wanted), { times: 1 }),
  })),
  service("A1", "takes the first stranger's sync for its own", ({ create }, { list }) => ({
    create: (wanted) =>
      Effect.catchIf(
        create(wanted),
        (error) => error instanceof ChangeIndeterminate,
        (error) =>
          Effect.flatMap(Stream.runCollect(list), (all) => {
            const found = all.findLast(({ ref }) => error.candidates.some((one) => String(one) === String(ref)))
            return found === undefined ? Effect.fail(error) : Effect.succeed(found)
          }),
      ),
  })),
  service("A1", "sends a create although its caller has left", ({ create }) => ({
    create: (wanted) => Effect.flatMap(Effect.forkDetach(create(wanted)), Fiber.join),
  })),
  service("A1", "gives up on a lost answer without a look", ({ pause }) => ({
    pause: (sync) =>
      Effect.catchIf(
        Effect.timeout(pause(sync), "10 seconds"),
        (error) => error._tag === "TimeoutError",
        () => Effect.die(new Error("no answer")),
      ),
  })),
  writes("A2", "enables what it creates, until it is told otherwise", ({ create }) => ({
    create: (wanted) => create({ enabled: true, ...wanted }),
  })),
  writes("A2", "schedules what it creates, until it is told otherwise", ({ create }) => ({
    create: (wanted) => create({ ...wanted, enabled: true, schedule: wanted.schedule ?? every("1 hour") }),
  })),
  service("A2", "leaves what it creates enabled", ({ create }) => ({
    create: (wanted) => create({ enabled: true, ...wanted }),
  })),
  service(
    "A3",
    "does not say what exists of a create that is half done",
    ({ create }) => ({
      create: (wanted) =>
        Effect.mapError(create(wanted), (error) =>
          error instanceof ChangeIncomplete && error.error !== undefined ? error.error : error,
        ),
    }),
    inTwoRequests,
  ),
  service(
    "A3",
    "says that nothing is missing of a create that is half done",
    ({ create }) => ({
      create: (wanted) =>
        Effect.mapError(create(wanted), (error) =>
          error instanceof ChangeIncomplete ? new ChangeIncomplete({ ...error, remaining: {} }) : error,
        ),
    }),
    inTwoRequests,
  ),
  writes("A4", "drops the schedule when it changes something else", ({ update }) => ({
    update: (current, change) => update(current, { schedule: manual, ...change }),
  })),
  writes("A4", "enables what it gives a schedule", ({ update }) => ({
    update: (current, change) => update(current, { ...(change.schedule && { enabled: true }), ...change }),
  })),
  writes("A4", "stops the run under way when it pauses", ({ update }, http) => ({
    update: (current, change) => {
      const path = ["v2", "retl-connections", current.ids["connection"] ?? "", "stop"]
      const stop = http.call({ operation: "cancel", method: "POST", path })
      return Effect.andThen(Effect.ignore(stop), update(current, change))
    },
  })),
  service("A4", "sends what is so already", ({ pause, resume }) => ({
    pause: (sync) => Effect.andThen(resume(sync), pause(sync)),
  })),
  service("A4", "fails to delete what is not there", (own, { get }) => ({
    delete: (sync) => Effect.andThen(get(sync), own.delete(sync)),
  })),
  reads("K1", "lists the first page only", (own) => ({
    list: (requests) =>
      requests.pages("syncs", (cursor) => Effect.map(own.page({})(cursor), ({ items }) => page(items))),
  })),
  reads("K1", "skips the second page", (own) => ({
    list: (requests) => requests.pages("syncs", (cursor) => own.page({})(cursor === "2" ? "3" : cursor)),
  })),
  reads("K1", "tells the first sync twice", (own) => ({
    list: (requests) => Stream.concat(Stream.take(own.list(requests), 1), own.list(requests)),
  })),
  reads("K1", "says less of one sync than of all", (own) => ({
    get: (requests, sync) => Effect.map(own.get(requests, sync), ({ schedule: _, ...rest }) => rest),
  })),
  service("K1", "reads all before it shows the first", (_, { list }) => ({
    list: Stream.fromIterableEffect(Stream.runCollect(list)),
  })),
  reads("K2", "takes what is not said for enabled", (own) => ({
    list: (requests) =>
      Stream.map(own.list(requests), (one) => (one.state === "unknown" ? { ...one, state: "enabled" as const } : one)),
  })),
  reads("K2", "leaves out what is paused", (own) => ({
    list: (requests) => Stream.filter(own.list(requests), ({ state }) => state !== "paused"),
  })),
  reads("K2", "wants every sync to be just so", (_, http) => ({
    list: (requests) =>
      requests.pages("syncs", () =>
        Effect.map(http.call({ ...listed, answer: answer(Strict) }), ({ data }) =>
          page(data.map((one) => plain(one.id, one))),
        ),
      ),
  })),
  reads("K3", "takes a closed list for an empty one", (own) => ({
    list: (requests) => Stream.catch(own.list(requests), () => Stream.empty),
  })),
  writes("S1", "claims to express every schedule", () => ({
    schedules: {
      vendor: "Acme",
      every: { source: "nobody", shortest: 0, step: 1 },
      cron: { source: "nobody", timeZone: { assumed: "UTC" } },
      onDays: { source: "nobody" },
      jobs: { "no-such-tool": ["job"] },
    },
  })),
  writes("S1", "sets another schedule than it was told", ({ update }) => ({
    update: (current, change) =>
      update(current, { ...change, ...(change.schedule?._tag === "Every" && { schedule: every("2 hours") }) }),
  })),
  reads("S1", "reads an expression as another", (own) => ({
    get: (requests, sync) =>
      Effect.map(own.get(requests, sync), (one) =>
        one.schedule?._tag === "Cron" ? { ...one, schedule: cron("0 7 * * 1") } : one,
      ),
  })),
  service("F2", "takes a ref of any workspace for its own, and changes it", ({ pause }, { get }) => ({
    pause: (sync) => pause(foreign(sync)),
    get: (sync) => get(foreign(sync)),
  })),
  writes("H1", "takes slashes in an id for steps in the path of a delete", (_, http) => ({
    delete: ({ ids }) => {
      const path = ["v2", "retl-connections", ...(ids["connection"] ?? "").split("/")].filter((part) => part !== "")
      return http.call({ operation: "delete", method: "DELETE", path })
    },
  })),
  adapter("H2", "tells the token when it cannot create", ({ writes: own }, http, { token }) => ({
    writes: {
      ...own,
      create: (wanted) =>
        Effect.catch(own.create(wanted), ({ operation, delivery }) => {
          const text = Redacted.isRedacted(token) ? String(Redacted.value(token)) : ""
          return Effect.fail(http.error(operation, new Reason.Unavailable(), delivery, { text }))
        }),
    },
  })),
  reads("H5", "trusts the shape of a list", (_, http) => ({
    list: (requests) =>
      requests.pages("syncs", () =>
        Effect.map(http.call({ ...listed, answer: Reader.unknown }), (answer) => {
          const { data } = answer as { readonly data: ReadonlyArray<{ readonly id: string }> }
          return page(data.map(({ id }) => plain(id.trim(), { sourceId: "s", destinationId: "d" })))
        }),
      ),
  })),
  {
    law: "B1",
    behavior: "does not know the limit of creates",
    harness: {
      ...harness,
      emulator: (options = {}) =>
        RudderStackEmulator.make({
          ...options,
          limits: [{ name: "creates", operations: ["create"], max: 5, window: "1 minute", level: "token" }],
        }),
    },
  },
  service("A1", "says of a lost answer that nothing was sent", ({ create }) => ({
    create: (wanted) =>
      Effect.mapError(create(wanted), (error) =>
        error instanceof ChangeIndeterminate ? error.error.with({ delivery: "not-sent" }) : error,
      ),
  })),
  service("H5", "lets an error of the vendor become a defect", (_, { get }) => ({
    get: (sync) =>
      Effect.catchIf(
        get(sync),
        (error) => error instanceof RetlError && error.reason._tag === "UnexpectedResponse",
        (error) => Effect.die(error),
      ),
  })),
  adapter("S3", "writes every hour one later, and reads it back as one earlier", ({ writes: own, reads: read }) => ({
    writes: {
      ...own,
      update: (current, { schedule, ...rest }) =>
        Effect.map(
          own.update(
            { ...current, ...(current.schedule && { schedule: hours(current.schedule, 1) }) },
            { ...rest, ...(schedule && { schedule: hours(schedule, 1) }) },
          ),
          (told) => told && anHourEarlier(told),
        ),
    },
    reads: {
      ...read,
      list: (requests) => Stream.map(read.list(requests), anHourEarlier),
      get: (requests, ids) => Effect.map(read.get(requests, ids), anHourEarlier),
    },
  })),
  writes("S2", "claims that a time zone is kept, and drops it", ({ schedules }) => ({
    schedules: { ...schedules, ...(schedules.cron && { cron: { ...schedules.cron, timeZone: "named" } }) },
  })),
  service("A5", "says that a sync is paused, and does nothing", (_, { get }) => ({
    pause: (sync) => Effect.map(get(sync), (shown) => new Sync({ ...shown, state: "paused", vendorState: "disabled" })),
  })),
]

const hours = (schedule: Schedule, by: number): Schedule => {
  const [, minute = "", hour = ""] =
    (schedule._tag === "Cron" && /^(\d+) (\d+) \* \* \*$/.exec(schedule.expression)) || []
  return minute === "" ? schedule : cron(`${minute} ${(Number(hour) + by + 24) % 24} * * *`)
}

const anHourEarlier = (told: Snapshot): Snapshot => ({
  ...told,
  ...(told.schedule && { schedule: hours(told.schedule, -1) }),
})
