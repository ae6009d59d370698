/**
 * Checks that every adapter has the same files under the same names, that the exports map of every package agrees with
 * its sources and its index, and that every folder of core is on a floor.
 */
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { indexProblems, type Manifest, mapProblems } from "./anatomy/exportsMap.ts"
import { floors } from "./sources/floors.ts"
import { conclude } from "./verdict.ts"
import { adapters, files, filesIn, packages, publishedIn, read, root } from "./workspace.ts"

const expectedFiles = (vendor: string): ReadonlyArray<string> => [
  "README.md",
  "src/index.ts",
  `src/${vendor}.ts`,
  `src/${vendor}Admin.ts`,
  `src/${vendor}Api.ts`,
  `src/${vendor}Client.ts`,
  `src/${vendor}Facts.ts`,
  `src/${vendor}RunsClient.ts`,
  "src/internal/administration.ts",
  "src/internal/catalog.ts",
  "src/internal/connect.ts",
  "src/internal/errors.ts",
  "src/internal/fromWire.ts",
  "src/internal/ids.ts",
  "src/internal/options.ts",
  "src/internal/schedule.ts",
  "src/internal/statusWords.ts",
  "src/internal/syncFromWire.ts",
  "src/internal/toWire.ts",
  "test/conformance.test.ts",
  "test/hostile.test.ts",
]

/** A longer conformance test hides a difference that belongs in the suite. */
const maxConformanceLines = 25

const lines = (path: string): number => read(path).trimEnd().split("\n").length

const adapterProblems = (folder: string, vendor: string): ReadonlyArray<string> => {
  const expected = expectedFiles(vendor).map((file) => `packages/${folder}/${file}`)
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
    ...missing.map((path) => `${path}: missing; every adapter has it`),
    ...others.map((path) => `${path}: neither a file of all adapters nor one half of a family's Api and Client`),
    ...(!missing.includes(conformance) && lines(conformance) > maxConformanceLines
      ? [`${conformance}: ${lines(conformance)} lines, at most ${maxConformanceLines}`]
      : []),
  ]
}

const packageProblems = (name: string): ReadonlyArray<string> => {
  const folder = `packages/${name}`
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
      .map((name) => `packages/${name}: neither private nor listed in scripts/workspace.ts`),
    ...Object.entries(adapters).flatMap(([folder, vendor]) => adapterProblems(folder, vendor)),
    ...packages.flatMap(packageProblems),
    ...[...coreFolders]
      .filter((folder) => !floors.flat().includes(folder))
      .map((folder) => `packages/core/src/${folder}: on no floor; see scripts/sources/floors.ts`),
  ],
  `${Object.keys(adapters).length} adapters alike, ${packages.length} exports maps`,
)
