/** Prints why a command failed: one line that says what, one that says what to do, and the refs. */

import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { ConfigurationProblems } from "../../Configuration.ts"
import * as ExitCode from "../../ExitCode.ts"
import * as Format from "../terminal/format.ts"
import type { Printer } from "../terminal/printer.ts"

/** What a command ends with where its effect has not failed: an exit code besides 0. */
export class Ended extends Error {
  readonly exitCode: ExitCode.Name
  constructor(exitCode: ExitCode.Name) {
    super(exitCode)
    this.exitCode = exitCode
  }
}

/** A failure, with refs of what it is about that the failure does not know. */
export class Located extends Error {
  readonly failure: unknown
  readonly refs: Readonly<Record<string, string>>
  constructor(failure: unknown, refs: Readonly<Record<string, string>>) {
    super()
    this.failure = failure
    this.refs = refs
  }
}

interface Described {
  readonly summary: string
  readonly guidance: string
  readonly code: string
  readonly refs?: Readonly<Record<string, string | undefined>>
}

const isDescribed = (error: unknown): error is Described =>
  Predicate.isObject(error) &&
  ["summary", "guidance", "code"].every((name) => typeof Reflect.get(error, name) === "string")

/** Prints a failure, and returns its exit code. */
export const print = (printer: Printer, failed: unknown): Effect.Effect<ExitCode.Name> =>
  Effect.gen(function* () {
    if (failed instanceof Ended) return failed.exitCode
    const [error, places] = failed instanceof Located ? [failed.failure, failed.refs] : [failed, {}]
    const code = ExitCode.ofError(error)
    if (error instanceof ConfigurationProblems) {
      yield* printer.problems(...error.issues.map(lineOf))
      yield* printer.object("problems", { exitCode: ExitCode.numberOf(code), issues: error.issues })
      return code
    }
    if (isDescribed(error)) {
      const refs = { ...error.refs, ...places }
      yield* printer.problems(
        Format.printable(error.summary, 2000),
        `  ${Format.printable(error.guidance, 1000)}`,
        `  code: ${error.code}`,
        ...Object.entries(refs).flatMap(([name, ref]) => (ref === undefined ? [] : [`  ${name}: ${ref}`])),
      )
      const { summary, guidance } = error
      yield* printer.object("error", {
        exitCode: ExitCode.numberOf(code),
        code: error.code,
        message: summary,
        guidance,
        refs,
      })
      return code
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    yield* printer.problems("A mistake in this program:", text)
    yield* printer.object("error", {
      exitCode: ExitCode.numberOf("defect"),
      code: "defect",
      message: error instanceof Error ? error.message : String(error),
    })
    return "defect"
  })

const lineOf = ({ path, message }: FieldIssue.FieldIssue): string =>
  Format.printable(path.length === 0 ? message : `${path.join(".")}: ${message}`, 1000)
