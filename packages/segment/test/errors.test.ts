import { describe, expect, it } from "@effect/vitest"
import type { Remaining } from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import { Duration } from "effect"
import { classify } from "../src/internal/errors.ts"
import { remainingOf } from "../src/internal/wait.ts"
import * as Fixtures from "./fixtures.ts"

/** Classifies a refusal. */
const classified = (
  status: number,
  body: unknown = "",
  operation = "listSyncStatuses",
  headers: Readonly<Record<string, string>> = {},
) => {
  const isText = typeof body === "string"
  const text = isText ? body : JSON.stringify(body)
  const answer = { operation, status, headers, json: isText ? undefined : body, text }
  return classify(answer) ?? expect.fail("not classified")
}

const html = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>"
const error = (message: string, type = "bad-request") => ({ errors: [{ type, message }] })
const gone = (what: Reason.NotFound["what"]) => new Reason.NotFound({ what })
const invalid = (message: string, path: ReadonlyArray<string> = []) =>
  new Reason.InvalidRequest({ issues: [{ path, message }] })
const reasonless = (status: number) => invalid(`Refused with HTTP ${status}, without a reason`)
const start = "createManualSync"
const disabled = new Reason.NotTriggerable({ state: "disabled" })
const running = new Reason.AlreadyRunning({})

describe("a 2xx", () => {
  it.each<[string, unknown, Reason.Reason["_tag"], boolean]>([
    ["about the state", error("The mapping is disabled."), "NotTriggerable", true],
    ["about a run", error("A sync is already running for this mapping."), "AlreadyRunning", true],
    ["about anything else", error("Something went wrong"), "UnexpectedResponse", false],
  ])(
    "with an error %s in place of `data` is a refusal, which proves something where its text is plain",
    (_, json, ...expected) => {
      const [_tag, isVendorsForm] = expected
      expect(classified(200, json, start)).toMatchObject({ reason: { _tag }, isVendorsForm })
    },
  )

  it.each([{ data: {}, errors: [{ message: "The mapping is disabled." }] }, { data: { errorCode: "x" } }, undefined])(
    "with more than that is none: %o",
    (json) => {
      expect(classify({ operation: start, status: 200, headers: {}, json, text: "" })).toBeUndefined()
    },
  )
})

