/** Drivers that read or change configured syncs wrongly. */
import * as Reason from "@openretl/core/Reason"
import * as Schedule from "@openretl/core/Schedule"
import { Duration, Effect, Stream } from "effect"
import { expect } from "vitest"
import { acme, acmeWithNumbers, segment, zeotap } from "./adapters.ts"
import { type AnySync, administration, catalog, inLocalTime, readSyncs, without } from "./change.ts"
import { breaking, type DriverMutant } from "./driverMutant.ts"

const atItsPlace = "a sync has the vendor's words and ids, each at its place"
const lastRun = "a sync has its last run"
const malformed = "a sync with a malformed field hides no other sync"

/** Another state for every sync of one state. */
const stateAs = (from: AnySync["state"], to: AnySync["state"]) =>
  readSyncs((sync) => (sync.state === from ? { ...sync, state: to } : sync))

/** Ends the list at the first sync whose state cannot be read. */
const endingAtOdd = catalog(({ list }) => ({
  list: (requests) => Stream.takeWhile(list(requests), ({ state }) => state !== "unknown"),
}))

/** Multiplies the interval of a schedule. */
const timesInterval = (schedule: Schedule.Schedule, factor: number): Schedule.Schedule =>
  schedule._tag === "Every" ? Schedule.every(Duration.toMillis(schedule.every) * factor) : schedule

const withInterval = <A extends { readonly schedule?: Schedule.Schedule }>(fields: A, factor: number): A => ({
  ...fields,
  ...(fields.schedule && { schedule: timesInterval(fields.schedule, factor) }),
})

const reading: ReadonlyArray<DriverMutant> = [
  ...breaking(
    atItsPlace,
    ...[zeotap, segment].map(
      (adapter) =>
        [
          adapter,
          "swaps source and destination",
          readSyncs(({ connection: { source, destination }, ...sync }) => ({
            ...sync,
            connection: { ...(destination && { source: destination }), ...(source && { destination: source }) },
          })),
        ] as const,
    ),
    [acme, "does not read source and destination", readSyncs((sync) => ({ ...sync, connection: {} }))],
    [zeotap, "does not read names", readSyncs((sync) => without(sync, "name"))],
    [zeotap, "takes another text for the name", readSyncs((sync) => ({ ...sync, name: "Orders" }))],
    [zeotap, "invents the column that identifies a row", readSyncs((sync) => ({ ...sync, primaryKey: ["id"] }))],
    [zeotap, "leaves an entry of a mapping out", readSyncs((sync) => ({ ...sync, mapping: [] }))],
    [zeotap, "has its own word for the vendor's mode", readSyncs((sync) => ({ ...sync, vendorMode: "UPSERT" }))],
    [zeotap, "keeps nothing of the vendor's payload", readSyncs((sync) => ({ ...sync, native: {} }))],
  ),
  ...breaking("a word for a state that no document lists is unknown", [
    zeotap,
    "takes a state that it does not list for enabled",
    stateAs("unknown", "enabled"),
  ]),
  ...breaking(
    "a sync that the vendor shows as a draft or halted",
    [zeotap, "takes a draft for a paused sync", stateAs("draft", "paused")],
    [zeotap, "takes a halted sync for an enabled one", stateAs("error", "enabled")],
    [zeotap, "takes a paused sync for a draft", stateAs("paused", "draft")],
    [zeotap, "does not read why a sync is halted", readSyncs((sync) => without(sync, "stateText"))],
  ),
  ...breaking(
    lastRun,
    [zeotap, "does not read the last run", readSyncs((sync) => without(sync, "lastRun"))],
    [
      zeotap,
      "takes the sync's id for that of its last run",
      readSyncs((sync) => ({
        ...sync,
        ...(sync.lastRun && { lastRun: { ...sync.lastRun, run: sync.ids["sync"] ?? "" } }),
      })),
    ],
    [
      zeotap,
      "reads the time of the last run in local time",
      readSyncs(({ lastRun: last, ...sync }) => ({
        ...sync,
        ...(last && { lastRun: { ...last, ...(last.succeededAt && { succeededAt: inLocalTime(last.succeededAt) }) } }),
      })),
    ],
  ),
  ...breaking("a sync that fires every 6 hours is read as a schedule", [
    acme,
    "writes intervals half as long, and reads them twice as long",
    (driver) =>
      administration(({ create, update }) => ({
        ...(create && { create: (sync) => create(withInterval(sync, 0.5)) }),
        update: (current, change) => update(withInterval(current, 0.5), withInterval(change, 0.5)),
      }))(readSyncs((sync) => withInterval(sync, 2))(driver)),
  ]),
  ...breaking("a sync that fires on Mondays at 6:00 is read as a schedule", [
    zeotap,
    "takes Sunday for the first day of the week",
    readSyncs((sync) => ({
      ...sync,
      ...(sync.schedule?._tag === "Cron" && {
        schedule: Schedule.cron(sync.schedule.expression.replace(/ 1$/, " 2")),
      }),
    })),
  ]),
  ...breaking("a sync has its actual state, schedule, name and parts", [
    acme,
    "takes a paused sync for a manual one",
    readSyncs((sync) => (sync.state === "paused" ? { ...sync, schedule: Schedule.manual } : sync)),
  ]),
  ...breaking(
    malformed,
    [acme, "ends the list at a malformed sync", endingAtOdd],
    [acmeWithNumbers, "ends the list at a malformed sync", endingAtOdd],
  ),
  ...breaking("reading one sync gives the same sync as the list", [
    acme,
    "takes the first sync of the list for the wanted one",
    catalog(({ list }) => ({
      get: (requests, ids) =>
        Effect.map(Stream.runCollect(list(requests)), ([first]) =>
          first === undefined ? expect.fail("the list is empty") : { ...first, ids },
        ),
    })),
  ]),
  ...breaking("a closed catalog fails with a typed error", [
    acme,
    "takes a closed catalog for an empty one",
    catalog(({ list }) => ({ list: (requests) => Stream.catch(list(requests), () => Stream.empty) })),
  ]),
]

