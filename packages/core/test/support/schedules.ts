/** Random schedules, all of them valid; and instants as text. */
import { DateTime, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Schedule from "../../src/model/schedule/Schedule.ts"

/** Zones that change their clocks at different times, by an hour or half an hour, and one that never does. */
export const zones = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "UTC"] as const

const zone = Schema.Literals(zones)

const fields = Schema.Struct({
  minute: Schema.Literals(["0", "*", "*/15", "30", "10,20,40", "5-50/15", "59,0", "7/9"]),
  hour: Schema.Literals(["*", "2", "1-3", "*/6", "0,23", "2,14", "0-23"]),
  day: Schema.Literals(["*", "*", "1", "29", "31,1", "*/2", "1-7"]),
  month: Schema.Literals(["*", "*", "*", "3,10", "4", "*/3", "nov"]),
  weekday: Schema.Literals(["*", "*", "0", "7", "mon-fri", "1,3", "*/2", "0-6"]),
})

/** Random cron expressions that fire some day. */
export const expressions = Arbitrary.filter(
  Arbitrary.map(Arbitrary.schema(fields), ({ minute, hour, day, month, weekday }) =>
    [minute, hour, day, month, weekday].join(" "),
  ),
  (expression) => Schedule.problems(Schedule.cron(expression)).length === 0,
)

/** Random cron schedules, with and without a zone. */
export const crons = Arbitrary.map(
  Arbitrary.all({ expression: expressions, timeZone: Arbitrary.schema(Schema.Union([zone, Schema.Undefined])) }),
  ({ expression, timeZone }) => Schedule.cron(expression, timeZone),
)

const integer = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

const bitsOf = (mask: number, size: number) =>
  Array.from({ length: size }, (_, bit) => bit).filter((bit) => (mask >> bit) & 1)

/** Random days with hours. */
export const onDays = Arbitrary.map(
  Arbitrary.all({ days: integer(1, 2 ** 7 - 1), hours: integer(1, 2 ** 24 - 1), timeZone: Arbitrary.schema(zone) }),
  ({ days, hours, timeZone }) => Schedule.onDays({ days: bitsOf(days, 7), hours: bitsOf(hours, 24), timeZone }),
)

const intervals = Arbitrary.map(
  Arbitrary.all({ count: integer(1, 90), unit: Arbitrary.schema(Schema.Literals(["seconds", "minutes", "hours"])) }),
  ({ count, unit }) => Schedule.every(`${count} ${unit}`),
)

const jobs = Arbitrary.map(Arbitrary.schema(Schema.Literals(["dbt-cloud", "airflow"])), (tool) =>
  Schedule.job(tool, { jobId: "12", accountId: "7" }),
)

const kinds = [crons, onDays, intervals, jobs] as const

/** Random schedules of all kinds. */
export const schedules = Arbitrary.flatMap(
  integer(0, kinds.length),
  (kind) => kinds[kind] ?? Arbitrary.Constant(Schedule.manual),
)

/** Returns the instant of a text such as `2026-01-01T00:00`, in UTC. */
export const at = (text: string): DateTime.Utc => DateTime.makeUnsafe(`${text}Z`)

/** Returns the instants to the minute, in UTC; or why they are unknown. */
export const texts = (occurrences: Schedule.Occurrences): ReadonlyArray<string> | string =>
  occurrences._tag === "Unknown"
    ? occurrences.why
    : occurrences.at.map((instant) => DateTime.formatIso(instant).replace(":00.000Z", ""))

/** Returns the instants in milliseconds since 1970; or why they are unknown. */
export const millis = (occurrences: Schedule.Occurrences): ReadonlyArray<number> | string =>
  occurrences._tag === "Unknown" ? occurrences.why : occurrences.at.map((instant) => instant.epochMilliseconds)
