/** The answers that an emulator keeps for idempotency keys. */
import * as Duration from "effect/Duration"
import type { IdempotencyKeys } from "../../kit/IdempotencyKeys.ts"
import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import type { Reply } from "../../kit/Reply.ts"

/** The request of one key. */
interface Kept {
  readonly until: number
  /** Method, path and body. */
  readonly request: string
  /** `undefined` while the request is under way. */
  reply: Reply | undefined
}

/** The kept answers of one emulator. */
export interface KeptAnswers {
  /** Returns what answers a repeated request; `undefined` for a key's first one, and for a request without a key. */
  readonly find: (request: IncomingRequest, now: number) => Reply | undefined
  /** Notes that a key's first request is under way. Returns a function that keeps its answer. */
  readonly begin: (request: IncomingRequest, now: number) => (reply: Reply) => void
}

export const makeKeptAnswers = (keys: IdempotencyKeys | undefined): KeptAnswers => {
  if (keys === undefined) return { find: () => undefined, begin: () => () => undefined }
  const textOf = ({ method, segments, body = "" }: IncomingRequest) => JSON.stringify([method, segments, body])
  const answers = new Map<string, Kept>()
  const keptFor = Duration.toMillis(keys.keptFor)
  return {
    find: (request, now) => {
      const key = keys.keyOf(request)
      const kept = key === undefined ? undefined : answers.get(key)
      if (kept === undefined || kept.until <= now) return undefined
      const refusal = kept.request === textOf(request) ? undefined : keys.otherRequest?.()
      return refusal ?? kept.reply ?? keys.inFlight()
    },
    begin: (request, now) => {
      const key = keys.keyOf(request)
      if (key === undefined) return () => undefined
      const kept: Kept = { until: now + keptFor, request: textOf(request), reply: undefined }
      answers.set(key, kept)
      return (reply) => {
        kept.reply = reply
      }
    },
  }
}
