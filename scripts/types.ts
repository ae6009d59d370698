/**
 * Type-checks the whole workspace once. Where `@effect/tsgo` has a compiler for this platform, it reports what it knows of
 * Effect as well; elsewhere, `tsc` does without.
 */
import { run } from "./command.ts"
import { conclude } from "./verdict.ts"
import { read } from "./workspace.ts"

const binary = `@effect/tsgo-${process.platform}-${process.arch}`
const knowsEffect = read("pnpm-lock.yaml").includes(binary)

const compiler = knowsEffect ? (await run(["effect-tsgo", "get-exe-path"])).stdout.trim() : "tsc"
const { code, output } = await run([compiler, "-p", "tsconfig.json", "--pretty", "false"])
const lines = output.trim().split("\n")

/** Suggestions are for editors. Tests of types contain what must not compile, each with a comment that expects it. */
const isProblem = (line: string): boolean =>
  /: (?:error|warning) TS/.test(line) && !/\.test-d\.ts\(.* effect\(\w+\)$/.test(line)

const problems = lines.filter(isProblem)
const isReadable = code === 0 || lines.some((line) => /: (?:error|warning) TS/.test(line))
conclude(
  isReadable ? problems : [`${compiler} ended with code ${code}`, ...lines],
  knowsEffect ? "tsc, with Effect" : "tsc",
)
