/** Reads JSON, and says where a text stops being JSON. */
import * as Result from "effect/Result"

/**
 * Parses JSON. Fails with the line and the column of the mistake. The engine's own message is not shown: it quotes the text,
 * which may contain a secret, and does not always say where.
 */
export const parse = (text: string): Result.Result<unknown, string> => {
  if (messageOf(text) === undefined) return Result.succeed(JSON.parse(text))
  const before = text.slice(0, mistakeAt(text)).split("\n")
  return Result.fail(`Expected JSON: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`)
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
