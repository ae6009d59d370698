/** Finds what is wrong with a schedule: in itself, and for one vendor. */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { FieldIssue } from "../FieldIssue.ts"
import * as Calendar from "./calendar.ts"
import * as CronText from "./cron.ts"
import { excerpt } from "./excerpt.ts"
import type { ScheduleForms } from "./ScheduleForms.ts"
import * as Shape from "./shape.ts"
import * as Text from "./text.ts"
import type { Cron, Every, Job, Schedule } from "./union.ts"
import * as Zone from "./zone.ts"

type Issues = ReadonlyArray<FieldIssue>

/**
 * Returns everything that is wrong with a schedule, a field each: in itself and, with `forms`, for that vendor. Names a
 * vendor's bound together with its source. Sends nothing, and reads no clock. Accepts any value: where its fields are
 * not those of a schedule, it returns only the problems of its shape. Returns at most 100 issues.
 *
 * It measures the distance between two firings of a cron expression by the local clock. Where that clock changes, two
 * firings may come closer.
 */
export const problems = (schedule: Schedule, forms?: ScheduleForms): Issues => {
  const decoded = Shape.decode(schedule)
  if (Result.isFailure(decoded)) return decoded.failure
  const issues = inItself(decoded.success)
  const vendorIssues = forms === undefined ? [] : forForms(decoded.success, forms)
  return [...issues, ...vendorIssues].slice(0, Shape.maxIssues)
}

/** Returns a copy of a schedule that is valid in itself, or everything that is wrong with it. Accepts any value. */
export const validate = (schedule: unknown): Result.Result<Schedule, Issues> =>
  Result.flatMap(Shape.decode(schedule), (decoded) => {
    const issues = inItself(decoded)
    return issues.length === 0 ? Result.succeed(decoded) : Result.fail(issues.slice(0, Shape.maxIssues))
  })

const inItself = (schedule: Schedule): Issues => {
  switch (schedule._tag) {
    case "Manual":
      return []
    case "Every":
      return intervalProblems(Duration.toMillis(schedule.every))
    case "OnDays":
      return [
        ...listProblems("days", schedule.days, 6, "a whole day from 0 (Sunday) to 6 (Saturday)"),
        ...listProblems("hours", schedule.hours, 23, "a whole hour from 0 to 23"),
        ...issue(["timeZone"], Zone.problem(schedule.timeZone)),
      ]
    case "Cron":
      return [
        ...expressionProblems(schedule.expression),
        ...(schedule.timeZone === undefined ? [] : issue(["timeZone"], Zone.problem(schedule.timeZone))),
      ]
    case "Job":
      return [
        ...issueIf(schedule.tool.trim() === "", ["tool"], "Expected the name of a tool, found nothing"),
        ...Object.entries(schedule.ids).flatMap(([name, id]) =>
          issueIf(id.trim() === "", ["ids", name], "Expected an id, found nothing"),
        ),
      ]
  }
}

const intervalProblems = (millis: number): Issues =>
  issueIf(
    !Number.isFinite(millis) || millis <= 0 || millis % 1000 !== 0,
    ["every"],
    `Expected a positive, finite number of whole seconds, found ${Text.duration(millis)}`,
  )

const listProblems = (field: string, values: ReadonlyArray<number>, last: number, expected: string): Issues => [
  ...issueIf(
    values.length === 0 || values.length > last + 1,
    [field],
    `Expected 1 to ${last + 1} ${field}, found ${values.length || "none"}`,
  ),
  ...values.flatMap((value, index) => {
    const path = [field, String(index)]
    if (!Number.isInteger(value) || value < 0 || value > last) {
      return issue(path, `Expected ${expected}, found ${value}`)
    }
    return issueIf(values.indexOf(value) < index, path, `Expected each of the ${field} once, found ${value} again`)
  }),
]

const expressionProblems = (expression: string): Issues => {
  const parsed = CronText.parse(expression)
  if (Result.isFailure(parsed)) return parsed.failure.map((message) => ({ path: ["expression"], message }))
  return issueIf(
    !Calendar.hasDay(parsed.success),
    ["expression"],
    `Expected an expression that fires some day, found "${excerpt(expression)}": no year has such a day`,
  )
}

/** What is wrong with a value that is not forms. */
export const notForms = "Expected the forms of a vendor's schedules, such as `schedules` of an adapter"

const forForms = (schedule: Schedule, forms: ScheduleForms): Issues => {
  try {
    if (typeof forms.vendor === "string") return forVendor(schedule, forms)
  } catch {
    // A part of the forms is not what its type says.
  }
  return issue([], notForms)
}

