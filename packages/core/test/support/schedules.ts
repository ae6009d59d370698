/** Schedules by chance, all of them valid; and instants as text. */
import { DateTime, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Schedule from "../../src/model/schedule/Schedule.ts"

export const zones = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "UTC"] as const

const zone = Schema.Literals(zones)

const fields = Schema.Struct({
  minute: Schema.Literals(["0", "*", "*/15", "30", "10,20,40", "5-50/15", "59,0", "7/9"]),
  hour: Schema.Literals(["*", "2", "1-3", "*/6", "0,23", "2,14", "0-23"]),
  day: Schema.Literals(["*", "*", "1", "29", "31,1", "*/2", "1-7"]),
  month: Schema.Literals(["*", "*", "*", "3,10", "4", "*/3", "nov"]),
  weekday: Schema.Literals(["*", "*", "0", "7", "mon-fri", "1,3", "*/2", "0-6"]),
})

const expression = Arbitrary.filter(
  Arbitrary.map(Arbitrary.schema(fields), ({ minute, hour, day, month, weekday }) =>
    [minute, hour, day, month, weekday].join(" "),
  ),
  (text) => Schedule.problems(Schedule.cron(text)).length === 0,
)

export const crons = Arbitrary.map(
  Arbitrary.all({ expression, zone: Arbitrary.schema(Schema.Union([zone, Schema.Undefined])) }),
  (made) => Schedule.cron(made.expression, made.zone),
)

const within = (from: number, to: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: from, maximum: to })))

const ofMask = (mask: number, size: number) =>
  Array.from({ length: size }, (_, bit) => bit).filter((bit) => (mask >> bit) & 1)

export const onDays = Arbitrary.map(
  Arbitrary.all({ days: within(1, 2 ** 7 - 1), hours: within(1, 2 ** 24 - 1), zone: Arbitrary.schema(zone) }),
  (made) => Schedule.onDays({ days: ofMask(made.days, 7), hours: ofMask(made.hours, 24), timeZone: made.zone }),
)

export const every = Arbitrary.map(
  Arbitrary.all({ count: within(1, 90), unit: Arbitrary.schema(Schema.Literals(["seconds", "minutes", "hours"])) }),
  ({ count, unit }) => Schedule.every(`${count} ${unit}`),
)

export const jobs = Arbitrary.map(Arbitrary.schema(Schema.Literals(["dbt-cloud", "airflow"])), (tool) =>
  Schedule.job(tool, { jobId: "12", accountId: "7" }),
)

const kinds = [crons, onDays, every, jobs] as const

export const schedules = Arbitrary.flatMap(
  within(0, kinds.length),
  (kind) => kinds[kind] ?? Arbitrary.Constant(Schedule.manual),
)

export const at = (text: string): DateTime.Utc => DateTime.makeUnsafe(`${text}Z`)

/** The instants to the minute, in UTC. */
export const texts = (found: Schedule.Occurrences): ReadonlyArray<string> | string =>
  found._tag === "Unknown" ? found.why : found.at.map((one) => DateTime.formatIso(one).replace(":00.000Z", ""))
