/** A binary heap of things by when they are due; entries that moved are left in place and skipped when they surface. */
export interface DueHeap<A> {
  readonly push: (due: number, value: A) => void
  readonly peek: () => { readonly due: number; readonly value: A } | undefined
  readonly pop: () => { readonly due: number; readonly value: A } | undefined
  readonly size: () => number
  /** Drops what is not wanted any more, long before it would surface. */
  readonly retain: (isWanted: (value: A) => boolean) => void
}

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
    // What is sorted is a heap.
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
        const left = 2 * index + 1
        const smaller = due(left + 1) < due(left) ? left + 1 : left
        if (due(smaller) >= due(index)) return top
        swap(index, smaller)
        index = smaller
      }
    },
  }
}
