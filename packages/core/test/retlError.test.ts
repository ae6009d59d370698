import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Schema } from "effect"
import * as Reason from "../src/model/Reason.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { isRetried, table } from "../src/model/RetryPolicy.ts"
import * as FakeDriver from "./support/fakeDriver.ts"

describe("the retry table", () => {
  it("T4: a write is retried only when it provably did nothing", () => {
    for (const tag of Object.keys(table)) {
      const reason = { _tag: tag as keyof typeof table }
      expect(isRetried("write", { reason, delivery: "unknown" }), tag).toBe(false)
    }
    const limited = { _tag: "RateLimited" } as const
    expect(isRetried("write", { reason: limited, delivery: "refused" })).toBe(true)
    expect(isRetried("read", { reason: limited, delivery: "unknown" })).toBe(true)
    expect(isRetried("write", { reason: { _tag: "Network" }, delivery: "not-sent" })).toBe(true)
    expect(isRetried("write", { reason: { _tag: "AlreadyRunning" }, delivery: "refused" })).toBe(false)
    expect(isRetried("write", { reason: { _tag: "Conflict" }, delivery: "not-sent" })).toBe(false)
  })
})

describe("an error", () => {
  const error = new RetlError({
    workspace: "prod",
    vendor: "segment",
    operation: "start",
    reason: new Reason.InvalidRequest({ issues: [{ path: ["settings", "name"], message: "is required" }] }),
    delivery: "refused",
    evidence: { status: 422, code: "input-validation", requestId: "req-1" },
    attempts: 1,
    exhausted: false,
  })

  it("H6: an error names its workspace, operation and fields, and its code has no ids", () => {
    expect(error.message).toBe(
      [
        "segment (prod) start: InvalidRequest, refused: HTTP 422: input-validation: settings.name: is required",
        "  retl.invalid-request: Correct the named fields; the same request would fail again.",
      ].join("\n"),
    )
    expect(error.code).toBe("retl.invalid-request")
    expect(error.guidance).toContain("Correct the named fields")
  })

  it("T4: an error's message counts the attempts", () => {
    expect(FakeDriver.down.withAttempts(5, true).summary).toBe(
      "fake (test) request: Unavailable after 5 attempts, unknown: HTTP 503",
    )
  })

  it.effect("H2: an error is decoded from JSON unchanged", () =>
    Effect.gen(function* () {
      for (const value of [
        error,
        FakeDriver.lost,
        FakeDriver.failure(new Reason.RateLimited({ retryAfter: Duration.seconds(3) }), "refused"),
      ]) {
        const json = Schema.toCodecJson(RetlError)
        const text = JSON.stringify(yield* Schema.encodeEffect(json)(value))
        const back = yield* Schema.decodeUnknownEffect(json)(JSON.parse(text))
        expect(back).toEqual(value)
        expect(back.message).toBe(value.message)
      }
    }),
  )

  it.effect("F1: an error's reason can be caught by name", () =>
    Effect.gen(function* () {
      const caught = yield* Effect.fail(FakeDriver.lost).pipe(
        Effect.catchReason("RetlError", "Network", ({ code }) => Effect.succeed(code)),
      )
      expect(caught).toBe("ECONNRESET")
    }),
  )

  it("F1: every reason has its own code", () => {
    const reasons = Object.keys(table)
    const codes = reasons.map((tag) => FakeDriver.lost.with({ reason: make(tag) }).code)
    expect(new Set(codes).size).toBe(reasons.length)
  })
})

const make = (tag: string): Reason.Reason =>
  Schema.decodeUnknownSync(Reason.Reason)({
    _tag: tag,
    what: "run",
    issues: [],
    state: "paused",
    code: "X",
    maxBytes: 1,
    why: "w",
    after: 1_000,
    capability: "c",
    named: "n",
    error: { _tag: "JournalError", store: "s", operation: "mark", reason: { _tag: "StoreBusy", after: 1 } },
  })
