/** URLs whose path and origin no id can change. */
import * as Result from "effect/Result"

/**
 * A segment of a path, unencoded: a word of the route, or an id under the name that telemetry shows in its place, as in
 * `{ connection: "2C8V" }`.
 */
export type Segment = string | Readonly<Record<string, string>>

/** Returns the route of these segments, with the names of ids in the place of ids, as in `/connections/{connection}/syncs`. */
export const template = (segments: ReadonlyArray<Segment>): string =>
  `/${segments.map((segment) => (typeof segment === "string" ? segment : `{${Object.keys(segment)[0]}}`)).join("/")}`

/** A segment that needs no encoding. */
const plainForm = /^[\w-]+$/

/** Returns the URL of these segments and this query, encoded, or the sentence that says which part cannot be sent. */
export const build = (
  baseUrl: string,
  segments: ReadonlyArray<Segment>,
  query?: Readonly<Record<string, string | number | boolean | undefined>>,
): Result.Result<string, string> => {
  let url = baseUrl
  for (const part of segments) {
    const segment = typeof part === "string" ? part : (Object.values(part)[0] ?? "")
    if (plainForm.test(segment)) {
      url += `/${segment}`
      continue
    }
    // URL parsers resolve "." and ".." as steps in the path, even percent-encoded.
    if (segment === "" || segment === "." || segment === ".." || !segment.isWellFormed()) {
      return Result.fail(`Expected an id that a path can contain, found ${JSON.stringify(segment)}`)
    }
    url += `/${encodeURIComponent(segment)}`
  }
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined)
  if (pairs.length === 0) return Result.succeed(segments.length === 0 ? `${url}/` : url)
  const malformed = pairs.find(([, value]) => !String(value).isWellFormed())
  if (malformed !== undefined) return Result.fail(`Expected well-formed Unicode in ${malformed[0]}`)
  const encoded = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return Result.succeed(`${url}?${encoded.join("&")}`)
}
