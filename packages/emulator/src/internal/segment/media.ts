/** Which media types an endpoint speaks: its version goes by them. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Settings } from "../../Switch.ts"
import type { Incoming } from "../http/incomingRequest.ts"
import { json, type Reply } from "../http/reply.ts"
import { badRequest, failure } from "./wire.ts"

type Chosen = Settings<SegmentSwitches>

export interface Media {
  /** Its own, by which it answers where it does not say plain JSON. */
  readonly own: string
  readonly all: ReadonlySet<string>
}

const [v1, beta1, alpha1] = ["v1", "v1beta", "v1alpha"].map((version) => `application/vnd.segment.${version}+json`)

const media = (...types: ReadonlyArray<string | undefined>): Media => {
  const known = types.filter((type) => type !== undefined)
  return { own: known[0] ?? "", all: new Set([...known, "application/json"]) }
}

/** Reverse ETL and subscriptions; delivery metrics; destinations. */
export const alpha = media(alpha1)
export const beta = media(beta1, alpha1)
export const stable = media(v1, beta1, alpha1)

const mediaTypes = (header: string): ReadonlyArray<string> =>
  header.split(",").map((part) => (part.split(";")[0] ?? "").trim().toLowerCase())

/** A refusal for a request that accepts nothing this endpoint can answer with. */
export const unacceptable = (set: Chosen, incoming: Incoming, { all }: Media): Reply | undefined => {
  const header = incoming.header("accept")
  if (header === undefined || set.acceptV1 === "answered") return undefined
  const fits = mediaTypes(header).some((type) => type === "*/*" || type === "application/*" || all.has(type))
  if (fits) return undefined
  return set.acceptV1 === "404"
    ? failure(404, { type: "not-found", message: "Not found.", data: null })
    : failure(406, { type: "not-acceptable", message: "Not acceptable." })
}

/** A refusal for a body of another type, or that is no JSON object. */
export const unreadable = (incoming: Incoming, body: object | undefined, { all }: Media): Reply | undefined => {
  const [type = ""] = mediaTypes(incoming.header("content-type") ?? "")
  if (!all.has(type)) return badRequest(`Unsupported content type '${type}'.`)
  return body === undefined ? badRequest("The body is not a JSON object.") : undefined
}

/** A success. */
export const answer = (set: Chosen, { own }: Media, data: unknown, status = 200): Reply =>
  json(status, { data }, { "content-type": set.answerMediaType === "application/json" ? "application/json" : own })
