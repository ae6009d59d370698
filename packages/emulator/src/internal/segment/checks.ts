/** Segment's strictness about the bodies of starts and cancels. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Settings } from "../../Switch.ts"
import type { Incoming } from "../http/incomingRequest.ts"
import type { Reply } from "../http/reply.ts"
import * as Validate from "./body.ts"
import * as Media from "./media.ts"
import { failure } from "./wire.ts"

type Chosen = Settings<SegmentSwitches>
export type Body = Readonly<Record<string, unknown>>

const startRules = {
  sourceId: Validate.required(Validate.id),
  modelId: Validate.required(Validate.id),
  subscriptionId: Validate.required(Validate.id),
}

const number: Validate.Check = (value, path) =>
  typeof value === "number" ? [] : [Validate.field(path, "must be a number")]

const cancelRules = { reasonForCanceling: Validate.optional(number) }

/** The body of a trigger: three ids, all required. */
export const start = (set: Chosen, incoming: Incoming, body: Body | undefined): Reply | undefined =>
  refusal(set, incoming, body, startRules, Media.alpha)

/** The body of a cancel: required, its one field optional. */
export const cancel = (set: Chosen, incoming: Incoming, body: Body | undefined): Reply | undefined =>
  refusal(set, incoming, body, cancelRules, Media.alpha)

/** The refusal of a body, with every problem that it has. */
export const refusal = (
  set: Chosen,
  incoming: Incoming,
  body: Body | undefined,
  rules: Readonly<Record<string, Validate.Rule>>,
  media: Media.Media,
): Reply | undefined => {
  const unreadable = Media.unreadable(incoming, body, media)
  if (unreadable !== undefined) return unreadable
  const problems = Validate.problems(body ?? {}, rules, set.unknownField === "422")
  return problems.length === 0 ? undefined : failure(422, ...problems)
}
