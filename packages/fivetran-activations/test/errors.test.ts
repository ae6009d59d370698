import { describe, expect, it } from "@effect/vitest"
import * as Reason from "@openretl/core/Reason"
import { Duration } from "effect"
import { classify } from "../src/internal/errors.ts"

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

const said = (message: string, status: unknown = "error") => ({ status, message })
const invalid = (message: string) => new Reason.InvalidRequest({ issues: [{ path: [], message }] })
const html = "<html>\n<head><title>504</title></head>\n<body>gateway</body>\n</html>"

describe("the reason of", () => {
  it.each<[string, number, unknown, string, Reason.Reason]>([
    ["a 401", 401, said("unauthorized", 401), "getSync", new Reason.Unauthenticated()],
    ["a 401 about a permission", 401, said("permission denied"), "getSync", new Reason.PermissionDenied()],
    ["a 403", 403, "", "updateSync", new Reason.PermissionDenied()],
    ["a 403 about a sync", 403, said("sync not found"), "updateSync", new Reason.NotFound({ what: "sync" })],
    ["an empty 404 to a read of a sync", 404, "", "getSync", new Reason.NotFound({ what: "sync" })],
    ["a 404 with its number", 404, { status: 404 }, "getRun", new Reason.NotFound({ what: "run" })],
    ["a 404 to a cancel", 404, said("not found"), "cancelRun", new Reason.NotFound({ what: "run" })],
    ["a 404 of a page", 404, html, "getSync", new Reason.NotFound({ what: "unknown" })],
    ["a 404 to a list", 404, said("group not found"), "listSyncs", new Reason.NotFound({ what: "unknown" })],
    ["a 422 about a sync", 422, said("sync not found"), "listRuns", new Reason.NotFound({ what: "sync" })],
    ["a 422 to a read of a run", 422, "", "getRun", new Reason.NotFound({ what: "run" })],
    ["a 400 with a text", 400, said("mode: invalid value"), "updateSync", invalid("mode: invalid value")],
    ["a 422 without a text", 422, "", "updateSync", invalid("Refused with HTTP 422, without a reason")],
    ["a 409", 409, "", "updateSync", new Reason.Conflict()],
    ["a 409 to a cancel", 409, said("already completed"), "cancelRun", new Reason.Conflict()],
    ["a 422 to a cancel of what has ended", 422, said("run has already completed"), "cancelRun", new Reason.Conflict()],
    ["a missing table", 400, said("table sync_runs not found"), "triggerSync", invalid("table sync_runs not found")],
    ["a paused sync", 422, said("sync is paused"), "triggerSync", new Reason.NotTriggerable({ state: "paused" })],
    [
      "a live sync",
      400,
      said("a live sync has no runs"),
      "triggerSync",
      new Reason.NotTriggerable({ state: "unknown" }),
    ],
    ["a busy sync", 409, said("sync is already running"), "triggerSync", new Reason.AlreadyRunning({})],
    ["a 409 to a trigger", 409, "", "triggerSync", new Reason.Conflict()],
    [
      "a full run that is impossible",
      400,
      said("append has no full sync"),
      "triggerSync",
      invalid("append has no full sync"),
    ],
    ["a 429", 429, "", "listRuns", new Reason.RateLimited({})],
    ["a 500", 500, said("oops", 500), "triggerSync", new Reason.Unavailable()],
    ["a 504", 504, html, "updateSync", new Reason.Unavailable()],
  ])("%s", (_, status, body, operation, reason) => {
    expect(refused(status, body, operation).reason).toEqual(reason)
  })

  it("a 429 with a wait has the wait, in seconds or as a date", () => {
    const wait = new Reason.RateLimited({ retryAfter: Duration.seconds(7) })
    expect(refused(429, "", "listRuns", { "retry-after": "7" }).reason).toEqual(wait)
    const date = { "retry-after": "Wed, 20 Oct 2021 02:51:14 GMT", date: "Wed, 20 Oct 2021 02:51:07 GMT" }
    expect(refused(429, "", "listRuns", date).reason).toEqual(wait)
  })
})

describe("a refusal", () => {
  it.each([
    [said("no", 400), true, "no"],
    [said("no"), true, "no"],
    [{ status: 400 }, true, undefined],
    [{ status: 409 }, false, undefined],
    [{ error: "no" }, true, "no"],
    ["plain text", false, "plain text"],
    [html, false, undefined],
    ["", false, undefined],
  ])("T1: %j has the vendor's form: %s, and its own text", (body, isVendorsForm, text) => {
    expect(refused(400, body)).toMatchObject({ isVendorsForm })
    expect(refused(400, body).text).toBe(text)
  })

  it("H1: a long text is cut", () => {
    expect(refused(400, said("x".repeat(9_000))).text).toHaveLength(500)
  })
})

it("a success is no refusal", () => {
  for (const body of [{ status: "success", data: {} }, { status: "cancelled", data: {} }, { status: "deleted" }, ""]) {
    expect(classified(200, body)).toBeUndefined()
  }
})
