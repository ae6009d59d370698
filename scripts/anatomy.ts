/** Every adapter has the same files under the same names, and every package is one that the other checks know about. */
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { conclude } from "./verdict.ts"
import { adapters, files, packages, read, root } from "./workspace.ts"

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
  "src/internal/options.ts",
  "src/internal/schedule.ts",
  "src/internal/syncFromWire.ts",
  "src/internal/toWire.ts",
  "test/conformance.test.ts",
  "test/hostile.test.ts",
]

/** A conformance test that needs more than this hides a difference that belongs in the suite. */
const conformanceLines = 25

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
  const strangers = files(`packages/${folder}/src/*.ts`).filter((path) => !expected.includes(path) && !isFamily(path))
  const conformance = `packages/${folder}/test/conformance.test.ts`
  return [
    ...missing.map((path) => `${path}: missing; every adapter has it`),
    ...strangers.map(
      (path) => `${path}: neither a file that all adapters have nor one half of a family's Api and Client`,
    ),
    ...(!missing.includes(conformance) && lines(conformance) > conformanceLines
      ? [`${conformance}: ${lines(conformance)} lines, at most ${conformanceLines}`]
      : []),
  ]
}

const indexProblems = (folder: string): ReadonlyArray<string> => {
  const path = `packages/${folder}/src/index.ts`
  return read(path)
    .split("\n")
    .flatMap((line, index) => {
      const [, name, file] =
        /^export (?:\* as (?=\w+ from)|\{ (?=\w+ \} from))(\w+) (?:\} )?from "\.\/(?:\w+\/)*(\w+)\.ts"$/.exec(line) ??
        []
      return line === "" || (name !== undefined && name === file)
        ? []
        : [`${path}:${index + 1}: an index holds nothing but exports of a Name from "./Name.ts"`]
    })
}

const present = files("packages/*/package.json").map((path) => path.split("/")[1] ?? "")

conclude(
  [
    ...present
      .filter((folder) => !packages.includes(folder))
      .map((folder) => `packages/${folder}: not listed in scripts/workspace.ts`),
    ...Object.entries(adapters).flatMap(([folder, vendor]) => adapterProblems(folder, vendor)),
    ...packages.flatMap(indexProblems),
  ],
  `${Object.keys(adapters).length} adapters alike`,
)
