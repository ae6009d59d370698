/**
 * Prints the pages and blocks of the docs that come from code: the facts of each vendor, the endpoints, the schedules, the
 * errors, the switches of the emulators, the capability table, and the programs of READMEs and pages.
 *
 *     npm run docs            writes them
 *     npm run docs -- --check fails when one of them is stale
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import * as ConfigurationSchema from "@openretl/cli/ConfigurationSchema"
import * as ExitCode from "@openretl/cli/ExitCode"
import * as Capabilities from "@openretl/core/Capabilities"
import type { Description, WhenBusy } from "@openretl/core/driver/Description"
import type { AnyDriver } from "@openretl/core/driver/Driver"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import { Duration, Effect, SchemaAST } from "effect"
import { files, packages, read, root } from "../scripts/workspace.ts"
import { documented } from "./adapters/all.ts"
import { endpointsPage } from "./endpoints.ts"
import { errorsPage } from "./errors.ts"
import { schedulesTable } from "./schedules.ts"
import { pageProblems, withPrograms } from "./snippets.ts"
import { switchTables } from "./switches.ts"
import { telemetryPage } from "./telemetry.ts"

/** An adapter with its driver. */
type Vendor = Omit<(typeof documented)[number], "driver"> & { readonly driver: AnyDriver }

const vendors: ReadonlyArray<Vendor> = await Effect.runPromise(
  Effect.forEach(documented, (adapter) => Effect.map(adapter.driver, (driver) => ({ ...adapter, driver }))),
)

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ")
const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n")

const confidences = ["live", "documented", "seen-in-official-client", "assumed"] as const

/** The facts of all vendors that `openretl doctor` settles. */
const settling = Object.assign(
  {},
  ...(await Promise.all(
    vendors.map(({ folder }) =>
      import(`../packages/cli/src/internal/facts/${folder}.ts`).then((module) => module.settling),
    ),
  )),
)

const factsPage = ({ title, facts }: Vendor) =>
  [
    `# ${title}: the facts that the adapter relies on`,
    "",
    "`npm run docs` prints this page from the adapter; do not edit it. `live`: somebody has seen it in a real account.",
    "`documented`: the vendor documents it. `seen-in-official-client`: the vendor's own client does it. `assumed`: neither. No",
    "fact is `live` yet. A fact with a switch has other possible values; the conformance suite tries each of them in the",
    "emulator. `openretl doctor` says of a fact with the mark (doctor) whether it holds in your account: please report it where",
    "it does not.",
    "",
    table(
      ["", ""],
      confidences.map((confidence) => [
        confidence,
        String(facts.filter((fact) => fact.confidence === confidence).length),
      ]),
    ),
    "",
    table(
      ["Fact", "Claim", "Confidence", "Consequence", "Source"],
      facts.map(({ id, claim, confidence, consequence, source, hasSwitch }) => [
        `\`${id}\`${hasSwitch === true ? " (switch)" : ""}${id in settling ? " (doctor)" : ""}`,
        claim,
        confidence,
        consequence,
        source,
      ]),
    ),
    "",
  ].join("\n")

const durationText = (input: Duration.Input) => Duration.format(Duration.fromInputUnsafe(input))

/** Names the operations of each limit, unless all limits are those of the same operations. */
const limitsText = ({ limits }: Description) => {
  const operationsOf = ({ operations }: Description["limits"][number]) =>
    operations === "all" ? "all" : operations.join(", ")
  const isOfAll = new Set(limits.map(operationsOf)).size === 1
  const texts = limits.map((limit) => {
    const length = durationText(limit.window).replace(/^1m$/, "minute").replace(/^1s$/, "second")
    return `${limit.requests} a ${length}${isOfAll ? "" : ` (${operationsOf(limit)})`}`
  })
  return texts.length === 0 ? "none documented" : texts.join("; ")
}

const schedulesText = ({ every, onDays, cron, jobs }: ScheduleForms) =>
  [
    "manual",
    ...(every === undefined
      ? []
      : [
          `every ${durationText(every.shortest)} or longer${every.longest === undefined ? "" : `, ${every.longestIsExcluded === true ? "under" : "at most"} ${durationText(every.longest)}`}`,
        ]),
    ...(onDays === undefined ? [] : ["days and hours in a time zone"]),
    ...(cron === undefined
      ? []
      : [
          cron.timeZone === "named"
            ? "cron in a time zone"
            : `cron without a time zone, read as ${cron.timeZone.assumed}`,
        ]),
    ...Object.keys(jobs ?? {}).map((tool) => `after a job of ${tool}`),
  ].join("; ")

/** What the vendor does with a trigger while a run of the sync is under way. */
const whenBusyTexts: Readonly<Record<WhenBusy, string>> = {
  refuses: "the vendor refuses a second one (409)",
  queues: "the vendor queues the second one",
  skips: "the vendor skips the second one",
  unknown: "core looks first",
}

/** Returns the names of the ids that a sync must have, or of those that it may have. */
const idNames = ({ ids }: AnyDriver, isOptional: boolean) =>
  Object.entries(ids.fields)
    .filter(([, { ast }]) => SchemaAST.isOptional(ast) === isOptional)
    .map(([name]) => `\`${name}\``)
    .join(", ")