describe("reasons", () => {
  it.each<[string, number, unknown, string, Reason.Reason]>([
    ["a 401", 401, "", start, new Reason.Unauthenticated()],
    ["a 401 that says no more", 401, error("Unauthorized", "unauthorized"), start, new Reason.Unauthenticated()],
    ["a 401 about the token", 401, error("The token is not valid."), start, new Reason.Unauthenticated()],
    [
      "a 401 about a permission",
      401,
      error("The token does not have permission."),
      start,
      new Reason.PermissionDenied(),
    ],
    ["a 401 about access", 401, error("You are not authorized to run syncs"), start, new Reason.PermissionDenied()],
    ["a 401 about either", 401, error("Token invalid or without permission"), start, new Reason.Unauthenticated()],
    ["a 401 of a page", 401, html, "getWorkspace", new Reason.Unauthenticated()],
    ["a 403", 403, "", start, new Reason.PermissionDenied()],
    ["a 403 about the token", 403, error("Invalid token"), "getWorkspace", new Reason.Unauthenticated()],
    ["a 403 about an expired token", 403, error("This token has expired"), start, new Reason.Unauthenticated()],
    ["a 403 of a gateway", 403, { message: "Forbidden" }, start, new Reason.PermissionDenied()],
    ["a 404 to a start", 404, Fixtures.notFound, start, gone("sync")],
    ["a 404 to a list", 404, error("Subscription with id 'sync' not found."), "listSyncStatuses", gone("sync")],
    ["a 404 to a get, of the run", 404, error("Sync with id 'model' not found."), "getSyncStatus", gone("run")],
    [
      "a 404 to a get, of the model",
      404,
      error("Reverse ETL Model with id 'sync' not found."),
      "getSyncStatus",
      gone("sync"),
    ],
    ["a 404 to a get, in the old spelling", 404, Fixtures.oldNotFound, "getSyncStatus", gone("unknown")],
    ["a 404 to a get, with an id alone", 404, error('"sync" isn\'t there'), "getSyncStatus", gone("unknown")],
    ["a 404 to a get, with apostrophes", 404, error("can't find sync; it isn't there"), "getSyncStatus", gone("run")],
    ["a 404 to a cancel", 404, error("sync not found"), "cancelSync", gone("run")],
    ["a 404 to a cancel, bare", 404, "", "cancelSync", gone("unknown")],
    ["a 404 to the workspace", 404, error("Not found."), "getWorkspace", gone("unknown")],
    ["a 404 of a page", 404, html, start, gone("unknown")],
    ["a 410", 410, "", "listSyncStatuses", gone("sync")],
    ["a 409 to a start", 409, "", start, running],
    ["a 409 to a start that says no more", 409, error("conflict", "conflict"), start, running],
    ["a 409 to a cancel", 409, "", "cancelSync", new Reason.Conflict()],
    ["a 400 of a busy mapping", 400, error("A sync is already running for this mapping."), start, running],
    ["a 422 of a busy mapping", 422, error("Sync in progress: another one is in progress"), start, running],
    ["a 400 of a busy mapping, as a line", 400, "A sync is already running", start, running],
    ["a 400 of the same elsewhere", 400, error("already running"), "listSyncStatuses", invalid("already running")],
    ["a disabled mapping", 400, error("The mapping is disabled."), start, disabled],
    ["a model that is not enabled", 422, error("Model is not enabled"), start, disabled],
    ["a disabled mapping, as a 409", 409, error("is disabled"), start, disabled],
    ["a paused mapping", 400, error("mapping is paused"), start, new Reason.NotTriggerable({ state: "paused" })],
    ["an id that says disabled", 400, error("Bad id 'disabled'"), start, invalid("Bad id 'disabled'")],
    [
      "a field that says running",
      422,
      { errors: [{ type: "input-validation", message: "must not be already running", field: "subscriptionId" }] },
      start,
      invalid("must not be already running", ["subscriptionId"]),
    ],
    ["a 500", 500, "", "getSyncStatus", new Reason.Unavailable()],
    ["a 500 about a run", 500, error("sync not found"), "getSyncStatus", new Reason.Unavailable()],
    ["a 502 of a page", 502, html, start, new Reason.Unavailable()],
    ["a 503 about what is disabled", 503, error("starts are disabled"), start, new Reason.Unavailable()],
    ["a 599", 599, "", "listSyncStatuses", new Reason.Unavailable()],
    ["a 408", 408, "", start, new Reason.Unavailable()],
    ["a 425", 425, "", "listSyncStatuses", new Reason.Unavailable()],
    ["a 400", 400, "", start, reasonless(400)],
    ["a 400 of a real answer", 400, Fixtures.badRequest, start, invalid(Fixtures.badRequest.errors[0]?.message ?? "")],
    ["a 406", 406, error("Not acceptable."), start, invalid("Not acceptable.")],
    ["a 413", 413, html, start, reasonless(413)],
    ["a 413 with a line", 413, "Payload Too Large", start, invalid("Payload Too Large")],
    ["a 418", 418, [], start, reasonless(418)],
    ["a 422 in the old spelling", 422, Fixtures.oldInvalid, start, invalid("Validation failure")],
  ])("%s has its reason", (_, status, body, operation, expected) => {
    expect(classified(status, body, operation).reason).toEqual(expected)
  })
})

describe("the vendor's own form", () => {
  it.each<[string, number, unknown, boolean]>([
    ["has `errors`", 400, Fixtures.badRequest, true],
    ["has them in the old spelling, too", 404, Fixtures.oldNotFound, true],
    ["is not the body of a gateway in JSON", 403, { message: "Forbidden" }, false],
    ["is not a gateway's page", 404, html, false],
    ["is not a plain line", 400, "A sync is already running", false],
    ["is not an empty body", 409, "", false],
    ["is not another shape of `errors`", 400, { errors: "no" }, false],
    ["is not a list", 418, [], false],
    ["is not broken JSON", 400, '{"errors": [', false],
  ])("T4: %s", (_, status, body, expected) => {
    expect(classified(status, body, start).isVendorsForm).toBe(expected)
  })
})

