/**
 * Checks that every adapter has the files that its kind has, under the same names, and a place in every list; that the
 * exports map of every package agrees with its sources and its index; that every folder of core is on a floor; and that
 * core's engine and the conformance suite name no vendor.
 */
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { allAdapters, foldersWithAdmin } from "./adapters.ts"
import { indexProblems, type Manifest, mapProblems } from "./anatomy/exportsMap.ts"
import { floors } from "./sources/floors.ts"
import { conclude } from "./verdict.ts"
import { files, filesIn, packages, publishedIn, read, root } from "./workspace.ts"

type Configures = (typeof allAdapters)[number][1]["configures"]

const canChange = (configures: Configures): boolean => configures.startsWith("changes")

/** The files of every adapter, and those of adapters that also read, or change, configured syncs. */
const expectedFiles = (vendor: string, configures: Configures): ReadonlyArray<string> => [
  "README.md",
  "src/index.ts",
  `src/${vendor}.ts`,
  `src/${vendor}Api.ts`,
  `src/${vendor}Client.ts`,
  `src/${vendor}Facts.ts`,
  `src/${vendor}RunsClient.ts`,
  "src/internal/connect.ts",
  "src/internal/errors.ts",
  "src/internal/fromWire.ts",
  "src/internal/ids.ts",
  "src/internal/options.ts",
  "src/internal/statusWords.ts",
  "test/conformance.test.ts",
  "test/harness.ts",
  "test/hostile.test.ts",
  "test/target.ts",
  ...(configures === "nothing"
    ? []
    : [`src/${vendor}Admin.ts`, "src/internal/catalog.ts", "src/internal/schedule.ts", "src/internal/syncFromWire.ts"]),
  ...(canChange(configures) ? ["src/internal/administration.ts", "src/internal/toWire.ts"] : []),
]

/** The files about an adapter outside its package. */
const filesElsewhere = (folder: string, vendor: string, configures: Configures): ReadonlyArray<string> => [
  `docs/adapters/${folder}.ts`,
  `docs/programs/quick-start-${folder}.ts`,
  `docs/programs/quick-start-${folder}-effect.ts`,
  `docs/vendors/${folder}.md`,
  `packages/cli/src/internal/configuration/${folder}.ts`,
  `packages/emulator/src/${vendor}Emulator.ts`,
  `packages/emulator/src/${vendor}Switches.ts`,
  ...(foldersWithAdmin.includes(folder) ? [`benchmarks/size/${folder}-admin.ts`] : []),
  ...(canChange(configures) ? [`docs/programs/configure-${folder}.ts`] : []),
]

/** Texts that mention every adapter, each with how it does. */
const mentions: ReadonlyArray<readonly [path: string, mention: (folder: string, vendor: string) => string]> = [
  ["README.md", (folder) => `packages/${folder}`],
  ["tsconfig.build.json", (folder) => `"packages/${folder}/tsconfig.build.json"`],
  ...["benchmarks", "docs", "packages/cli", "packages/simulation"].map(
    (name) => [`${name}/package.json`, (folder: string) => `"@openretl/${folder}"`] as const,
  ),
  ["packages/cli/src/internal/configuration/vendors.ts", (folder) => `"./${folder}.ts"`],
  [
    "packages/cli/src/internal/terminal/format.ts",
    (folder) => (folder.includes("-") ? `"${folder}": "` : `${folder}: "`),
  ],
  ["packages/simulation/test/adapterExports.test-d.ts", (_, vendor) => `typeof ${vendor},`],
  ["packages/emulator/src/index.ts", (_, vendor) => `${vendor}Emulator`],
  [
    "packages/emulator/src/internal/vendors.ts",
    (folder) => (folder.includes("-") ? `\n  "${folder}": {` : `\n  ${folder}: {`),
  ],
  ["packages/emulator/src/index.ts", (_, vendor) => `${vendor}Switches`],
]

