import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { readBounded } from "../src/http/bodyBytes.ts"
import { toTransportError } from "../src/http/failure.ts"
import { TransportError } from "../src/http/TransportError.ts"

describe("what a failure proves", () => {
  const failure = (fields: object, cause?: unknown) => Object.assign(new Error("no"), fields, { cause })
  const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause })

  it.each<[string, unknown, string]>([
    ["EHOSTUNREACH in connecting", failure({ code: "EHOSTUNREACH", syscall: "connect" }), "not-sent"],
    ["ENETUNREACH in connecting", failure({ code: "ENETUNREACH", syscall: "connect" }), "not-sent"],
    ["ETIMEDOUT in connecting", failure({ code: "ETIMEDOUT", syscall: "connect" }), "not-sent"],
    ["ECONNRESET in connecting", failure({ code: "ECONNRESET", syscall: "connect" }), "not-sent"],
    ["a name that is not resolved", failure({ code: "ENOTFOUND", syscall: "getaddrinfo" }), "not-sent"],
    ["a name that is not resolved yet", failure({ code: "EAI_AGAIN" }), "not-sent"],
    ["undici's time-out to connect", failure({ code: "UND_ERR_CONNECT_TIMEOUT" }), "not-sent"],
    ["a certificate that has expired", failure({ code: "CERT_HAS_EXPIRED" }), "not-sent"],
    ["a certificate of nobody", failure({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }), "not-sent"],
    ["a certificate of itself", failure({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }), "not-sent"],
    ["a certificate of itself in the chain", failure({ code: "SELF_SIGNED_CERT_IN_CHAIN" }), "not-sent"],
    ["a certificate of another name", failure({ code: "ERR_TLS_CERT_ALTNAME_INVALID" }), "not-sent"],
    ["a URL that is none", failure({ code: "ERR_INVALID_URL" }), "not-sent"],
    [
      "every address refused",
      failure({
        code: "ECONNREFUSED",
        errors: [
          failure({ syscall: "connect", code: "ECONNREFUSED" }),
          failure({ syscall: "connect", code: "ETIMEDOUT" }),
        ],
      }),
      "not-sent",
    ],
    ["EHOSTUNREACH in reading", failure({ code: "EHOSTUNREACH", syscall: "read" }), "unknown"],
    ["ENETUNREACH in reading", failure({ code: "ENETUNREACH", syscall: "read" }), "unknown"],
    ["EHOSTUNREACH of no call", failure({ code: "EHOSTUNREACH" }), "unknown"],
    ["ECONNREFUSED in reading", failure({ code: "ECONNREFUSED", syscall: "read" }), "unknown"],
    ["EPIPE in writing", failure({ code: "EPIPE", syscall: "write" }), "unknown"],
    ["ETIMEDOUT in reading", failure({ code: "ETIMEDOUT", syscall: "read" }), "unknown"],
    ["ECONNRESET in reading", failure({ code: "ECONNRESET", syscall: "read" }), "unknown"],
    ["an error of TLS", failure({ code: "ERR_SSL_WRONG_VERSION_NUMBER" }), "unknown"],
    ["an alert of TLS", failure({ code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE" }), "unknown"],
    ["another error of TLS", failure({ code: "ERR_TLS_RENEGOTIATION_DISABLED" }), "unknown"],
    ["undici's other time-outs", failure({ code: "UND_ERR_HEADERS_TIMEOUT" }), "unknown"],
    ["an error without a code", new Error("terminated"), "unknown"],
    [
      "several errors, one of them in reading",
      failure({ errors: [failure({ syscall: "connect", code: "A" }), failure({ syscall: "read", code: "B" })] }),
      "unknown",
    ],
    [
      "several errors, one of them not an error",
      failure({ errors: [failure({ syscall: "connect", code: "A" }), "no"] }),
      "unknown",
    ],
    ["no errors at all", failure({ errors: [] }), "unknown"],
    [
      "connecting, below an error in reading",
      failure({ code: "ECONNRESET", syscall: "read" }, failure({ code: "ECONNREFUSED", syscall: "connect" })),
      "unknown",
    ],
    ["nothing", undefined, "unknown"],
    ["a text", "connect ECONNREFUSED", "unknown"],
  ])("T4: %s", (_, cause, delivery) => {
    expect(toTransportError(cause).delivery).toBe(delivery)
    expect(toTransportError(fetchFailed(fetchFailed(cause))).delivery).toBe(delivery)
  })

  it("T4: what the transport knows comes before the code", () => {
    const refused = failure({ code: "ECONNREFUSED", syscall: "connect" })
    const reset = failure({ code: "ECONNRESET", syscall: "read" })
    expect(toTransportError(refused, true)).toMatchObject({ code: "ECONNREFUSED", delivery: "unknown" })
    expect(toTransportError(reset, false)).toMatchObject({ code: "ECONNRESET", delivery: "not-sent" })
    const tooLarge = new TransportError({ code: "too-large", delivery: "unknown" })
    expect(toTransportError(tooLarge, false)).toBe(tooLarge)
  })

  it("names the first code along the chain, and `network` without one", () => {
    const cases: ReadonlyArray<readonly [unknown, string]> = [
      [fetchFailed(failure({ code: "ECONNRESET" }, failure({ code: "OTHER" }))), "ECONNRESET"],
      [fetchFailed(failure({ code: 23 }, failure({ code: "INNER" }))), "INNER"],
      [failure({ errors: [failure({ code: "FIRST" }), failure({ code: "SECOND" })] }), "FIRST"],
      [failure({ code: "with a secret" }), "network"],
      [failure({ code: "X".repeat(65) }), "network"],
      [new Error("no"), "network"],
      [undefined, "network"],
    ]
    for (const [cause, code] of cases) expect(toTransportError(cause).code).toBe(code)
  })

  it("H5: an error that is its own cause ends", () => {
    const circular = failure({})
    circular.cause = circular
    const nested = failure({ errors: [] })
    Object.assign(nested, { errors: [nested] })
    expect(toTransportError(circular)).toMatchObject({ code: "network", delivery: "unknown" })
    expect(toTransportError(nested)).toMatchObject({ code: "network", delivery: "unknown" })
  })
})

describe("the bytes of a body", () => {
  const chunksOf = async function* (...chunks: ReadonlyArray<ReadonlyArray<number>>) {
    for (const chunk of chunks) yield Uint8Array.from(chunk)
  }

  it.effect("H4: are joined in order, up to the bound and no further", () =>
    Effect.promise(async () => {
      expect(await readBounded(chunksOf([1, 2], [], [3], [4, 5]), 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5))
      expect(await readBounded(chunksOf([1, 2, 3]), 3)).toEqual(Uint8Array.of(1, 2, 3))
      expect(await readBounded(null, 0)).toEqual(new Uint8Array())
      await expect(readBounded(chunksOf([1, 2], [3, 4]), 3)).rejects.toMatchObject({ code: "too-large" })
    }),
  )
})
