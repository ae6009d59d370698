/** Reading the configuration from its file, with all that is wrong told at once. */
import { readFile } from "node:fs/promises"
import type { RunRef } from "@openretl/core/Ref"
import { Effect } from "effect"
import * as Config from "./config.ts"
import type { Environment } from "./vendors.ts"

/** The file's configuration, which must know the workspaces of the runs to resume. */
export const readConfigFile = (
  path: string,
  env: Environment,
  resume: ReadonlyArray<RunRef> | undefined,
): Effect.Effect<Config.Config, Config.ConfigProblems> =>
  Effect.gen(function* () {
    const text = yield* Effect.tryPromise({
      try: () => readFile(path, "utf8"),
      catch: (error) => problem(`Expected a file that can be read: ${codeOf(error)}`),
    })
    const document = yield* Effect.try({
      try: (): unknown => JSON.parse(text),
      catch: (error) => problem(`Expected JSON${placeOf(error, text)}`),
    })
    const config = yield* Config.read(document, env, resume)
    if (resume === undefined && config.syncs.length === 0) {
      return yield* new Config.ConfigProblems({ issues: [{ path: ["syncs"], message: "Expected at least one sync" }] })
    }
    return config
  })

const problem = (message: string) => new Config.ConfigProblems({ issues: [{ path: ["--config"], message }] })

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown trouble"

/** Where it stops being JSON. The engine's own message quotes the text, which may hold what should not be shown. */
const placeOf = (error: unknown, text: string): string => {
  const found = error instanceof Error ? /\bposition (\d+)/.exec(error.message)?.[1] : undefined
  if (found === undefined) return ""
  const before = text.slice(0, Number(found)).split("\n")
  return `: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
