/** Reads JSON, and says where a text stops being JSON, and where an object has a name twice. */
import * as Result from "effect/Result"

/**
 * Parses JSON. Fails with the line and the column of the mistake, or of each name that its object has already: of two values
 * JSON itself keeps the last, and a sync would be gone. The engine's own message is not shown: it quotes the text,
 * which may contain a secret, and does not always say where.
 */
export const parse = (text: string): Result.Result<unknown, ReadonlyArray<string>> => {
  if (messageOf(text) !== undefined) return Result.fail([`Expected JSON: ${placeOf(text, mistakeAt(text))}`])
  const repeated = repeatedNames(text)
  return repeated.length === 0
    ? Result.succeed(JSON.parse(text))
    : Result.fail(
        repeated.map(
          ({ path, at }) => `Expected each name once in an object: ${path.join(".")} again at ${placeOf(text, at)}`,
        ),
      )
}

/** Returns the line and the column of a place in a text. */
const placeOf = (text: string, at: number): string => {
  const before = text.slice(0, at).split("\n")
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** A name of an object, and where it begins in the text. */
interface PlacedName {
  readonly path: ReadonlyArray<string>
  readonly at: number
}

/** Returns each name that its object has already. The text is JSON. */
const repeatedNames = (text: string): ReadonlyArray<PlacedName> => {
  const repeated: Array<PlacedName> = []
  const objects: Array<{ readonly names: Set<string>; last: string }> = []
  for (const { 0: token, 1: name, index: at } of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/gs)) {
    const object = objects.at(-1)
    if (token === "{" || token === "[") objects.push({ names: new Set(), last: token === "[" ? "*" : "" })
    else if (token === "}" || token === "]") objects.pop()
    else if (name !== undefined && object !== undefined) {
      object.last = String(JSON.parse(name))
      if (object.names.has(object.last)) repeated.push({ path: objects.map(({ last }) => last), at })
      object.names.add(object.last)
    }
  }
  return repeated
}

/** Returns the engine's message about a text; `undefined` where it is JSON. */
const messageOf = (text: string): string | undefined => {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Returns whether a text could still become JSON by what follows: its only mistake is that it ends. */
const isBeginning = (text: string): boolean => {
  const message = messageOf(text)
  if (message === undefined || /end of JSON input|Unterminated/.test(message)) return true
  const position = /\bposition (\d+)/.exec(message)?.[1]
  return position !== undefined && Number(position) >= text.length
}

/** Returns how many characters of the text could still become JSON: the next one is the mistake. */
const mistakeAt = (text: string): number => {
  let [least, most] = [0, text.length]
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (isBeginning(text.slice(0, middle))) least = middle
    else most = middle - 1
  }
  return least
}
