/** What is checked, by which command. */
import { read } from "../workspace.ts"
import { testCommand, testNote } from "./tests.ts"

export interface Step {
  readonly name: string
  readonly command: ReadonlyArray<string>
  /** Steps that have to be over, and well, before. */
  readonly after?: ReadonlyArray<string>
  /** What to say when it went well. @default the last line of its output, for our own scripts */
  readonly note?: (output: string) => string
  /** Why it cannot be made on this machine. */
  readonly impossible?: string
}

const script = (name: string, after?: ReadonlyArray<string>): Step => ({
  name,
  command: ["node", `scripts/${name}.ts`],
  ...(after && { after }),
})

/** Some tools are native programs, and the lockfile may not have them for every platform. */
const needsBinary = (prefix: string): Pick<Step, "impossible"> => {
  const binary = `${prefix}${process.platform}-${process.arch}`
  return read("pnpm-lock.yaml").includes(binary) ? {} : { impossible: `the lockfile has no ${binary}` }
}

/** The first ones start first: those that take long, and those that others wait for. */
export const steps: ReadonlyArray<Step> = [
  { name: "tests", command: testCommand, note: testNote },
  { ...script("build"), note: () => "tsc -b" },
  script("pack", ["build"]),
  script("consumer", ["pack"]),
  script("packages", ["pack"]),
  { name: "types", command: ["tsc", "-p", "tsconfig.json"], note: () => "tsc" },
  {
    name: "diagnostics",
    // Tests of types hold what must not compile, and are left out.
    command: [
      "effect-tsgo",
      "diagnostics",
      "--project=tsconfig.diagnostics.json",
      "--format=text",
      "--severity=error,warning",
      "--strict",
    ],
    note: (output) => /\d+ errors, .*/.exec(output)?.[0] ?? "",
    ...needsBinary("@effect/tsgo-"),
  },
  { name: "format", command: ["biome", "ci", ".", "--colors=off"], note: () => "biome" },
  script("anatomy"),
  script("sources"),
  {
    name: "promises",
    // Tests of types run nothing.
    command: ["oxlint", "--config=scripts/sources/promises.json", "--ignore-pattern=**/*.test-d.ts"],
    note: () => "oxlint: each promise is awaited",
    ...needsBinary("@oxlint-tsgolint/"),
  },
  {
    name: "links",
    command: ["remark", "--use", "remark-validate-links=repository:false", "--frail", "--quiet", ".", ".changeset"],
    note: () => "remark: relative links and headings",
  },
  script("documented"),
  script("spec"),
  script("size"),
  {
    name: "docs",
    command: ["node", "--conditions=@openretl/source", "docs/print.ts", "--check"],
    note: () => "facts, capabilities and the quick start",
  },
  {
    name: "unused",
    command: ["knip", "--no-progress", "--no-config-hints"],
    note: () => "knip",
    ...needsBinary("@oxc-parser/binding-"),
  },
  script("changesets"),
]

/** The named steps and those that they come after, in the order of the list. */
export const selected = (names: ReadonlyArray<string> | undefined): ReadonlyArray<Step> => {
  if (names === undefined) return steps
  const wanted = new Set<string>()
  const want = (name: string): void => {
    const step = steps.find((step) => step.name === name)
    if (step === undefined) {
      console.error(`There is no step ${name}; there are ${steps.map(({ name }) => name).join(", ")}`)
      process.exit(2)
    }
    wanted.add(name)
    step.after?.forEach(want)
  }
  names.forEach(want)
  return steps.filter(({ name }) => wanted.has(name))
}
