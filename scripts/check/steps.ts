/** The steps of `npm test` and their commands. */
import { read } from "../workspace.ts"
import { testCommand, testNote } from "./tests.ts"

export interface Step {
  readonly name: string
  readonly command: ReadonlyArray<string>
  /** Names of the steps that have to pass first. */
  readonly after?: ReadonlyArray<string>
  /** The summary of a step that passed. @default the last line of its output */
  readonly note?: (output: string) => string
  /** The reason why the step cannot run on this machine. */
  readonly impossible?: string
}

const script = (name: string, after?: ReadonlyArray<string>): Step => ({
  name,
  command: ["node", `scripts/${name}.ts`],
  ...(after && { after }),
})

/** Some tools are native programs. The lockfile may lack them for a platform. */
const needsBinary = (prefix: string): Pick<Step, "impossible"> => {
  const binary = `${prefix}${process.platform}-${process.arch}`
  return read("pnpm-lock.yaml").includes(binary) ? {} : { impossible: `the lockfile has no ${binary}` }
}

/** In the order in which they start: long ones first, and those that others come after. */
export const steps: ReadonlyArray<Step> = [
  { name: "tests", command: testCommand, note: testNote },
  {
    ...script("build"),
    command: ["node", "scripts/build.ts", "--unchecked"],
    note: () => "tsc -b; types are checked below",
  },
  script("pack", ["build"]),
  script("consumer", ["pack"]),
  script("packages", ["pack"]),
  script("types"),
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
    command: [
      "remark",
      "--use",
      "remark-validate-links=repository:false",
      "--ignore-pattern=site/generated",
      "--frail",
      "--quiet",
      ".",
      ".changeset",
    ],
    note: () => "remark: relative links and headings",
  },
  script("documented"),
  script("spec"),
  { ...script("size"), command: ["node", "scripts/size.ts", "--short"] },
  { ...script("mutants"), command: ["node", "scripts/mutants.ts", "--short"] },
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
  { name: "site", command: ["node", "site/check.ts"] },
  script("changesets"),
  {
    name: "laws",
    after: ["tests"],
    command: ["node", "--conditions=@openretl/source", "scripts/laws.ts"],
  },
]

/** The named steps and the steps that they come after, in the order of the list. Exits with 2 at an unknown name. */
export const selected = (names: ReadonlyArray<string> | undefined): ReadonlyArray<Step> => {
  if (names === undefined) return steps
  const chosen = new Set<string>()
  const choose = (name: string): void => {
    const step = steps.find((step) => step.name === name)
    if (step === undefined) {
      console.error(`Unknown step ${name}. The steps are ${steps.map(({ name }) => name).join(", ")}`)
      process.exit(2)
    }
    chosen.add(name)
    step.after?.forEach(choose)
  }
  names.forEach(choose)
  return steps.filter(({ name }) => chosen.has(name))
}
