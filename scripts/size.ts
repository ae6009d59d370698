/**
 * Prints what an adapter costs a user in bytes: bundles the quick start of each README, with effect and without, and for
 * comparison the official SDK of Segment. Fails when a bundle is over its budget, and when it contains another adapter.
 *
 *     npm run size [-- --json]
 *
 * With `--short`, it looks at the budgets only.
 */
import { parseArgs } from "node:util"
import { gzipSync } from "node:zlib"
import { build, type Metafile } from "esbuild"
import { adapterFolders, foldersWithAdmin } from "./adapters.ts"
import { quickStartsIn } from "./consumer/quickStart.ts"
import { conclude } from "./verdict.ts"
import { packages, read, root } from "./workspace.ts"

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, short: { type: "boolean", default: false } },
})

/** Bytes of a quick start, minified and gzipped, with effect and ky: see decisions/0018-what-a-quick-start-weighs.md. */
const budget = 121_100

/** What a quick start in promises may weigh more than the one with Effect. */
const promiseBudget = 2200

/** The same for a program that configures syncs: see decisions/0009-configuring-is-an-entry-of-its-own.md. */
const adminBudget = 155_100

interface Size {
  readonly minified: number
  readonly gzipped: number
}

/** How a program uses an adapter: in promises, with Effect, or with Effect and configuring. */
type Way = "promises" | "effect" | "configuring"

interface Measured {
  readonly name: string
  readonly adapter?: string
  readonly way?: Way
  readonly whole: Size
  /** Absent where the program does not use effect. */
  readonly withoutEffect?: Size
  /** Minified bytes by origin: packages of this workspace, effect, other dependencies. */
  readonly parts: Readonly<Record<string, number>>
}

/** A program. It may import what the benchmarks may. */
interface Entry {
  readonly name: string
  readonly program: string
}

const fileEntry = (name: string): Entry => ({ name, program: read(`benchmarks/size/${name}.ts`) })

const quickStartEntry = (name: string, way: Way): Entry => {
  const readme = `packages/${name}/README.md`
  const quickStart = quickStartsIn(readme, read(readme)).find(({ withEffect }) => withEffect === (way === "effect"))
  if (quickStart === undefined) throw new Error(`${readme} has no quick start (${way})`)
  return { name, program: quickStart.program }
}

const bundle = async (
  { name, program }: Entry,
  platform: "neutral" | "node",
  external: ReadonlyArray<string>,
  conditions: ReadonlyArray<string> = [],
) => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    stdin: { contents: program, loader: "ts", resolveDir: `${root}/benchmarks/size`, sourcefile: `${name}.ts` },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    treeShaking: true,
    format: "esm",
    target: "es2022",
    platform,
    mainFields: ["module", "main"],
    conditions: ["@openretl/source", ...conditions],
    external: [...external],
    logLevel: "silent",
  })
  const bytes = outputFiles[0]?.contents ?? new Uint8Array()
  return { size: { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length }, metafile }
}

const partsOf = (metafile: Metafile): Readonly<Record<string, number>> => {
  const parts: Record<string, number> = {}
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const [, workspacePackage] = /(?:^|\/)packages\/([\w-]+)\//.exec(path) ?? []
      const [, dependency] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? []
      const part = workspacePackage ?? dependency ?? "quick start"
      if (bytesInOutput > 0) parts[part] = (parts[part] ?? 0) + bytesInOutput
    }
  }
  return parts
}

const measureAdapter = async (name: string, way: Way): Promise<Measured> => {
  const entry = way === "configuring" ? fileEntry(`${name}-admin`) : quickStartEntry(name, way)
  const [whole, without] = await Promise.all([
    bundle(entry, "neutral", []),
    ...(values.short ? [] : [bundle(entry, "neutral", ["effect", "effect/*"])]),
  ])
  return {
    name: `${name}, ${names[way]}`,
    adapter: name,
    way,
    whole: whole.size,
    ...(without && { withoutEffect: without.size }),
    parts: partsOf(whole.metafile),
  }
}

