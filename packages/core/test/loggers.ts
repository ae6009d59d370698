/** What loggers and test runners make of an error, as text. */
import { stripVTControlCharacters } from "node:util"
import { createTransport, extraErrorDataIntegration } from "@sentry/core"
import { ServerRuntimeClient } from "@sentry/core/server"
import pino from "pino"
import { format } from "pretty-format"
import { expect } from "vitest"

/** A line of pino, by its standard serializer of errors, without time and stack. */
export const inPino = (error: Error): string => {
  const lines: Array<string> = []
  pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) }).error(error)
  return JSON.stringify(withoutStacks(JSON.parse(lines.join(""))), undefined, 2)
}

const withoutStacks = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === "stack" || key === "stacks" ? undefined : inner)))

/** The event that Sentry sends, with the integration that adds the fields of an error. */
export const inSentry = async (error: Error): Promise<string> => {
  const bodies: Array<string | Uint8Array> = []
  const client = new ServerRuntimeClient({
    dsn: "https://public@sentry.example/1",
    integrations: [extraErrorDataIntegration()],
    stackParser: () => [],
    transport: (options) =>
      createTransport(options, ({ body }) => {
        bodies.push(body)
        return Promise.resolve({})
      }),
  })
  client.init()
  client.captureException(error, { originalException: error })
  await client.flush()
  const [, , event = "{}"] = bodies
    .map((body) => String(body))
    .join("")
    .split("\n")
  const { exception, contexts } = JSON.parse(event)
  return JSON.stringify({ exception, [error.name]: contexts[error.name] }, undefined, 2)
}

/** What Jest shows of a value that differs. */
export const inJest = (error: Error): string => format({ error })

/** What vitest shows of a value that differs. */
export const inVitest = (error: Error): string => {
  const shown: Array<string> = []
  expect.extend({
    shows(received: unknown) {
      shown.push(this.utils.diff({ error: undefined }, received) ?? "")
      return { pass: true, message: () => "" }
    },
  })
  const assertion: { shows?: () => void } = expect({ error }) as object
  assertion.shows?.()
  return stripVTControlCharacters(shown.join(""))
}
