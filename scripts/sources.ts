/** Review rules that a machine can apply: what may not appear in which files. */
import { conclude } from "./verdict.ts"
import { files, libraries, packages, read } from "./workspace.ts"

interface Rule {
  readonly where: ReadonlyArray<string>
  readonly never: RegExp
  readonly because: string
  /** Comments count too. @default false */
  readonly inComments?: boolean
}

const src = (names: ReadonlyArray<string>) => names.map((name) => `packages/${name}/src/**/*.ts`)
const everything = ["packages", "examples", "benchmarks", "scripts"].map((folder) => `${folder}/**/*.{ts,mjs}`)

const rules: ReadonlyArray<Rule> = [
  {
    where: src(libraries),
    never: /(?:from|import\() ?"effect"/,
    because: 'libraries import modules ("effect/Effect"): the barrel costs users several times the bytes',
  },
  {
    where: src(libraries),
    never: /(?:from|import\() ?"node:/,
    because: "libraries run wherever fetch does, not only on Node",
  },
  {
    where: src(packages),
    never: /\b(?:Date\.now|new Date\(\)|performance\.now|Math\.random|set(?:Timeout|Interval|Immediate))\b/,
    because: "time and chance come from Effect's Clock and Random, so that tests control them",
  },
  {
    where: src(packages),
    never: /\bprocess\.env\b|\bconsole\./,
    because: "the environment is read through Config and written to through Console and logs",
  },
  {
    where: src(packages),
    never: /\bas any\b|\bas unknown as\b/,
    because: "a type that has to be forced hides a border that is wrong",
  },
  {
    where: src(packages),
    never: /@ts-(?:ignore|nocheck|expect-error)/,
    because: "an error of the compiler is repaired, not silenced",
    inComments: true,
  },
  {
    where: ["packages/*/test/**/*.ts", "examples/**/*.ts"],
    never: /\.(?:skip|only|todo|fails)\(/,
    because: "a test runs, or is not there",
  },
  {
    where: everything.filter((pattern) => !pattern.startsWith("scripts")),
    never: /\b(?:TODO|FIXME|XXX)\b/,
    because: "what is not done is written down as an issue",
    inComments: true,
  },
]

/** Longer files hold more than one concept. */
const maxLines = 400

const withoutComment = (line: string): string => (/^\s*(?:\/?\*|\/\/)/.test(line) ? "" : line.replace(/ \/\/ .*$/, ""))

const breaches = (rule: Rule): ReadonlyArray<string> =>
  files(...rule.where).flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) =>
        rule.never.test(rule.inComments === true ? line : withoutComment(line))
          ? [`${path}:${index + 1}: ${line.trim()}\n    ${rule.because}`]
          : [],
      ),
  )

const sources = files(...everything)

const tooLong = sources.flatMap((path) => {
  const length = read(path).trimEnd().split("\n").length
  return length > maxLines ? [`${path}: ${length} lines, at most ${maxLines}`] : []
})

conclude([...rules.flatMap(breaches), ...tooLong], `${rules.length + 1} rules over ${sources.length} files`)
