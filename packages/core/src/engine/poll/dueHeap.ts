/**
 * A binary heap of values by their due times. A value whose due time changes is pushed again: its user skips the old
 * entry when that comes up.
 */

/** A heap of values by their due times, earliest first. */
export interface DueHeap<A> {
  /** Adds a value. */
  readonly push: (due: number, value: A) => void
  /** Returns the earliest entry. */
  readonly peek: () => { readonly due: number; readonly value: A } | undefined
  /** Removes the earliest entry and returns it. */
  readonly pop: () => { readonly due: number; readonly value: A } | undefined
  /** Returns the number of entries. */
  readonly size: () => number
  /** Removes the entries whose values are not wanted any more. */
  readonly retain: (isWanted: (value: A) => boolean) => void
}

/** Creates an empty heap. */
export const make = <A>(): DueHeap<A> => {
  let heap: Array<{ readonly due: number; readonly value: A }> = []
  const due = (index: number): number => heap[index]?.due ?? Number.POSITIVE_INFINITY
  const swap = (a: number, b: number) => {
    const [first, second] = [heap[a], heap[b]]
    if (first === undefined || second === undefined) return
    heap[a] = second
    heap[b] = first
  }
  return {
    peek: () => heap[0],
    size: () => heap.length,
    // A sorted array is a heap.
    retain: (isWanted) => {
      heap = heap.filter(({ value }) => isWanted(value)).sort((a, b) => a.due - b.due)
    },
    push: (at, value) => {
      let index = heap.push({ due: at, value }) - 1
      while (index > 0) {
        const parent = (index - 1) >> 1
        if (due(parent) <= due(index)) break
        swap(parent, index)
        index = parent
      }
    },
    pop: () => {
      const top = heap[0]
      const last = heap.pop()
      if (top === undefined || last === undefined || heap.length === 0) return top
      heap[0] = last
      let index = 0
      while (true) {
        const child = 2 * index + 1
        const smaller = due(child + 1) < due(child) ? child + 1 : child
        if (due(smaller) >= due(index)) return top
        swap(index, smaller)
        index = smaller
      }
    },
  }
}
