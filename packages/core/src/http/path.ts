/** URLs whose path and origin no id can change. */
import * as Result from "effect/Result"

/** Returns the URL of these segments and this query, encoded, or the sentence that says which part cannot be sent. */
export const build = (
  baseUrl: string,
  segments: ReadonlyArray<string>,
  query: Readonly<Record<string, string | number | boolean | undefined>> = {},
): Result.Result<string, string> => {
  let url = baseUrl
  for (const segment of segments) {
    // URL parsers resolve "." and ".." as steps in the path, even percent-encoded.
    if (segment === "" || segment === "." || segment === ".." || !segment.isWellFormed()) {
      return Result.fail(`Expected an id that a path can contain, found ${JSON.stringify(segment)}`)
    }
    url += `/${encodeURIComponent(segment)}`
  }
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined)
  if (pairs.length === 0) return Result.succeed(segments.length === 0 ? `${url}/` : url)
  const malformed = pairs.find(([, value]) => !String(value).isWellFormed())
  if (malformed !== undefined) return Result.fail(`Expected well-formed Unicode in ${malformed[0]}`)
  const encoded = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return Result.succeed(`${url}?${encoded.join("&")}`)
}