const listProblems = (folder: string, vendor: string, configures: Configures): ReadonlyArray<string> => [
  ...filesElsewhere(folder, vendor, configures)
    .filter((path) => !existsSync(resolve(root, path)))
    .map((path) => `${path}: missing; scripts/adapters.ts has ${folder}`),
  ...mentions
    .filter(([path, mention]) => !read(path).includes(mention(folder, vendor)))
    .map(([path, mention]) => `${path}: no ${mention(folder, vendor)}; scripts/adapters.ts has ${folder}`),
]

/** A longer conformance test hides a difference that belongs in the suite. */
const maxConformanceLines = 25

const lines = (path: string): number => read(path).trimEnd().split("\n").length

const adapterProblems = (folder: string, vendor: string, configures: Configures): ReadonlyArray<string> => {
  const expected = expectedFiles(vendor, configures).map((file) => `packages/${folder}/${file}`)
  const missing = expected.filter((path) => !existsSync(resolve(root, path)))
  // A family of endpoints is a pair: its schemas and its functions.
  const isFamily = (path: string): boolean => {
    const [, family] = new RegExp(`/${vendor}([A-Z][a-z]+)(?:Api|Client)\\.ts$`).exec(path) ?? []
    return ["Api", "Client"].every((kind) =>
      existsSync(resolve(root, `packages/${folder}/src/${vendor}${family}${kind}.ts`)),
    )
  }
  const others = files(`packages/${folder}/src/*.ts`).filter((path) => !expected.includes(path) && !isFamily(path))
  const conformance = `packages/${folder}/test/conformance.test.ts`
  return [
    ...missing.map((path) => `${path}: missing; every adapter that configures ${configures} has it`),
    ...others.map(
      (path) =>
        `${path}: neither a file of adapters that configure ${configures} nor one half of a family's Api and Client`,
    ),
    ...(!missing.includes(conformance) && lines(conformance) > maxConformanceLines
      ? [`${conformance}: ${lines(conformance)} lines, at most ${maxConformanceLines}`]
      : []),
  ]
}

/** What any vendor's adapter relies on names none of them. */
const anyVendor = ["packages/core/src/engine/**/*.ts", "packages/conformance/{src,example}/**/*.ts"]

const namesOf = (folder: string, vendor: string): RegExp => new RegExp(`\\b${vendor}(?![a-z])|["'\`/]${folder}["'\`/]`)

/** The files that name a vendor and may not. */
const nameProblems = files(...anyVendor).flatMap((path) =>
  allAdapters.flatMap(([folder, { name }]) =>
    namesOf(folder, name).test(read(path)) ? [`${path}: names ${name}; it is about any vendor`] : [],
  ),
)

const packageProblems = (name: string): ReadonlyArray<string> => {
  const folder = `packages/${name}`
  const missing = ["package.json", "tsconfig.build.json", "src/index.ts"].filter(
    (path) => !existsSync(resolve(root, folder, path)),
  )
  if (missing.length > 0) return missing.map((path) => `${folder}/${path}: missing; every package has it`)
  const manifest = JSON.parse(read(`${folder}/package.json`)) as Manifest
  const exists = (path: string) => filesIn(resolve(root, folder), path).length > 0
  return [
    ...mapProblems(manifest, exists).map((problem) => `${folder}/package.json: exports: ${problem}`),
    ...indexProblems(manifest, read(`${folder}/src/index.ts`), (path) => read(`${folder}/${path}`)).map(
      (problem) => `${folder}/src/index.ts: ${problem}`,
    ),
  ]
}

const coreFolders = new Set(files("packages/core/src/*/**/*.ts").map((path) => path.split("/")[3] ?? ""))

conclude(
  [
    ...publishedIn(root)
      .filter((name) => !packages.includes(name))
      .map((name) => `packages/${name}: neither private nor listed in scripts/adapters.ts or scripts/workspace.ts`),
    ...allAdapters.flatMap(([folder, { name, configures }]) => [
      ...adapterProblems(folder, name, configures),
      ...listProblems(folder, name, configures),
    ]),
    ...packages.flatMap(packageProblems),
    ...nameProblems,
    ...[...coreFolders]
      .filter((folder) => !floors.flat().includes(folder))
      .map((folder) => `packages/core/src/${folder}: on no floor; see scripts/sources/floors.ts`),
  ],
  `${allAdapters.length} adapters alike, ${packages.length} exports maps`,
)
