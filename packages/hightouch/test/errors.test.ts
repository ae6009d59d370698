import { describe, expect, it } from "@effect/vitest"
import * as Reason from "@openretl/core/Reason"
import { Duration } from "effect"
import { classify } from "../src/internal/errors.ts"
import * as Fixtures from "./fixtures.ts"

const classified = (
  status: number,
  body: unknown = "",
  operation = "listRuns",
  headers: Readonly<Record<string, string>> = {},
) => {
  const isText = typeof body === "string"
  const text = isText ? body : JSON.stringify(body)
  return classify({ operation, status, headers, json: isText ? undefined : body, text })
}

const refused = (...args: Parameters<typeof classified>) => classified(...args) ?? expect.fail("it is not a refusal")

const invalid = (path: ReadonlyArray<string>, message: string) =>
  new Reason.InvalidRequest({ issues: [{ path, message }] })
const error = (text: string) => ({ error: text })
const aboutSync = (message: string) => ({ message: "Validation failed", details: { syncId: { message } } })
const html = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>"

describe("the reason of", () => {
  it.each<[string, number, unknown, string, Reason.Reason]>([
    ["a 401 without a key", 401, Fixtures.noKey, "getSync", new Reason.Unauthenticated()],
    ["a 401 with a bad key", 401, Fixtures.badKey, "triggerSync", new Reason.Unauthenticated()],
    ["a 401 about a permission", 401, error("permission denied"), "getSync", new Reason.PermissionDenied()],
    ["a 403", 403, "", "updateSync", new Reason.PermissionDenied()],
    ["a 403 about a sync", 403, error("sync not found"), "updateSync", new Reason.NotFound({ what: "sync" })],
    ["a 404 to a read of a sync", 404, "", "getSync", new Reason.NotFound({ what: "sync" })],
    ["a 404 of a page", 404, html, "getSync", new Reason.NotFound({ what: "unknown" })],
    ["a 404 about a run", 404, error("run not found"), "getRun", new Reason.NotFound({ what: "run" })],
    ["a 422 about a sync", 422, aboutSync("sync not found"), "listRuns", new Reason.NotFound({ what: "sync" })],
    ["a 422 to a read of a run", 422, "", "getRun", new Reason.NotFound({ what: "unknown" })],
    ["a 422 with details", 422, Fixtures.invalid, "updateSync", invalid(["schedule"], "invalid object")],
    ["a 422 without a text", 422, "", "updateSync", invalid([], "Refused with HTTP 422, without a reason")],
    ["a 409 to a create", 409, Fixtures.invalid, "createSync", new Reason.Conflict()],
    [
      "a missing table",
      400,
      error("table sync_runs not found"),
      "triggerSync",
      invalid([], "table sync_runs not found"),
    ],
    [
      "a disabled sync",
      400,
      aboutSync("sync is disabled"),
      "triggerSync",
      new Reason.NotTriggerable({ state: "disabled" }),
    ],
    ["a paused sync", 409, error("sync is paused"), "triggerSync", new Reason.NotTriggerable({ state: "paused" })],
    ["a busy sync", 409, error("a run is already in progress"), "triggerSync", new Reason.AlreadyRunning({})],
    ["a 409 to a trigger", 409, "", "triggerSync", new Reason.Conflict()],
    ["a 429", 429, "", "listRuns", new Reason.RateLimited({})],
    ["a 429 that says busy", 429, error("a run is already running"), "triggerSync", new Reason.AlreadyRunning({})],
    ["a 500", 500, '"Internal Server Error"', "triggerSync", new Reason.Unavailable()],
    ["a 408", 408, "", "triggerSync", new Reason.Unavailable()],
  ])("%s", (_, status, body, operation, reason) => {
    expect(refused(status, body, operation).reason).toEqual(reason)
  })

  it("a 429 with a wait has the wait", () => {
    const { reason } = refused(429, "", "listRuns", { "retry-after": "7" })
    expect(reason).toEqual(new Reason.RateLimited({ retryAfter: Duration.seconds(7) }))
  })
})

describe("a refusal", () => {
  it.each([
    [Fixtures.noKey, true, "No authorization header found"],
    [Fixtures.invalid, true, "invalid object"],
    [error("no"), true, "no"],
    [{ message: "Not found" }, true, "Not found"],
    ["plain text", false, "plain text"],
    [html, false, undefined],
    ["", false, undefined],
  ])("T1: %j has the vendor's form: %s, and its own text", (body, isVendorsForm, text) => {
    expect(refused(400, body, "listRuns")).toMatchObject({ isVendorsForm, ...(text !== undefined && { text }) })
    expect(refused(400, body, "listRuns").text).toBe(text)
  })

  it("H1: of a hundred fields is cut", () => {
    const details = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, { message: "x".repeat(900) }]))
    const { reason, text = "" } = refused(422, { message: "Validation failed", details }, "updateSync")
    expect(reason._tag === "InvalidRequest" && reason.issues.length).toBe(20)
    expect(text).toHaveLength(500)
  })
})

describe("a 200", () => {
  it("T1: with the body of a 422 is that refusal, and proves that nothing was done", () => {
    expect(refused(200, Fixtures.invalid, "updateSync")).toMatchObject({
      reason: invalid(["schedule"], "invalid object"),
      isVendorsForm: true,
    })
    expect(refused(200, aboutSync("sync is disabled"), "triggerSync").reason._tag).toBe("NotTriggerable")
  })

  it("T4: with the text of a 500 proves nothing", () => {
    const answer = { operation: "triggerSync", status: 200, headers: {}, json: "Internal Server Error", text: "" }
    expect(classify(answer)).toEqual({ reason: new Reason.Unavailable(), isVendorsForm: false })
  })

  it.each([
    Fixtures.triggered,
    { ...Fixtures.sync, message: "Validation failed", details: {} },
    { data: [], hasMore: false, message: "Validation failed", details: {} },
    { message: "Queued", details: {} },
    undefined,
    [],
  ])("with anything else is no refusal: %j", (json) => {
    const answer = { operation: "triggerSync", status: 200, headers: {}, json, text: JSON.stringify(json) ?? "" }
    expect(classify(answer)).toBeUndefined()
  })
})
