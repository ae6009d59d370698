/**
 * SHA-256 (FIPS 180-4) of a text, at once.
 *
 * The platform's digest is asynchronous: a request would wait for it in real time, which virtual time does not pass.
 */

/** Returns the first 32 bits of the fraction of a number. */
const fraction = (value: number): number => ((value % 1) * 2 ** 32) | 0

/** The first 64 primes: the constants of the algorithm are the fractions of their roots. */
const primes = (): ReadonlyArray<number> => {
  const list: Array<number> = []
  for (let candidate = 2; list.length < 64; candidate++) {
    if (list.every((prime) => candidate % prime !== 0)) list.push(candidate)
  }
  return list
}

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits))

/** Returns the digest of the text's UTF-8, as 64 hexadecimal digits in lower case. */
export const sha256 = (text: string): string => {
  const list = primes()
  const constants = list.map((prime) => fraction(Math.cbrt(prime)))
  const hash = list.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
  const bytes = new TextEncoder().encode(text)
  // A one bit, zeros, and the number of bits fill the last block.
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 4, bytes.length * 8)
  const words = new Int32Array(64)
  const word = (index: number): number => words[index] ?? 0
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) words[i] = view.getInt32(block + i * 4)
      else {
        const [early, late] = [word(i - 15), word(i - 2)]
        const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
        const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
        words[i] = word(i - 16) + s0 + word(i - 7) + s1
      }
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const t1 = h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + word(i)
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c))
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
    }
    for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) hash[i] = ((hash[i] ?? 0) + value) | 0
  }
  return hash.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("")
}
