import { describe, expect, it } from "@effect/vitest"
import * as Reason from "@openretl/core/Reason"
import { Duration } from "effect"
import { classify } from "../src/internal/errors.ts"
import * as Fixtures from "./fixtures.ts"

const classified = (
  status: number,
  body: unknown = "",
  operation = "listExecutions",
  headers: Readonly<Record<string, string>> = {},
) => {
  const isText = typeof body === "string"
  const text = isText ? body : JSON.stringify(body)
  return classify({ operation, status, headers, json: isText ? undefined : body, text })
}

const refused = (...args: Parameters<typeof classified>) => classified(...args) ?? expect.fail("it is not a refusal")

const said = (message: string, key?: string) => Fixtures.refusal(400, message, key)
const html = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>"
const invalid = (message: string) => new Reason.InvalidRequest({ issues: [{ path: [], message }] })

describe("the reason of", () => {
  it.each<[string, number, unknown, string, Reason.Reason]>([
    ["a 401", 401, said("unauthorized"), "getSync", new Reason.Unauthenticated()],
    ["a 401 about a permission", 401, said("permission denied"), "getSync", new Reason.PermissionDenied()],
    ["a 403", 403, said("forbidden"), "startSync", new Reason.PermissionDenied()],
    [
      "a 403 for an inactive sync",
      403,
      said("sync is inactive"),
      "startSync",
      new Reason.NotTriggerable({ state: "disabled" }),
    ],
    ["a 404 to a read of a sync", 404, said("not found"), "getSync", new Reason.NotFound({ what: "sync" })],
    [
      "a 404 about an execution",
      404,
      said("execution not found"),
      "getExecution",
      new Reason.NotFound({ what: "run" }),
    ],
    ["a 404 about the sync of one", 404, said("sync not found"), "getExecution", new Reason.NotFound({ what: "sync" })],
    ["a 404 of a page", 404, html, "getSync", new Reason.NotFound({ what: "unknown" })],
    ["a 400 to a read of a run", 400, "", "getExecution", new Reason.NotFound({ what: "unknown" })],
    ["a 400", 400, said("no such mode"), "updateSync", invalid("error: no such mode")],
    ["a 422 without a text", 422, "", "updateSync", invalid("Refused with HTTP 422, without a reason")],
    [
      "an inactive sync",
      400,
      said("sync is not active"),
      "startSync",
      new Reason.NotTriggerable({ state: "disabled" }),
    ],
    ["a paused sync", 409, said("sync is paused"), "startSync", new Reason.NotTriggerable({ state: "paused" })],
    ["a busy sync", 409, said("The sync is already running"), "startSync", new Reason.AlreadyRunning({})],
    [
      "a busy sync by its key",
      409,
      said("Conflict", "sync_already_running"),
      "startSync",
      new Reason.AlreadyRunning({}),
    ],
    ["a 409 that says nothing", 409, said("Conflict", "conflict"), "startSync", new Reason.Conflict()],
    ["a 409 to a delete", 409, said("sync is used"), "deleteSync", new Reason.Conflict()],
    ["a cancel of a run that is over", 400, said("execution is not running"), "cancelExecution", new Reason.Conflict()],
    ["another 400 to a cancel", 400, said("no"), "cancelExecution", invalid("error: no")],
    ["a 429", 429, "", "listSyncs", new Reason.RateLimited({})],
    ["a 500", 500, said("oops"), "startSync", new Reason.Unavailable()],
    ["a 408", 408, "", "startSync", new Reason.Unavailable()],
  ])("%s", (_, status, body, operation, reason) => {
    expect(refused(status, body, operation).reason).toEqual(reason)
  })

  it.each([
    [{ "retry-after": "7" }, 7],
    [{ date: "Mon, 05 Jan 2026 09:30:00 GMT", "x-ratelimit-reset": "1767605412" }, 12],
    [{ date: "Mon, 05 Jan 2026 09:30:00 GMT", "x-ratelimit-reset": "1767605100" }, 0],
    [{ "x-ratelimit-reset": "1767605412" }, undefined],
    [{ date: "Mon, 05 Jan 2026 09:30:00 GMT", "x-ratelimit-reset": "soon" }, undefined],
  ] as const)("a 429 with %j waits for %s seconds", (headers, seconds) => {
    const { reason } = refused(429, "", "listSyncs", headers as Readonly<Record<string, string>>)
    expect(reason).toEqual(
      new Reason.RateLimited(seconds === undefined ? {} : { retryAfter: Duration.seconds(seconds) }),
    )
  })
})

describe("a 409 about the key of a request", () => {
  it.each([
    said("A request with this key is in progress", "conflict"),
    said("Conflict", "idempotency_key_in_use"),
    said("This idempotency key was used with another request"),
    said("The request is still in progress"),
  ])("T4: is no refusal of the trigger: %j", (body) => {
    expect(refused(409, body, "startSync")).toMatchObject({ reason: new Reason.Conflict(), isVendorsForm: false })
  })
})

describe("a refusal", () => {
  it.each([
    [Fixtures.refusal(400, "no"), true, "no"],
    [{ message: "no" }, true, "no"],
    [{ key: "bad_request" }, true, "bad_request"],
    [{ error: "no" }, false, undefined],
    ["plain text", false, "plain text"],
    [html, false, undefined],
    ["", false, undefined],
  ])("T1: %j has the vendor's form: %s, and its own text", (body, isVendorsForm, text) => {
    expect(refused(400, body)).toMatchObject({ isVendorsForm })
    expect(refused(400, body).text).toBe(text)
  })

  it("H1: of a long text is cut", () => {
    expect(refused(400, said("x".repeat(900))).text).toHaveLength(500)
  })
})

it.each([Fixtures.started, { data: Fixtures.execution }, { data: null }, undefined])(
  "T1: a 200 with %j is no refusal",
  (json) => {
    const answer = { operation: "startSync", status: 200, headers: {}, json, text: JSON.stringify(json) ?? "" }
    expect(classify(answer)).toBeUndefined()
  },
)
