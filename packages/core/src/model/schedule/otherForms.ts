/** Recognizes texts of other schedulers that are not cron expressions of five fields, and says what to write instead. */

const daily = "0 0 * * *"
const yearly = "0 0 1 1 *"
const macros: Readonly<Record<string, string>> = {
  yearly,
  annually: yearly,
  monthly: "0 0 1 * *",
  weekly: "0 0 * * 0",
  daily,
  midnight: daily,
  hourly: "0 * * * *",
}

/** Days of the week that Quartz and AWS count from 1, Sunday. */
const fromZero = (weekday: string): string =>
  weekday.includes("/") ? weekday : weekday.replace(/\d/g, (day) => `${Number(day) - 1}`)

/**
 * Returns what a text is, and what to write instead where five fields can say it, such as `the macro @daily: write 0 0 *
 * * *`; `undefined` where it is of no other scheduler. What it says to write may itself be wrong, where the text was.
 */
export const otherForm = (expression: string): string | undefined => {
  const text = expression.trim().slice(0, 200)
  const [, zone, timed = ""] = /^(?:CRON_)?TZ=(\S+)\s*(.*)/s.exec(text) ?? []
  if (zone !== undefined) {
    return `a time zone in the text: write ${otherForm(timed)?.split(": write ")[1] ?? timed} with timeZone ${zone}`
  }
  const [, macro = "", kind, inner = text] = /^@(\w+)|^(cron|rate)\((.*)\)$/.exec(text) ?? []
  if (macro !== "") return `the macro @${macro}: write ${Object.hasOwn(macros, macro) ? macros[macro] : "an interval"}`
  if (kind === "rate") return `an interval of AWS: write Schedule.every("${inner}")`
  const fields = inner.split(/\s+/)
  const mark = fields.indexOf("?")
  const isAws = kind !== undefined || (fields.length === 6 && mark > 0 && mark % 2 === 0)
  if (!isAws && fields.length !== 6 && fields.length !== 7) return undefined
  const [minute, hour, day, month, weekday = "", year = "*"] = isAws ? fields : fields.slice(1)
  const isCounted = isAws || mark > 0
  const form = isAws ? "AWS's form, with a year" : "Quartz's form, with seconds"
  const instead = [minute, hour, day, month, isCounted ? fromZero(weekday) : weekday].join(" ").replaceAll("?", "*")
  // Five fields have no seconds, no year, no last day, no nearest weekday, and no second Friday.
  const isSaid = (isAws || fields[0] === "0") && year === "*" && !/\d[LW]|\bLW?\b|#/.test(text)
  return `${isCounted ? form : `${fields.length}; an expression has no field for seconds`}${isSaid ? `: write ${instead}` : ""}`
}
