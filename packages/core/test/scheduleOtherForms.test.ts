import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "../src/model/schedule/Schedule.ts"

const problemsOf = (expression: string) => Schedule.problems(Schedule.cron(expression)).map(({ message }) => message)

const expected = "Expected five fields (minute, hour, day of the month, month, day of the week), found "

describe("texts of other schedulers in place of a cron expression", () => {
  const table: ReadonlyArray<readonly [expression: string, found: string, instead?: string]> = [
    ["0 4 * * * ?", "Quartz's form, with seconds: write 4 * * * *", "4 * * * *"],
    ["0 0 12 ? * 2-6", "Quartz's form, with seconds: write 0 12 * * 1-5", "0 12 * * 1-5"],
    ["0 15 10 ? * MON-FRI *", "Quartz's form, with seconds: write 15 10 * * MON-FRI", "15 10 * * MON-FRI"],
    ["30 15 10 ? * MON-FRI", "Quartz's form, with seconds"],
    ["0 15 10 * * ? 2027", "Quartz's form, with seconds"],
    ["0 0 6 * * *", "6; an expression has no field for seconds: write 0 6 * * *", "0 6 * * *"],
    ["*/10 * * * * *", "6; an expression has no field for seconds"],
    ["cron(0 9 * * ? *)", "AWS's form, with a year: write 0 9 * * *", "0 9 * * *"],
    ["cron(0/15 8-17 ? * 2-6 *)", "AWS's form, with a year: write 0/15 8-17 * * 1-5", "0/15 8-17 * * 1-5"],
    ["0 9 ? * MON *", "AWS's form, with a year: write 0 9 * * MON", "0 9 * * MON"],
    ["0 0 6 L * ?", "Quartz's form, with seconds"],
    ["cron(0 9 ? * 6#2 *)", "AWS's form, with a year"],
    ["cron(0 9 LW JUL ? *)", "AWS's form, with a year"],
    ["0 0 9 1 JUL ?", "Quartz's form, with seconds: write 0 9 1 JUL *", "0 9 1 JUL *"],
    ["cron(0 9 1 1 ? 2027)", "AWS's form, with a year"],
    ["rate(5 minutes)", 'an interval of AWS: write Schedule.every("5 minutes")'],
    ["@daily", "the macro @daily: write 0 0 * * *", "0 0 * * *"],
    ["@weekly", "the macro @weekly: write 0 0 * * 0", "0 0 * * 0"],
    ["@hourly", "the macro @hourly: write 0 * * * *", "0 * * * *"],
    ["@every 1h30m", "the macro @every: write an interval"],
    ["@constructor", "the macro @constructor: write an interval"],
    [
      "CRON_TZ=Europe/Berlin 0 9 * * *",
      "a time zone in the text: write 0 9 * * * with timeZone Europe/Berlin",
      "0 9 * * *",
    ],
    ["TZ=UTC 30 6 * * 1", "a time zone in the text: write 30 6 * * 1 with timeZone UTC", "30 6 * * 1"],
    ["TZ=UTC 6 * * 1", "a time zone in the text: write 6 * * 1 with timeZone UTC"],
    ["TZ=Asia/Tokyo 0 4 * * * ?", "a time zone in the text: write 4 * * * * with timeZone Asia/Tokyo", "4 * * * *"],
    ["CRON_TZ=Asia/Tokyo @daily", "a time zone in the text: write 0 0 * * * with timeZone Asia/Tokyo", "0 0 * * *"],
  ]
  it.each(table)("S1: %s", (expression = "", found, instead) => {
    expect(problemsOf(expression)).toEqual([`${expected}${found}`])
    if (instead !== undefined) expect(problemsOf(instead)).toEqual([])
  })

  it.each([`cron(${"9 ".repeat(5_000)}`, `TZ=${"TZ=".repeat(50_000)} 0`, `${"? ".repeat(50_000)}`, "@".repeat(9_999)])(
    "S1: a long text has one short problem: %#",
    (expression) => {
      const [problem = "", ...others] = problemsOf(expression)
      expect(others).toEqual([])
      expect(problem.startsWith(expected)).toBe(true)
      expect(problem.length).toBeLessThan(400)
    },
  )
})