const changing: ReadonlyArray<DriverMutant> = [
  ...breaking(
    "pause stops the sync's schedule",
    [
      acme,
      "reports a pause that it did not send",
      administration(() => ({
        update: (current, { enabled }) =>
          Effect.succeed({ ...current, ...(enabled === false && { state: "paused" as const }) }),
      })),
    ],
    [acme, "sends no change", administration(() => ({ update: () => Effect.succeed(undefined) }))],
  ),
  ...breaking("an update that the vendor refuses", [
    zeotap,
    "reports a pause that the vendor refused",
    administration(({ update }) => ({
      update: (current, change) =>
        Effect.catch(update(current, change), () => Effect.succeed({ ...current, state: "paused" as const })),
    })),
  ]),
  ...breaking("a change leaves every other field of the vendor's answers as it is", [
    zeotap,
    "drops a field that it does not name when it changes another",
    administration(({ update }) => ({
      update: (current, { spec, ...change }) => update(current, { ...change, spec: { ...spec, primary_key: "id" } }),
    })),
  ]),
  ...breaking("a new sync is disabled and manual by default", [
    zeotap,
    "shows another sync than the one that it created",
    administration(({ create }) => ({
      ...(create && {
        create: (sync) => Effect.map(create(sync), (made) => made && { ...made, ids: { sync: "another" } }),
      }),
    })),
  ]),
  ...breaking("a new sync is enabled and scheduled when its definition says so", [
    zeotap,
    "drops the schedule of a new sync, and of each change",
    administration(({ create, update }) => ({
      ...(create && { create: (sync) => create(without(sync, "schedule")) }),
      update: (current, change) => update(current, without(change, "schedule")),
    })),
  ]),
  ...breaking("a delete deletes its sync and no other", [
    acme,
    "sends no delete",
    administration(() => ({ delete: () => Effect.void })),
  ]),
  ...breaking("a delete that the vendor refuses", [
    acme,
    "takes a refused delete for done",
    administration(({ delete: remove }) => ({
      ...(remove && { delete: (current) => Effect.ignore(remove(current)) }),
    })),
  ]),
  ...breaking(
    "a lost create does not return a sync that another client makes over the same parts (after the lost one)",
    [
      zeotap,
      "takes any new sync for the one that it created",
      administration(() => ({ matches: () => true, listCandidates: () => Effect.succeed([]) })),
    ],
  ),
  ...breaking("a create whose answer is lost (the connection breaks) is found", [
    acme,
    "does not read what a sync connects",
    administration(() => ({ endsOf: () => ({}) })),
  ]),
  ...breaking("a change of a missing sync fails with NotFound", [
    acme,
    "takes a missing sync for an outage",
    catalog(({ get }) => ({
      get: (requests, ids) =>
        Effect.mapError(get(requests, ids), (error) =>
          error.reason._tag === "NotFound" ? error.with({ reason: new Reason.Unavailable() }) : error,
        ),
    })),
  ]),
  ...breaking("setSchedule changes the schedule and nothing else", [
    acme,
    "says that the vendor has no intervals",
    administration(({ schedules }) => ({ schedules: without(schedules, "every") })),
  ]),
  ...breaking("a daily schedule fires at its time", [
    zeotap,
    "names another time zone than the vendor's",
    administration(({ schedules }) => ({
      schedules: {
        ...schedules,
        ...(schedules.cron && { cron: { ...schedules.cron, timeZone: { assumed: "Asia/Tokyo" } } }),
      },
    })),
  ]),
]

export const syncMutants: ReadonlyArray<DriverMutant> = [...reading, ...changing]