const matrix = () => {
  const columns = vendors.map(({ driver }) => ({ driver, can: Capabilities.of(driver) }))
  const rows: ReadonlyArray<[string, (vendor: (typeof columns)[number]) => string]> = [
    ["Trigger, wait, run, watch, get, list", () => "yes"],
    [
      "A sync's ids",
      ({ driver }) => {
        const optional = idNames(driver, true)
        return `${idNames(driver, false)}${optional === "" ? "" : `; optional: ${optional}`}`
      },
    ],
    [
      "Choose what a run covers (`ScopedTriggers`)",
      ({ can }) => (can.scopes.length === 0 ? "no" : can.scopes.map((scope) => `\`${scope}\``).join(", ")),
    ],
    [
      "Cancel (`Cancellation`)",
      ({ can }) =>
        ({ run: "yes", sync: "yes, but it stops whatever runs on the sync", none: "no" })[can.cancellation || "none"],
    ],
    ["What keeps two runs of a sync apart (`whenBusy`)", ({ can }) => whenBusyTexts[can.whenBusy]],
    [
      "A trigger whose answer is lost (`keyedTriggers`)",
      ({ can }) => (can.keyedTriggers ? "core sends it again with its key" : "core looks for its run"),
    ],
    ["Can read whether a sync has a schedule", ({ can }) => (can.ownSchedule ? "yes" : "no")],
    ["Configured syncs (`Catalog`)", ({ can }) => (can.catalog ? "yes" : "no")],
    ["Change, pause, resume, schedule (`Administration`)", ({ can }) => (can.administration === false ? "no" : "yes")],
    ["Create (`Creation`)", ({ can }) => (can.creation ? "yes" : "no")],
    ["Delete (`Deletion`)", ({ can }) => (can.deletion ? "yes" : "no")],
    [
      "Schedules of a sync",
      ({ can }) => (can.administration === false ? "unknown" : schedulesText(can.administration)),
    ],
    ["Documented rate limits", ({ driver }) => limitsText(driver.description)],
  ]
  return table(
    ["", ...vendors.map(({ title }) => title)],
    rows.map(([name, value]) => [name, ...columns.map(value)]),
  )
}

/** Returns the page with a new text between `<!-- name -->` and `<!-- /name -->`. */
const fill = (page: string, name: string, text: string) => {
  const region = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`)
  if (!region.test(page)) throw new Error(`the page has no region "${name}"`)
  return page.replace(region, (_, open: string, close: string) => `${open}\n${text}\n\n${close}`)
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } })
const readme = readFileSync(`${root}/README.md`, "utf8")
const filled = fill(withPrograms(readme), "capabilities", matrix())
const endpoints = endpointsPage()

const scheduling = vendors.flatMap(({ title, schedules }) => (schedules === undefined ? [] : [{ title, schedules }]))

const schedulesPage = [
  "# Schedules",
  "",
  "How `Schedule.translate` translates a schedule for each vendor. `npm run docs` prints this page from the code; do not edit",
  "it. A translation names everything that is lost. A schedule that a vendor cannot express is rejected before any request.",
  "",
  "Where a vendor stores no time zone, the times move to the zone in which it reads them. That is exact where the clocks of",
  "both zones are always equally far apart when the schedule fires: a zone with one offset all year, a zone with daylight",
  "saving in a month without it, or an even interval around the clock. Else the times keep standard time, and what is lost",
  "names the next two changes of the clock after `from`, by default 2027-01-01. Offsets are those of the runtime's time zones.",
  "",
  table(
    ["Schedule", ...scheduling.map(({ title }) => title)],
    schedulesTable(scheduling.map(({ schedules }) => schedules)),
  ),
  "",
].join("\n")

const switchesPage = [
  "# Switches of the emulators",
  "",
  "`npm run docs` prints this page from the code; do not edit it. A switch is a point that the vendor's documents leave open.",
  "Each table lists the default value first. [Emulators](./emulators.md#switches) says how a test sets them.",
  "",
  switchTables(),
  "",
].join("\n")

/** The written pages, with the programs that they name. */
const written = [
  ...packages.map((name) => `packages/${name}/README.md`),
  ...files("docs/*.md", "docs/vendors/*.md"),
].map((path) => [path, withPrograms(read(path))] as const)

const exitCodes = table(
  ["Code", "", "Meaning"],
  Object.entries(ExitCode.codes).map(([name, [code, meaning]]) => [String(code), `\`${name}\``, meaning]),
)

const configurationSchema = await Effect.runPromise(ConfigurationSchema.make)

const pages = new Map([
  ...written,
  ["docs/cli.md", fill(withPrograms(read("docs/cli.md")), "exit-codes", exitCodes)],
  ["packages/cli/openretl.schema.json", `${JSON.stringify(configurationSchema, undefined, 2)}\n`],
  ["README.md", filled],
  ["docs/switches.md", switchesPage],
  ["docs/endpoints.md", endpoints.text],
  ["docs/schedules.md", schedulesPage],
  ["docs/errors.md", withPrograms(errorsPage(table))],
  ["docs/telemetry.md", withPrograms(telemetryPage(table))],
  ...vendors.map((vendor) => [`docs/facts/${vendor.folder}.md`, factsPage(vendor)] as const),
])

const stale: Array<string> = []
mkdirSync(`${root}/docs/facts`, { recursive: true })
for (const [file, text] of pages) {
  let current = ""
  try {
    current = readFileSync(`${root}/${file}`, "utf8")
  } catch {}
  if (current === text) continue
  stale.push(file)
  if (!values.check) writeFileSync(`${root}/${file}`, text)
}
const problems = [
  ...endpoints.problems,
  ...[...written, ["README.md", filled] as const].flatMap(([path, page]) => pageProblems(path, page)),
]
for (const problem of problems) console.error(`docs: ${problem}`)
if (problems.length > 0) process.exitCode = 1
if (stale.length === 0) console.log("docs: up to date")
else if (values.check) {
  console.error(`docs: stale, run \`npm run docs\`: ${stale.join(", ")}`)
  process.exitCode = 1
} else console.log(`docs: wrote ${stale.join(", ")}`)
