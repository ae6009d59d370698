/** What a route answers, before it becomes bytes. */

import * as Json from "@openretl/core/driver/Json"
/** Status, headers and body of an answer. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const jsonHeaders = { "content-type": "application/json" }

export const json = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply =>
  jsonText(status, Json.stringify(value) ?? "", headers)

/** Creates a reply of a body that is JSON text already. */
export const jsonText = (status: number, body: string, headers?: Readonly<Record<string, string>>): Reply => ({
  status,
  headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers },
  body,
})

export const html = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/html" },
  body,
})

export const empty = (status: number): Reply => ({ status, headers: {}, body: "" })

export const withHeaders = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
})

/** Joins JSON texts to the text of an array. */
export const jsonArray = (texts: ReadonlyArray<string>): string => `[${texts.join(",")}]`
