/** What a vendor's route answers, before it becomes bytes. */

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const jsonHeaders = { "content-type": "application/json" }

export const json = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply =>
  jsonText(status, JSON.stringify(value), headers)

/** For a body that is JSON text already. */
export const jsonText = (status: number, body: string, headers?: Readonly<Record<string, string>>): Reply => ({
  status,
  headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers },
  body,
})

export const text = (status: number, body: string, contentType = "text/plain"): Reply => ({
  status,
  headers: { "content-type": contentType },
  body,
})

export const empty = (status: number): Reply => ({ status, headers: {}, body: "" })

export const withHeaders = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
})
