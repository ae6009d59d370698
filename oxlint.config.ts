/** The project's own rules for its sources. biome.json has formatting, and the rules that suit any project. */
import { defineConfig, type OxlintOverride } from "oxlint"
import { adapterFolders } from "./scripts/adapters.ts"
import { floors } from "./scripts/sources/floors.ts"
import { forNode, libraries } from "./scripts/workspace.ts"

interface Restriction {
  readonly regex: string
  readonly message: string
}

const barrel: Restriction = {
  regex: "^effect$",
  message: 'Libraries import modules ("effect/Effect"): the barrel costs users several times the bytes.',
}

/** A package that imports itself by name hides circles, and imports from a higher floor. */
const itself = (name: string): Restriction => ({
  regex: `^@openretl/${name}(?:/|$)`,
  message: "A package imports its own files by their paths.",
})

const adapter: Restriction = {
  regex: `^@openretl/(?:${adapterFolders.join("|")})(?:/|$)`,
  message: "Tests of core import no adapter.",
}

const outsideOfKit: Restriction = {
  regex: "^\\.\\./(?:command|control|engine|http|json|world)/",
  message: "A vendor's dialect is made with the public kit, as everybody's is: packages/emulator/src/kit.",
}

/** `depth` is the number of folders between a file and `src`. */
const upwards = (floor: number, depth: number): Restriction => {
  const higher = floors.slice(floor + 1).flat()
  const folders = higher.filter((folder) => folder !== ".").join("|")
  const top = higher.includes(".") ? "|[^./][^/]*$" : ""
  return {
    regex: `^(?:\\.\\./){${depth}}(?:(?:${folders})/${top})`,
    message: `Floor ${floor} (${floors[floor]?.join(", ")}) imports from a higher floor: see scripts/sources/floors.ts.`,
  }
}

const imports = (files: string, ...patterns: ReadonlyArray<Restriction>): OxlintOverride => ({
  files: [files],
  rules: { "no-restricted-imports": ["error", { patterns: [...patterns] }] },
})

const coreFloors = floors
  .slice(0, -1)
  .flatMap((folders, floor) =>
    [1, 2, 3, 4].flatMap((depth) =>
      folders.map((folder) =>
        imports(
          `packages/core/src/${folder}/${"*/".repeat(depth - 1)}*.ts`,
          barrel,
          itself("core"),
          upwards(floor, depth),
        ),
      ),
    ),
  )

const src = (names: ReadonlyArray<string>) => names.map((name) => `packages/${name}/src/**`)

const timers = ["performance", "setTimeout", "setInterval", "setImmediate"]
const clock = "Time and chance come from Effect's Clock and Random, so that tests control them."
const outside = "Code reads the environment through Config, and writes through Console and logs."

const now = [{ selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock }]
const forcedTypes = [
  {
    selector: "TSAsExpression > TSAsExpression > TSUnknownKeyword",
    message: "A type that has to be forced hides a border that is wrong.",
  },
]
const logs = [
  {
    selector: "CallExpression[callee.object.name='Effect'][callee.property.name=/^log/]",
    message: "Log lines are a contract (telemetry/logs.ts): telemetry/logging.ts writes them.",
  },
]
const dynamicImports = [
  {
    selector: "ImportExpression:not([source.quasis.0.value.raw='@openretl/journal-sql/'])",
    message: "The floors of core see static imports only.",
  },
]

const tests = ["skip", "only", "todo", "fails"].map((property) => ({
  property,
  message: "A test runs, or is deleted.",
}))

export default defineConfig({
  plugins: ["eslint", "import", "typescript", "vitest"],
  categories: { correctness: "off" },
  options: { reportUnusedDisableDirectives: "error" },
  rules: {
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "max-lines": ["error", { max: 400 }],
    "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"], location: "anywhere" }],
    "typescript/consistent-type-imports": "error",
  },
  overrides: [
    {
      files: ["packages/*/src/**"],
      // Resolved here, so that a configuration elsewhere can extend this one.
      jsPlugins: [{ name: "syntax", specifier: import.meta.resolve("oxlint-plugin-eslint") }],
      rules: {
        "no-console": "error",
        "no-restricted-globals": [
          "error",
          { name: "process", message: outside },
          ...timers.map((name) => ({ name, message: clock })),
        ],
        "no-restricted-properties": [
          "error",
          { object: "Date", property: "now", message: clock },
          { object: "Math", property: "random", message: clock },
          ...timers.map((property) => ({ object: "globalThis", property, message: clock })),
        ],
        "syntax/no-restricted-syntax": ["error", ...forcedTypes, ...now],
        "typescript/ban-ts-comment": ["error", { "ts-expect-error": true, "ts-ignore": true, "ts-nocheck": true }],
      },
    },
    {
      files: ["packages/core/src/**"],
      rules: { "syntax/no-restricted-syntax": ["error", ...forcedTypes, ...now, ...dynamicImports, ...logs] },
    },
    {
      files: ["packages/core/src/telemetry/logging.ts"],
      rules: { "syntax/no-restricted-syntax": ["error", ...forcedTypes, ...now, ...dynamicImports] },
    },
    { files: src(libraries), rules: { "import/no-nodejs-modules": "error" } },
    ...[...libraries, ...forNode].map((name) => imports(`packages/${name}/src/**`, barrel, itself(name))),
    ...coreFloors,
    imports("packages/core/test/**", adapter),
    ...adapterFolders.map((folder) => imports(`packages/emulator/src/internal/${folder}/**`, outsideOfKit)),
    {
      files: ["packages/*/test/**", "examples/**", "scripts/test/**"],
      rules: {
        "no-restricted-properties": ["error", ...tests],
        "vitest/no-disabled-tests": "error",
        "vitest/no-focused-tests": "error",
      },
    },
    // It registers laws, and skips those that do not apply to a vendor, as the suite of the package does.
    { files: ["packages/conformance/test/sockets/suite.ts"], rules: { "no-restricted-properties": "off" } },
  ],
})
