/** The page for people on call: its alerts go by the telemetry contract, and its output is what the program prints. */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Telemetry from "@openretl/core/Telemetry"
import { describe, expect, it } from "vitest"
import { bundledProgram } from "../../scripts/bundles.ts"
import { isLong } from "../../scripts/forms.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

const page = readFileSync(`${root}docs/on-call.md`, "utf8")

const underscored = (name: string) => name.replaceAll(/[^a-z_]/g, "_")

/** The suffixes that Prometheus adds by the unit and the kind of a metric; units in braces have none. */
const suffixesOf = ({ unit, kind }: Telemetry.Metric): ReadonlyArray<string> => {
  const ofUnit = unit === "s" ? "_seconds" : ""
  if (kind === "histogram") return ["_bucket", "_count", "_sum"].map((suffix) => `${ofUnit}${suffix}`)
  return [kind === "counter" ? `${ofUnit}_total` : ofUnit]
}

/** The contract's metrics, by their names in Prometheus. */
const metrics = new Map(
  Object.entries<Telemetry.Metric>(Telemetry.metrics).flatMap(([name, metric]) =>
    suffixesOf(metric).map((suffix) => [`${underscored(name)}${suffix}`, metric] as const),
  ),
)

/** The names in Prometheus of the attributes, and the values that the contract lists. */
const attributes = new Map(
  Object.entries<Telemetry.Attribute>(Telemetry.attributes).map(([name, { values }]) => [underscored(name), values]),
)

const expressions = [...page.matchAll(/^ +expr: (.+)$/gm)].map(([, expression = ""]) => expression)

/** The rules that record a metric under a name of their own, by that name. */
const recorded = new Map(
  [...page.matchAll(/record: (\S+)\n +expr: .*?\b(openretl_\w+)/g)].map(([, name = "", metric = ""]) => [name, metric]),
)

describe("the alerts", () => {
  it("there are some", () => expect(expressions).toHaveLength(10))

  it("a count is taken from a recorded rule, since increase alone leaves out the first count of a series", () => {
    expect([...recorded.values()].every((name) => name.endsWith("_count") || name.endsWith("_total"))).toBe(true)
    for (const expression of expressions.filter((text) => text.includes("increase("))) {
      expect(expression).toMatch(/^max_over_time\((\w+)\[1h\]\) unless \(\1 offset 1h\) or increase\(\1\[1h\]\)$/)
    }
  })

  it.each(expressions)("%s: its metric, labels and values are those of the contract", (expression) => {
    const [name = ""] = /\bopenretl[\w:]+(?=[{[)])/.exec(expression.replaceAll(/by \([^)]*\)/g, "")) ?? []
    const metricName = recorded.get(name) ?? name
    const metric = metrics.get(metricName)
    expect(metric, metricName).toBeDefined()
    const labels = [...(metric?.attributes ?? []), ...(metric?.optional ?? [])].map(underscored)
    const grouped = /by \(([^)]*)\)/.exec(expression)?.[1]?.split(", ") ?? []
    const matched = [...expression.matchAll(/(\w+)(?:=~|!=|=)"([^"]*)"/g)]
    for (const label of [...grouped, ...matched.map(([, label = ""]) => label)]) expect(labels).toContain(label)
    for (const [, label = "", values = ""] of matched) {
      for (const value of values.split("|")) expect(attributes.get(label)).toContain(value)
    }
  })

  it("its summaries use the labels by which the alert groups", () => {
    const rules = [...page.matchAll(/alert: .*\n +expr: (.*)\n[\s\S]*?summary: (.*)/g)]
    expect(rules).toHaveLength(expressions.length - recorded.size)
    for (const [, expression = "", summary = ""] of rules) {
      const grouped = /by \(([^)]*)\)/.exec(expression)?.[1] ?? ""
      for (const [, label = ""] of summary.matchAll(/\$labels\.(\w+)/g)) expect(grouped.split(", ")).toContain(label)
    }
  })
})

describe("the lines", () => {
  it("those that the page names are in the contract", () => {
    const named = [...page.matchAll(/the line `([^`]+)`/g)].map(([, message = ""]) => message)
    expect(named.length).toBeGreaterThan(2)
    for (const message of named) expect(Object.keys(Telemetry.lines)).toContain(message)
  })

  it("the output is what the program prints", { timeout: 120_000 }, async () => {
    const shown = (text: string) =>
      text
        .trimEnd()
        .replaceAll(/fiber=#\d+/g, "fiber=#N")
        .replaceAll(/\b[0-9a-f]{32}\b/g, "ENTRY")
        .replaceAll(/ +\d+s(?= |$)/gm, " TIME")
    const file = "docs/programs/on-call.ts"
    const program = isLong ? file : await bundledProgram(file)
    const out = execFileSync(process.execPath, ["--conditions=@openretl/source", program], {
      cwd: root,
      encoding: "utf8",
    })
    expect(shown(out)).toBe(shown(/<!-- output of on-call.ts -->\n\n```text\n([\s\S]*?)\n```/.exec(page)?.[1] ?? ""))
  })
})