const sdk = "@segment/public-api-sdk-typescript"

const names = { promises: "in promises", effect: "with Effect", configuring: "with Effect, configuring" }

const measureSdk = async (): Promise<Measured> => {
  const { size, metafile } = await bundle(fileEntry("segment-sdk"), "node", [])
  return { name: sdk, whole: size, parts: partsOf(metafile) }
}

/** The program of a user who brings a transport: see decisions/0024-a-bundle-without-ky.md. */
const measureOwnTransport = async (): Promise<Measured> => {
  const entry = quickStartEntry("rudderstack", "effect")
  const { size, metafile } = await bundle(entry, "neutral", [], ["openretl-own-transport"])
  return { name: "rudderstack, with your transport", whole: size, parts: partsOf(metafile) }
}

const problemsOf = ({ name, adapter, way, whole, parts }: Measured): ReadonlyArray<string> => {
  const withEffect = measured.find((other) => other.adapter === adapter && other.way === "effect")
  const budgets = {
    effect: budget,
    configuring: adminBudget,
    promises: (withEffect?.whole.gzipped ?? 0) + promiseBudget,
  }
  const maxBytes = budgets[way ?? "effect"]
  return [
    ...(whole.gzipped > maxBytes ? [`${name}: ${whole.gzipped} bytes gzipped, at most ${maxBytes}`] : []),
    ...packages
      .filter((other) => other !== adapter && other !== "core" && parts[other] !== undefined)
      .map((other) => `${name}: its bundle contains packages/${other}`),
  ]
}

const kilobytes = (bytes: number | undefined) => (bytes === undefined ? "-" : `${(bytes / 1000).toFixed(1)} kB`)

const table = (rows: ReadonlyArray<Measured>): string => {
  const line = (name: string, ...cells: ReadonlyArray<string>) =>
    name.padEnd(46) + cells.map((cell) => cell.padStart(16)).join("")
  return [
    line("quick start with", "minified", "gzipped", "without effect"),
    ...rows.map(({ name, whole, withoutEffect }) =>
      line(name, kilobytes(whole.minified), kilobytes(whole.gzipped), kilobytes(withoutEffect?.gzipped)),
    ),
  ].join("\n")
}

/** The origins of the minified bytes of a bundle, largest first. */
const composition = ({ name, parts }: Measured): string => {
  const sorted = Object.entries(parts).sort(([, left], [, right]) => right - left)
  return `${name}, minified: ${sorted.map(([part, bytes]) => `${part} ${kilobytes(bytes)}`).join(", ")}`
}

const ways: ReadonlyArray<Way> = ["promises", "effect", "configuring"]
const measured = await Promise.all(
  ways.flatMap((way) =>
    (way === "configuring" ? foldersWithAdmin : adapterFolders).map((name) => measureAdapter(name, way)),
  ),
)
const own = await measureOwnTransport()
const problems = [
  ...measured.flatMap(problemsOf),
  ...(own.parts["ky"] === undefined ? [] : [`${own.name}: its bundle contains ky`]),
]
const official = values.short ? [] : [await measureSdk()]

if (values.json) {
  console.log(
    JSON.stringify({ budget, adminBudget, measured: [...measured, own, ...official], problems }, undefined, 2),
  )
  if (problems.length > 0) process.exitCode = 1
} else {
  console.log(table([...measured, own, ...official]))
  console.log("")
  for (const adapter of measured.filter(({ way }) => way === "effect")) console.log(composition(adapter))
  console.log("")
  const largest = (way: Way) =>
    (Math.max(...measured.flatMap((it) => (it.way === way ? [it.whole.gzipped] : []))) / 1000).toFixed(1)
  conclude(
    problems,
    `at most ${largest("effect")} kB gzipped, of ${budget / 1000}; in promises ${largest("promises")}; configuring ${largest("configuring")}, of ${adminBudget / 1000}`,
  )
}
