import { createHash } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { sha256 } from "../src/http/sha256.ts"
import * as Token from "../src/http/token.ts"

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex")

describe("SHA-256", () => {
  it("gives the digests of the standard's examples", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    expect(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    )
  })

  it("gives the digests of Node's implementation, for every length of a block", () => {
    for (let length = 0; length < 200; length++) expect(sha256("é".repeat(length))).toBe(digestOf("é".repeat(length)))
  })

  it.effect.prop("gives the digests of Node's implementation", { text: Schema.String }, ({ text }) =>
    Effect.sync(() => expect(sha256(text)).toBe(digestOf(text))),
  )
})

describe("the account of a token", () => {
  it("B5: is the digest of a fixed token", () => {
    expect(Token.make(Redacted.make("secret")).account).toBe(digestOf("secret"))
  })

  it.effect("B5: stays the one of the token as first read, when the token is read again", () =>
    Effect.gen(function* () {
      let reads = 0
      const token = Token.make(Effect.sync(() => Redacted.make(`secret-${++reads}`)))
      const account = Effect.suspend(() =>
        typeof token.account === "string" ? Effect.succeed(token.account) : token.account,
      )
      expect(yield* account).toBe(digestOf("secret-1"))
      yield* token.reread(yield* token.read)
      expect(yield* token.read).toEqual(Redacted.make("secret-2"))
      expect(yield* account).toBe(digestOf("secret-1"))
      expect(reads).toBe(2)
    }),
  )
})
