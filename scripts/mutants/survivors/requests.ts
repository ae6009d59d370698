/** Survivors in how a request is sent. */
import type { Survivor } from "./survivor.ts"

export const ofRequests: ReadonlyArray<Survivor> = [
  {
    file: "packages/core/src/http/deadline.ts",
    before: "if (start !== undefined) return Effect.sync(start((result) => end(resultOf(result))))",
    after: "if (false) return Effect.sync(start((result) => end(resultOf(result))))",
    kind: "equivalent",
    reason: "It saves work: the effect leads to the same, in a fiber.",
  },
  {
    file: "packages/core/src/http/deadline.ts",
    before: "if (fiber.getRef(Clock.Clock) === platformClock && millis > 0 && millis < 2 ** 31) {",
    after: "if (fiber.getRef(Clock.Clock) === platformClock && millis > 1 && millis < 2 ** 31) {",
    kind: "equivalent",
    reason: "It saves work: a deadline by the clock's sleep, in a fiber, ends at the same time.",
  },
  {
    file: "packages/core/src/http/deadline.ts",
    before: "if (fiber.getRef(Clock.Clock) === platformClock && millis > 0 && millis < 2 ** 31) {",
    after: "if (fiber.getRef(Clock.Clock) === platformClock && millis >= 0 && millis < 2 ** 31) {",
    kind: "equivalent",
    reason: "A timer of no time fires at once.",
  },
  {
    file: "packages/core/src/http/deadline.ts",
    before: "if (fiber.getRef(Clock.Clock) === platformClock && millis > 0 && millis < 2 ** 31) {",
    after: "if (fiber.getRef(Clock.Clock) === platformClock && millis <= 0 && millis < 2 ** 31) {",
    kind: "equivalent",
    reason: "It saves work: a deadline by the clock's sleep, in a fiber, ends at the same time.",
  },
  {
    file: "packages/core/src/http/deadline.ts",
    before: "if (fiber.getRef(Clock.Clock) === platformClock && millis > 0 && millis < 2 ** 31) {",
    after: "if (false) {",
    kind: "equivalent",
    reason: "It saves work: a deadline by the clock's sleep, in a fiber, ends at the same time.",
  },
  {
    file: "packages/core/src/http/KyTransport.ts",
    before:
      'isNodes && Number(headers["content-length"]) <= request.maxBytes && headers["content-encoding"] === undefined',
    after:
      'isNodes && Number(headers["content-length"]) < request.maxBytes && headers["content-encoding"] === undefined',
    kind: "equivalent",
    reason: "It saves work: read in chunks, the body is the same.",
  },
  {
    file: "packages/core/src/http/KyTransport.ts",
    before: "const body = isBounded",
    after: "const body = false",
    kind: "equivalent",
    reason: "It saves work: read in chunks, the body is the same.",
  },
  {
    file: "packages/core/src/http/KyTransport.ts",
    before: 'if (isSent) throw new TransportError({ code: "MISDIRECTED", delivery: "unknown" })',
    after: 'if (isSent) throw new TransportError({ code: "MISDIRECTED", delivery: "not-sent" })',
    kind: "equivalent",
    reason: "`fetch` wraps it: only its code is read, which proves nothing.",
  },
  {
    file: "packages/core/src/http/VendorClient.ts",
    before: `const bearer = bearers.get(token) ?? Redacted.make(\`Bearer \${Redacted.value(token)}\`)`,
    after: `const bearer = Redacted.make(\`Bearer \${Redacted.value(token)}\`)`,
    kind: "equivalent",
    reason: "It saves work: the header is the same.",
  },
  {
    file: "packages/core/src/http/VendorClient.ts",
    before: "bearers.set(token, bearer)",
    after: "undefined",
    kind: "equivalent",
    reason: "It saves work: the header is the same.",
  },
  {
    file: "packages/core/src/http/VendorClient.ts",
    before: "return gate === Effect.void",
    after: "return false",
    kind: "equivalent",
    reason: "It saves work: a gate that does nothing lets all pass.",
  },
]