describe("the wait of a 429", () => {
  const now = "Thu, 20 Aug 2026 16:00:00 GMT"
  const reset = { "x-ratelimit-reset": "Thu, 20 Aug 2026 16:00:23 +0000" }
  const tooMany = (data: unknown) => ({ errors: [{ type: "RequestError", message: "Too many requests", data }] })
  it.each<[string, unknown, Readonly<Record<string, string>>, Duration.Duration | undefined]>([
    ["is the documented one", Fixtures.tooMany, {}, Duration.millis(57_647)],
    ["names seconds as well, which come first", Fixtures.tooMany, { "retry-after": "17" }, Duration.seconds(17)],
    ["names no wait", Fixtures.tooMany, { "retry-after": "0" }, Duration.zero],
    ["names nonsense, and the body a wait", Fixtures.tooMany, { "retry-after": "soon" }, Duration.millis(57_647)],
    ["is in the old spelling", Fixtures.oldTooMany, {}, undefined],
    ["is a page", html, {}, undefined],
    ["has no data", tooMany(null), {}, undefined],
    ["names a wait that is none", tooMany({ msBeforeNext: -1 }), {}, undefined],
    ["names a wait as a string", tooMany({ msBeforeNext: "250" }), {}, Duration.millis(250)],
    [
      "names two waits",
      { errors: [1, 90, 5].map((msBeforeNext) => ({ data: { msBeforeNext } })) },
      {},
      Duration.millis(90),
    ],
    ["only has the reset of the window", html, { ...reset, date: now }, Duration.seconds(23)],
    ["only has the reset, and no time of its own", html, reset, undefined],
    ["has a reset that is not a date", html, { "x-ratelimit-reset": "23", date: now }, Duration.seconds(23)],
    ["has both, and the body comes first", Fixtures.tooMany, { ...reset, date: now }, Duration.millis(57_647)],
  ])("B2: a 429 that %s", (_, body, headers, retryAfter) => {
    const { reason } = classified(429, body, start, headers)
    expect(reason).toEqual(new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter }))
  })
})

describe("the headers of a success", () => {
  const date = "Thu, 20 Aug 2026 16:00:00 GMT"
  const reset = "Thu, 20 Aug 2026 16:00:23 +0000"
  it.each<[string, Readonly<Record<string, string>>, Remaining | undefined]>([
    [
      "say what remains, and until when",
      { date, "x-ratelimit-remaining": "7", "x-ratelimit-reset": reset },
      { requests: 7, resetAfter: Duration.seconds(23) },
    ],
    [
      "say that nothing remains",
      { date, "x-ratelimit-remaining": " 0 ", "x-ratelimit-reset": "Thu, 20 Aug 2026 16:00:23 GMT" },
      { requests: 0, resetAfter: Duration.seconds(23) },
    ],
    [
      "name a window that has ended",
      { date, "x-ratelimit-remaining": "7", "x-ratelimit-reset": "Thu, 20 Aug 2026 15:59:00 +0000" },
      { requests: 7, resetAfter: Duration.zero },
    ],
    ["say nothing", { date }, undefined],
    ["do not say what remains", { date, "x-ratelimit-reset": reset }, undefined],
    ["do not say until when", { date, "x-ratelimit-remaining": "7" }, undefined],
    ["have no date", { "x-ratelimit-remaining": "7", "x-ratelimit-reset": reset }, undefined],
    ["have no number", { date, "x-ratelimit-remaining": "-1", "x-ratelimit-reset": reset }, undefined],
    [
      "have an endless number",
      { date, "x-ratelimit-remaining": "9".repeat(400), "x-ratelimit-reset": reset },
      undefined,
    ],
    [
      "have a reset in epoch seconds",
      { date, "x-ratelimit-remaining": "7", "x-ratelimit-reset": "1787241623" },
      undefined,
    ],
  ])("B3: headers that %s", (_, headers, remaining) => {
    expect(remainingOf(headers)).toEqual(remaining)
  })
})

