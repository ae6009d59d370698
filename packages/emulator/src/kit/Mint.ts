/** Ids that look like the vendors', made from the seed. */
import { hash, makeRandom } from "./Random.ts"

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
const base32 = "0123456789abcdefghijklmnopqrstuv"
const hex = "0123456789abcdef"

/** Creates ids. An id depends only on the seed, its kind, and how many ids of that kind came before. */
export interface Mint {
  /** 22 characters, as Segment's ids look. */
  readonly short: (kind: string) => string
  /** 27 characters, as RudderStack's connection ids look. */
  readonly ksuid: (kind: string) => string
  /** 20 characters, as RudderStack's run ids look. */
  readonly xid: (kind: string) => string
  /** A UUID, as Zeotap's ids are. */
  readonly uuid: (kind: string) => string
  /** Decimal digits that count up, as Segment's run ids look. */
  readonly digits: (kind: string) => string
  /** 40 characters. */
  readonly token: (kind: string) => string
}

/** Creates a mint whose ids of one kind never repeat. */
export const makeMint = (seed: number): Mint => {
  const counts = new Map<string, number>()
  const takeCount = (kind: string) => {
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    return count
  }
  // The tail encodes the count, so that two ids of a kind always differ.
  const characters = (kind: string, alphabet: string, length: number) => {
    const count = takeCount(kind)
    const random = makeRandom(hash(`${seed}/${kind}/${count}`))
    let tail = ""
    for (let quotient = count; tail.length < 5; quotient = Math.floor(quotient / alphabet.length)) {
      tail = alphabet.charAt(quotient % alphabet.length) + tail
    }
    let head = ""
    while (head.length < length - 5) head += alphabet.charAt(Math.floor(random() * alphabet.length))
    return head + tail
  }
  return {
    short: (kind) => characters(kind, base58, 22),
    ksuid: (kind) => characters(kind, base62, 27),
    xid: (kind) => characters(kind, base32, 20),
    uuid: (kind) => {
      const digits = characters(kind, hex, 30)
      const slices = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(12, 15)}`, `a${digits.slice(15, 18)}`]
      return [...slices, digits.slice(18)].join("-")
    },
    digits: (kind) => String(100000 + (hash(`${seed}/${kind}`) % 900000) + takeCount(kind)),
    token: (kind) => characters(kind, base62, 40),
  }
}
