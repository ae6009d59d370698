import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as DueHeap from "../src/engine/poll/dueHeap.ts"

const drain = (heap: DueHeap.DueHeap<number>) => {
  const times: Array<number> = []
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) times.push(top.due)
  return times
}

describe("a heap of due times", () => {
  it.prop(
    "W4: the heap pops the earliest due time first, also after entries are dropped",
    { times: Arbitrary.schema(Schema.Array(Schema.Int)), later: Arbitrary.schema(Schema.Array(Schema.Int)) },
    (given) => {
      // Entries with 0 and -0 are due at the same time, in any order.
      const [times, later] = [given.times.map((time) => time + 0), given.later.map((time) => time + 0)]
      const heap = DueHeap.make<number>()
      for (const time of times) heap.push(time, time)
      heap.retain((time) => time % 2 === 0)
      for (const time of later) heap.push(time, time)
      const expected = [...times.filter((time) => time % 2 === 0), ...later].sort((a, b) => a - b)
      expect(heap.size()).toBe(expected.length)
      expect(heap.peek()?.due).toBe(expected[0])
      expect(drain(heap)).toEqual(expected)
    },
  )
})