describe("the issues of a refused request", () => {
  const issuesOf = (errors: unknown) => {
    const { reason } = classified(422, { errors })
    return reason._tag === "InvalidRequest"
      ? reason.issues.map(({ path, message }) => [path.join("/"), message])
      : reason
  }

  it.each<[string, unknown, ReadonlyArray<readonly [path: string, message: string]>]>([
    [
      "of a documented answer have a path each",
      Fixtures.invalid.errors,
      [
        ["warehouse/metadataId", '"metadataId" is required'],
        ["warehouse/settings", '"settings" is required'],
      ],
    ],
    [
      "of a list's entry have its index in the path",
      [{ field: "fields[0].name", message: "no" }],
      [["fields/0/name", "no"]],
    ],
    ["with stray dots have the path without them", [{ field: "..a..", message: "no" }], [["a", "no"]]],
    ["without a field have an empty path", [{ message: "no", field: null }], [["", "no"]]],
    ["without a message have the type", [{ type: "input-validation", field: "id" }], [["id", "input-validation"]]],
    [
      "with an empty message have the status",
      [{ message: " ", type: "", field: "id" }],
      [["id", "Refused with HTTP 422"]],
    ],
    [
      "remain beside entries that do not fit",
      [7, null, { field: "a", message: "no" }, {}, { field: ["b"] }],
      [["a", "no"]],
    ],
    ["of an empty list are one without a reason", [], [["", "Refused with HTTP 422, without a reason"]]],
    ["that are not a list are one error without a reason", "no", [["", "Refused with HTTP 422, without a reason"]]],
  ])("issues %s", (_, errors, expected) => {
    expect(issuesOf(errors)).toEqual(expected)
  })

  it("H4: issues are bounded in number and length", () => {
    const errors = Array.from({ length: 500 }, () => ({ field: "f.".repeat(5_000), message: "m".repeat(5_000) }))
    const { reason, text } = classified(422, { errors })
    expect(reason._tag === "InvalidRequest" && reason.issues.length).toBe(50)
    expect(JSON.stringify(reason).length).toBeLessThan(60_000)
    expect(text?.length).toBeLessThanOrEqual(2_000)
  })

  it("H5: a text that is made to be slow to match is matched at once", () => {
    const message = "token invalid; ' \" is already ".repeat(100_000)
    expect(classified(401, error(message), start).reason._tag).toBe("Unauthenticated")
    expect(classified(400, error(message), start).reason._tag).toBe("InvalidRequest")
    expect(classified(404, error(message), "getSyncStatus").reason._tag).toBe("NotFound")
  })
})

describe("the evidence of a refusal", () => {
  it.each<[string, unknown, string | undefined, string | undefined]>([
    ["a message and its type", Fixtures.badRequest, Fixtures.badRequest.errors[0]?.message, "bad-request"],
    ["all messages, and the first type", { errors: [{ message: "a" }, { type: "t", message: "b" }] }, "a; b", "t"],
    ["the message of a gateway", { message: "Forbidden" }, "Forbidden", undefined],
    ["nothing of another form", { errors: [{ message: { text: "one" }, type: 3 }] }, undefined, undefined],
    ["nothing of an empty body", "", undefined, undefined],
    ["a plain line", "Too Many Requests\n", "Too Many Requests", undefined],
    ["nothing of a page", html, undefined, undefined],
    ["nothing of a long text", "x".repeat(201), undefined, undefined],
    ["nothing of broken JSON", '{"error": "row 1: a@b.c', undefined, undefined],
    ["nothing of a list", ["a"], undefined, undefined],
  ])("keeps %s", (_, body, text, code) => {
    const refusal = classified(400, body)
    expect([refusal.text, refusal.code]).toEqual([text, code])
  })
})
