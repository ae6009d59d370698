/** Seeded random numbers and ids: the same seed gives the same ones, in every process. */

/** Numbers from 0 up to 1. */
export type Random = () => number

/** A small generator with 32 bits of state (mulberry32): plenty for tests, nothing for secrets. */
export const makeRandom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** FNV-1a. */
export const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
const base32 = "0123456789abcdefghijklmnopqrstuv"
const hex = "0123456789abcdef"

export interface Mint {
  /** 22 characters, as Segment's ids look. */
  readonly short: (kind: string) => string
  /** 27 characters, as RudderStack's connection ids look. */
  readonly ksuid: (kind: string) => string
  /** 20 characters, as RudderStack's run ids look. */
  readonly xid: (kind: string) => string
  readonly uuid: (kind: string) => string
  /** Digits, counting up. */
  readonly digits: (kind: string) => string
  readonly token: (kind: string) => string
}

/** Ids that depend only on the seed, the kind and how many of that kind came before; never twice the same. */
export const makeMint = (seed: number): Mint => {
  const counts = new Map<string, number>()
  const next = (kind: string) => {
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    return count
  }
  // The tail holds the count, so that two ids of a kind differ whatever the random part does.
  const word = (kind: string, alphabet: string, length: number) => {
    const count = next(kind)
    const random = makeRandom(hash(`${seed}/${kind}/${count}`))
    let tail = ""
    for (let rest = count; tail.length < 5; rest = Math.floor(rest / alphabet.length)) {
      tail = alphabet.charAt(rest % alphabet.length) + tail
    }
    let head = ""
    while (head.length < length - 5) head += alphabet.charAt(Math.floor(random() * alphabet.length))
    return head + tail
  }
  return {
    short: (kind) => word(kind, base58, 22),
    ksuid: (kind) => word(kind, base62, 27),
    xid: (kind) => word(kind, base32, 20),
    uuid: (kind) => {
      const all = word(kind, hex, 30)
      return `${all.slice(0, 8)}-${all.slice(8, 12)}-4${all.slice(12, 15)}-a${all.slice(15, 18)}-${all.slice(18)}`
    },
    digits: (kind) => String(100000 + (hash(`${seed}/${kind}`) % 900000) + next(kind)),
    token: (kind) => word(kind, base62, 40),
  }
}
