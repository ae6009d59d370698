/** Recognizes texts of other schedulers that are not cron expressions of five fields, and says what to write instead. */

const macros: Readonly<Record<string, string>> = {
  yearly: "0 0 1 1 *",
  annually: "0 0 1 1 *",
  monthly: "0 0 1 * *",
  weekly: "0 0 * * 0",
  daily: "0 0 * * *",
  midnight: "0 0 * * *",
  hourly: "0 * * * *",
}

/** Quartz and AWS count days of the week from 1, Sunday. */
const fromZero = (weekday: string): string =>
  weekday.includes("/") ? weekday : weekday.replace(/\d/g, (day) => `${Number(day) - 1}`)

const withoutMarks = (fields: ReadonlyArray<string>): string => fields.join(" ").replaceAll("?", "*")

const counted = ([minute = "", hour = "", day = "", month = "", weekday = ""]: ReadonlyArray<string>): string =>
  withoutMarks([minute, hour, day, month, fromZero(weekday)])

/**
 * Returns what a text is, and what to write instead where five fields can say it, such as `the macro @daily: write 0 0 *
 * * *`; `undefined` where it is of no other scheduler. What it says to write may itself be wrong, where the text was.
 */
export const otherForm = (expression: string): string | undefined => {
  const text = expression.trim().slice(0, 200)
  const [, variable, zone, timed = ""] = /^((?:CRON_)?TZ)=(\S+)\s*(.*)/s.exec(text) ?? []
  if (zone !== undefined) {
    const instead = otherForm(timed)?.replace(/^.*: (?:write )?/, "") ?? timed
    return `a zone in the text (${variable}): write ${instead} with timeZone ${zone}`
  }
  const [, macro = "", wrapper, inner = ""] = /^@(\w+)|^(cron|rate)\((.*)\)$/.exec(text) ?? []
  if (macro !== "") {
    const fields = Object.hasOwn(macros, macro) ? `write ${macros[macro]}` : "write five fields, or an interval"
    return `the macro @${macro}: ${fields}`
  }
  if (wrapper === "rate") return `an interval of AWS: write Schedule.every("${inner}")`
  const fields = (wrapper === undefined ? text : inner).split(/\s+/)
  const mark = fields.indexOf("?")
  // The last day, the nearest weekday, and the second Friday of a month.
  const isSaid = !/\d[LW]|\bLW?\b|#/.test(text)
  if (wrapper !== undefined || (fields.length === 6 && mark > 0 && mark % 2 === 0)) {
    return `AWS's form, with a year: ${isSaid && (fields[5] ?? "*") === "*" ? `write ${counted(fields)}` : never}`
  }
  if (fields.length === 5 && mark > 0) return `a question mark: write ${withoutMarks(fields)}`
  if (fields.length !== 6 && fields.length !== 7) return undefined
  const isFull = isSaid && fields[0] === "0" && (fields[6] ?? "*") === "*"
  if (mark > 0) return `Quartz's form, with seconds: ${isFull ? `write ${counted(fields.slice(1))}` : never}`
  const instead = isFull ? `: write ${fields.slice(1, 6).join(" ")}` : ""
  return `${fields.length}; an expression has no field for seconds${instead}`
}

const never = "five fields cannot say it"
