/** What a route answers, before it becomes bytes. */
import * as Json from "@openretl/core/driver/Json"

/** Status, headers and body of an answer. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const jsonHeaders = { "content-type": "application/json" }

/** Creates a reply of a value as JSON. Whole numbers of type `bigint` keep all digits. */
export const json = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply =>
  jsonText(status, Json.stringify(value) ?? "", headers)

/** Creates a reply of a body that is JSON text already. */
export const jsonText = (status: number, body: string, headers?: Readonly<Record<string, string>>): Reply => ({
  status,
  headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers },
  body,
})

/** Creates a reply of a page, as gateways answer. */
export const html = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/html" },
  body,
})

/** Creates a reply without a body. */
export const empty = (status: number): Reply => ({ status, headers: {}, body: "" })

/** Returns the reply with more headers, which take precedence. */
export const withHeaders = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
})

/** Joins JSON texts to the text of an array. */
export const jsonArray = (texts: ReadonlyArray<string>): string => `[${texts.join(",")}]`
