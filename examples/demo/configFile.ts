/** Reads a configuration from its file. */
import { readFile } from "node:fs/promises"
import type { RunRef } from "@openretl/core/Ref"
import { Effect } from "effect"
import * as Config from "./config.ts"
import type { Environment } from "./vendors.ts"

/** Returns the file's configuration. Fails with every problem at once, including runs to resume of unlisted workspaces. */
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
    const config = yield* Config.decode(document, env, resume)
    if (resume === undefined && config.syncs.length === 0) {
      return yield* new Config.ConfigProblems({ issues: [{ path: ["syncs"], message: "Expected at least one sync" }] })
    }
    return config
  })

const problem = (message: string) => new Config.ConfigProblems({ issues: [{ path: ["--config"], message }] })

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown error"

/** Returns where the text stops being JSON. The engine's message quotes the text, which may contain a secret. */
const placeOf = (error: unknown, text: string): string => {
  const position = error instanceof Error ? /\bposition (\d+)/.exec(error.message)?.[1] : undefined
  if (position === undefined) return ""
  const lines = text.slice(0, Number(position)).split("\n")
  return `: line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}
