/** Takes the id out of one entry of a list. */
import * as Json from "@openretl/core/driver/Json"
import * as Predicate from "effect/Predicate"
import type { Reply } from "../../kit/Reply.ts"

/** Returns the reply without the id of one entry of its first list; the reply itself where there is no such entry. */
export const withoutId = (reply: Reply, index: number): Reply => {
  const body = parse(reply.body)
  const entry = listIn(body)?.[index]
  if (entry === undefined) return reply
  const name = ["id", "syncId", "sync_id"].find((candidate) => Object.hasOwn(entry, candidate))
  if (name === undefined) return reply
  delete entry[name]
  return { ...reply, body: Json.stringify(body) ?? "" }
}

type Entry = Record<string, unknown>

const listIn = (value: unknown): ReadonlyArray<Entry> | undefined => {
  if (Array.isArray(value)) return value.every(isEntry) ? value : undefined
  if (!isEntry(value)) return undefined
  for (const field of Object.values(value)) {
    const list = listIn(field)
    if (list !== undefined) return list
  }
  return undefined
}

const isEntry = (value: unknown): value is Entry => Predicate.isObject(value) && !Array.isArray(value)

const parse = (text: string): unknown => {
  try {
    return Json.parse(text)
  } catch {
    return undefined
  }
}