const forVendor = (schedule: Schedule, forms: ScheduleForms): Issues => {
  switch (schedule._tag) {
    case "Manual":
      return []
    case "Every":
      return forms.every === undefined ? unsupported(schedule, forms) : everyProblems(schedule, forms.every)
    case "OnDays":
      return forms.onDays === undefined ? unsupported(schedule, forms) : []
    case "Cron":
      return forms.cron === undefined ? unsupported(schedule, forms) : cronProblems(schedule, forms.cron, forms.vendor)
    case "Job":
      return forms.jobs === undefined ? unsupported(schedule, forms) : jobProblems(schedule, forms.jobs, forms.vendor)
  }
}

const unsupported = (schedule: Exclude<Schedule, { readonly _tag: "Manual" }>, forms: ScheduleForms): Issues => {
  const supported = [
    "manual",
    ...(forms.every ? ["an interval"] : []),
    ...(forms.onDays ? ["days and hours"] : []),
    ...(forms.cron ? ["cron"] : []),
    ...(forms.jobs ? [`a job of ${Object.keys(forms.jobs).join(" or ")}`] : []),
  ]
  const last = supported.at(-1) ?? ""
  const list = supported.length === 1 ? last : `${supported.slice(0, -1).join(", ")} or ${last}`
  const only = supported.length === 1 ? "the only kind" : "the only kinds"
  return issue([], `Expected ${list}, ${only} that ${forms.vendor} supports, found ${kinds[schedule._tag]}`)
}

const kinds = { Every: "an interval", OnDays: "days and hours", Cron: "cron", Job: "a job to follow" } as const

const everyProblems = (schedule: typeof Every.Type, form: NonNullable<ScheduleForms["every"]>): Issues => {
  const millis = Duration.toMillis(schedule.every)
  const expected = (bound: string, duration: Duration.Input) =>
    `Expected ${bound} ${Text.duration(duration)} (${form.source}), found ${Text.duration(millis)}`
  const longest = form.longest === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(form.longest)
  const isTooLong = form.longestIsExcluded ? millis >= longest : millis > longest
  const isOffStep = Number.isFinite(millis) && millis % Duration.toMillis(form.step) !== 0
  return [
    ...issueIf(millis < Duration.toMillis(form.shortest), ["every"], expected("at least", form.shortest)),
    ...issueIf(
      isTooLong && form.longest !== undefined,
      ["every"],
      expected(form.longestIsExcluded ? "less than" : "at most", longest),
    ),
    ...issueIf(isOffStep, ["every"], expected("a whole number of steps of", form.step)),
  ]
}

const cronProblems = (
  { expression, timeZone }: typeof Cron.Type,
  { shortest, source, timeZone: zoneForm }: NonNullable<ScheduleForms["cron"]>,
  vendor: string,
): Issues => [
  ...(shortest === undefined ? [] : spacingProblems(expression, Duration.toMillis(shortest), source)),
  ...(zoneForm === "named"
    ? issueIf(timeZone === undefined, ["timeZone"], `Expected an IANA time zone (${source}): it is missing`)
    : issueIf(
        timeZone !== undefined && !Zone.isSame(timeZone, zoneForm.assumed),
        ["timeZone"],
        `Expected none or ${zoneForm.assumed}: ${vendor} stores no time zone, and core reads its times as ` +
          `${zoneForm.assumed} (${source}), found ${excerpt(timeZone ?? "")}`,
      )),
]

const spacingProblems = (expression: string, shortest: number, source: string): Issues => {
  const parsed = CronText.parse(expression)
  if (Result.isFailure(parsed)) return []
  const gap = Calendar.smallestGap(parsed.success) * 60_000
  return issueIf(
    gap < shortest,
    ["expression"],
    `Expected firings at least ${Text.duration(shortest)} apart (${source}), found ${Text.duration(gap)}`,
  )
}

const jobProblems = (
  { ids, tool }: typeof Job.Type,
  jobs: NonNullable<ScheduleForms["jobs"]>,
  vendor: string,
): Issues => {
  const names = Object.hasOwn(jobs, tool) ? jobs[tool] : undefined
  if (names === undefined) {
    const tools = Object.keys(jobs).join(" or ")
    return issue(["tool"], `Expected ${tools}: ${vendor} follows no other tool, found ${excerpt(tool)}`)
  }
  return [
    ...names.flatMap((name) => issueIf(!Object.hasOwn(ids, name), ["ids", name], "Expected a value: it is missing")),
    ...Object.keys(ids).flatMap((name) =>
      issueIf(!names.includes(name), ["ids", name], `Expected no more than ${names.join(" and ")} for ${tool}`),
    ),
  ]
}

const issue = (path: ReadonlyArray<string>, message: string | undefined): Issues =>
  message === undefined ? [] : [{ path, message }]

const issueIf = (isWrong: boolean, path: ReadonlyArray<string>, message: string): Issues =>
  isWrong ? [{ path, message }] : []
