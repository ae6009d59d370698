import { expect, it } from "@effect/vitest"
import * as PostgresJournal from "@openretl/journal-sql/PostgresJournal"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const wrongUrls = [
  "",
  "no url",
  "http://user:secret@localhost/x",
  "postgres://localhost/x",
  "postgres://:secret@localhost/x",
]

it.effect.each([
  ...wrongUrls.map((url) => ({ url: Redacted.make(url), path: "url" })),
  { url: "postgres://user:secret@localhost/x" as never, path: "url" },
  ...[0, -1, 1.5, Number.NaN].map((maxConnections) => ({
    url: Redacted.make("postgres://user:secret@127.0.0.1:1/x"),
    maxConnections,
    path: "maxConnections",
  })),
])("J10: an option that can never work is named at once, without the URL: $path", ({ path, ...options }) =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(PostgresJournal.make(options))
    expect(error.reason).toMatchObject({ _tag: "InvalidEntry", issues: [{ path: [path] }] })
    expect(error.message).not.toContain("secret")
  }).pipe(Effect.scoped),
)
