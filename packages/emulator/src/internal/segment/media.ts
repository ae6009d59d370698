/** The media types of Segment's endpoints: an endpoint's version decides which it accepts and answers with. */
import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import { json, type Reply } from "../../kit/Reply.ts"
import { badRequest, failure, type SwitchSettings } from "./wire.ts"

/** The media types of one endpoint. */
export interface MediaTypes {
  /** The type of its answers, unless they are plain JSON. */
  readonly versioned: string
  /** All types that it accepts. */
  readonly accepted: ReadonlySet<string>
}

const mediaType = (version: string) => `application/vnd.segment.${version}+json`

const mediaTypes = (versioned: string, ...others: ReadonlyArray<string>): MediaTypes => ({
  versioned,
  accepted: new Set([versioned, ...others, "application/json"]),
})

const [v1, v1beta, v1alpha] = [mediaType("v1"), mediaType("v1beta"), mediaType("v1alpha")]

/** Reverse ETL and subscriptions. */
export const alpha = mediaTypes(v1alpha)
/** Delivery metrics. */
export const beta = mediaTypes(v1beta, v1alpha)
/** Destinations. */
export const stable = mediaTypes(v1, v1beta, v1alpha)

const typesIn = (header: string): ReadonlyArray<string> =>
  header.split(",").map((part) => (part.split(";")[0] ?? "").trim().toLowerCase())

/** Refuses a request that accepts no media type of the endpoint. */
export const acceptRefusal = (
  switches: SwitchSettings,
  request: IncomingRequest,
  { accepted }: MediaTypes,
): Reply | undefined => {
  const header = request.header("accept")
  if (header === undefined || switches.acceptV1 === "answered") return undefined
  const isAcceptable = typesIn(header).some((type) => type === "*/*" || type === "application/*" || accepted.has(type))
  if (isAcceptable) return undefined
  return switches.acceptV1 === "404"
    ? failure(404, { type: "not-found", message: "Not found.", data: null })
    : failure(406, { type: "not-acceptable", message: "Not acceptable." })
}

/** Refuses a body of another media type, and one that is not a JSON object. */
export const contentRefusal = (
  request: IncomingRequest,
  body: object | undefined,
  { accepted }: MediaTypes,
): Reply | undefined => {
  const [type = ""] = typesIn(request.header("content-type") ?? "")
  if (!accepted.has(type)) return badRequest(`Unsupported content type '${type}'.`)
  return body === undefined ? badRequest("The body is not a JSON object.") : undefined
}

/** Creates a success, in the media type that the switches say. */
export const dataReply = (switches: SwitchSettings, { versioned }: MediaTypes, data: unknown, status = 200): Reply =>
  json(
    status,
    { data },
    { "content-type": switches.answerMediaType === "application/json" ? "application/json" : versioned },
  )
