/** What the vendor's answers show, whatever the adapter reads of them. A law decides by this what the adapter has to read. */
import * as CoreJson from "@openretl/core/driver/Json"
import * as Wire from "@openretl/core/driver/Wire"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Testbed } from "../Testbed.ts"
import { bodyText } from "./wire.ts"

/** The values in the answers to one program. */
export interface Answers {
  /** The bodies as they came, in order. */
  readonly bodies: ReadonlyArray<string>
  /** The HTTP status of each. */
  readonly statuses: ReadonlyArray<number>
  /** Whether a field contains this text, or is the number in these digits. */
  readonly haveText: (text: string) => boolean
  /** Whether a field is exactly this text. */
  readonly haveWholeText: (text: string) => boolean
  /** Whether a field has this number, as a number or in digits. */
  readonly haveNumber: (value: number) => boolean
  /** Whether a field has this time, to within a second. In epoch milliseconds. */
  readonly haveTime: (millis: number | undefined) => boolean
}

/** Runs a program, and returns its result with what the answers to its requests show. */
export const during = Effect.fnUntraced(function* <A, E, R>(
  { wire }: Testbed,
  program: Effect.Effect<A, E, R>,
): Effect.fn.Return<readonly [A, Answers], E, R> {
  const bodies: Array<string> = []
  const statuses: Array<number> = []
  const { rewrite } = wire
  wire.rewrite = (response, request) => {
    const rewritten = rewrite(response, request)
    bodies.push(bodyText(rewritten))
    statuses.push(rewritten.status)
    return rewritten
  }
  const result = yield* Effect.ensuring(
    program,
    Effect.sync(() => {
      wire.rewrite = rewrite
    }),
  )
  return [result, of(bodies, statuses)] as const
})

const of = (bodies: ReadonlyArray<string>, statuses: ReadonlyArray<number>): Answers => {
  const leaves = bodies.flatMap((body) => leavesOf(parse(body)))
  return {
    bodies,
    statuses,
    haveText: (text) =>
      leaves.some((leaf) =>
        typeof leaf === "string" ? leaf.includes(text) : isNumeric(leaf) && String(leaf) === text,
      ),
    haveWholeText: (text) => leaves.includes(text),
    haveNumber: (value) => leaves.some((leaf) => leaf === value || leaf === String(value)),
    haveTime: (millis) =>
      millis !== undefined && leaves.some((leaf) => typeof leaf === "string" && isTime(leaf, millis)),
  }
}

const isNumeric = (leaf: unknown): boolean => typeof leaf === "number" || typeof leaf === "bigint"

const isTime = (text: string, millis: number): boolean => {
  const time = Wire.time(text)
  return time !== undefined && Math.abs(DateTime.toEpochMillis(time) - millis) < 1_000
}

const parse = (body: string): unknown => {
  try {
    return CoreJson.parse(body)
  } catch {
    return body
  }
}

/** Returns the values at the ends of a JSON. */
const leavesOf = (json: unknown): ReadonlyArray<unknown> =>
  typeof json === "object" && json !== null ? Object.values(json).flatMap(leavesOf) : [json]
