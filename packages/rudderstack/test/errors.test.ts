import { describe, expect, it } from "@effect/vitest"
import type { Answer, Classified } from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import { Duration } from "effect"
import { classify } from "../src/internal/errors.ts"
import * as Fixtures from "./fixtures.ts"

const refused = (
  status: number,
  body: unknown = "",
  operation = "listSyncs",
  headers: Readonly<Record<string, string>> = {},
) => {
  const isText = typeof body === "string"
  const text = isText ? body : JSON.stringify(body)
  return refusalOf({ operation, status, headers, json: isText ? undefined : body, text })
}

const refusalOf = (answer: Answer): Classified => {
  const refusal = classify(answer)
  return refusal ?? expect.fail(`HTTP ${answer.status} is not a refusal`)
}

const html = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>"
const error = (text: string) => ({ error: text })
const gone = (what: Reason.NotFound["what"]) => new Reason.NotFound({ what })
const reasonless = (status: number) =>
  new Reason.InvalidRequest({ issues: [{ path: [], message: `Refused with HTTP ${status}, without a reason` }] })

describe("an answer", () => {
  it.each<[string, string, unknown]>([
    ["a success", "startSync", { syncId: "1", error: "disabled" }],
    ["nothing", "stopSync", undefined],
    ["a run that failed, without its id", "getSync", { status: "failed", error: "Test error" }],
    ["a preview that failed", "getPreview", { error: "syntax error" }],
  ])("of a 2xx with %s is not a refusal", (_, operation, json) => {
    for (const status of [200, 201, 202, 204, 299]) {
      expect(classify({ operation, status, headers: {}, json, text: "" })).toBeUndefined()
    }
  })

  it.each<[string, unknown, Reason.Reason, boolean]>([
    ["disabled", error("connection is disabled"), new Reason.NotTriggerable({ state: "disabled" }), true],
    ["busy", { message: "no", error: "a sync is already running" }, new Reason.AlreadyRunning({}), true],
    [
      "odd",
      error("database is locked"),
      new Reason.UnexpectedResponse({ issues: [{ path: [], message: "Expected a success, found an error in a 200" }] }),
      false,
    ],
  ])("of a 2xx with an error alone is a refusal that proves something where the text is plain: %s", (...example) => {
    const [, json, reason, isVendorsForm] = example
    expect(classify({ operation: "startSync", status: 200, headers: {}, json, text: "" })).toMatchObject({
      reason,
      isVendorsForm,
    })
  })

  it.each([400, 409, 422, 423, 429])("of a start with a %s says busy where its text does", (status) => {
    const busy = refused(status, error("a sync is already running for this connection"), "startSync")
    expect(busy.reason).toEqual(new Reason.AlreadyRunning({}))
  })

  it("a 429 about the account's limit is no word about a run", () => {
    const limited = refused(429, error("too many syncs are running, limit exceeded"), "startSync")
    expect(limited.reason).toEqual(new Reason.RateLimited({}))
  })
})

describe("the reason", () => {
  it.each<[string, number, unknown, string, Reason.Reason]>([
    ["a 401", 401, "", "listSyncs", new Reason.Unauthenticated()],
    ["a 401 about the header", 401, error("Invalid Authorization Header"), "getSync", new Reason.Unauthenticated()],
    ["a 401 about a permission", 401, { message: "You lack permissions" }, "startSync", new Reason.PermissionDenied()],
    ["a 403", 403, "", "startSync", new Reason.PermissionDenied()],
    [
      "a 403 of a feature",
      403,
      error("Flag is not enabled for your account"),
      "getConnection",
      new Reason.PermissionDenied(),
    ],
    ["a 403 of a page", 403, html, "listConnections", new Reason.PermissionDenied()],
    ["a 404 to a start", 404, "", "startSync", gone("sync")],
    ["a 404 to a list", 404, error("Not Found"), "listSyncs", gone("sync")],
    ["a 404 to a stop", 404, "", "stopSync", gone("sync")],
    ["a 404 to a stop with nothing to stop", 404, error("no sync is running"), "stopSync", gone("run")],
    ["a 404 to a get", 404, "", "getSync", gone("unknown")],
    ["a 404 to a get that names the connection", 404, error("Connection not found"), "getSync", gone("sync")],
    ["a 404 to a get that names the run", 404, error("sync not found"), "getSync", gone("run")],
    ["a 404 to the list of connections", 404, error("not found"), "listConnections", gone("unknown")],
    ["a 404 to a change", 404, "", "updateConnection", gone("sync")],
    ["a 404 to a delete", 404, "", "deleteConnection", gone("sync")],
    ["a 404 to an external id", 404, "", "setConnectionExternalId", gone("sync")],
    ["a 404 to a create", 404, error("destination not found"), "createConnection", gone("unknown")],
    ["a 404 of a source", 404, error("source not found"), "getSource", gone("unknown")],
    ["a 404 of a preview", 404, "", "getPreview", gone("unknown")],
    ["a 409 to a create", 409, error("already exists"), "createConnection", new Reason.Conflict()],
    [
      "a source in use",
      400,
      error("source is connected to some destinations"),
      "deleteSource",
      new Reason.InvalidRequest({ issues: [{ path: [], message: "source is connected to some destinations" }] }),
    ],
    ["a 404 of a page", 404, html, "startSync", gone("unknown")],
    ["a 410", 410, "", "getConnection", gone("sync")],
    ["a source just created", 404, error("source not found"), "startSync", gone("sync")],
    ["a source just created, as a 400", 400, error("Source not found"), "startSync", gone("sync")],
    ["a 409 to a start", 409, "", "startSync", new Reason.AlreadyRunning({})],
    ["a 409 with the run", 409, { error: "running", syncId: "x" }, "startSync", new Reason.AlreadyRunning({})],
    ["a 409 to a stop", 409, "", "stopSync", new Reason.Conflict()],
    [
      "a disabled connection",
      400,
      error("connection is disabled"),
      "startSync",
      new Reason.NotTriggerable({ state: "disabled" }),
    ],
    [
      "a disabled connection, as a 409",
      409,
      error("is disabled"),
      "startSync",
      new Reason.NotTriggerable({ state: "disabled" }),
    ],
    ["a paused connection", 422, error("sync is paused"), "startSync", new Reason.NotTriggerable({ state: "paused" })],
    ["a malformed run id", 500, error("invalid run id"), "getSync", gone("run")],
    ["the same elsewhere", 500, error("invalid run id"), "listSyncs", new Reason.Unavailable()],
    ["the same in an outage", 503, error("invalid run id"), "getSync", new Reason.Unavailable()],
    ["an unknown run, or an outage", 500, error("Internal Server Error"), "getSync", new Reason.Unavailable()],
    ["a 502 of a page", 502, html, "startSync", new Reason.Unavailable()],
    ["a 503 about what is disabled", 503, error("starts are disabled"), "startSync", new Reason.Unavailable()],
    ["a 500 about a source", 500, error("source not found"), "startSync", new Reason.Unavailable()],
    ["a 599", 599, "", "listSyncs", new Reason.Unavailable()],
    ["a 408", 408, "", "listSyncs", new Reason.Unavailable()],
    ["a 425", 425, "", "listSyncs", new Reason.Unavailable()],
    ["a 400", 400, "", "startSync", reasonless(400)],
    ["a 405", 405, html, "startSync", reasonless(405)],
    ["a 418", 418, [], "startSync", reasonless(418)],
    // rudder-iac, tests of api/client (2026-08).
    [
      "a 400 that says why",
      400,
      error("Bad Request"),
      "startSync",
      new Reason.InvalidRequest({ issues: [{ path: [], message: "Bad Request" }] }),
    ],
  ])("of %s", (_, status, body, operation, expected) => {
    expect(refused(status, body, operation).reason).toEqual(expected)
  })
})

describe("a 429", () => {
  const now = "Fri, 20 Nov 2026 10:00:00 GMT"
  it.each<[string, Readonly<Record<string, string>>, Duration.Duration | undefined]>([
    ["says nothing", {}, undefined],
    ["names seconds", { "retry-after": "17" }, Duration.seconds(17)],
    ["names no wait", { "retry-after": "0" }, Duration.zero],
    ["names a date", { "retry-after": "Fri, 20 Nov 2026 10:01:30 GMT", date: now }, Duration.seconds(90)],
    ["names a date in the past", { "retry-after": "Fri, 20 Nov 2026 09:00:00 GMT", date: now }, Duration.zero],
    ["names a date, without a date header", { "retry-after": "Fri, 20 Nov 2026 10:01:30 GMT" }, undefined],
    [
      "names a date, with a date header that is none",
      { "retry-after": "Fri, 20 Nov 2026 10:01:30 GMT", date: "1" },
      undefined,
    ],
    ["names nonsense", { "retry-after": "soon", date: now }, undefined],
    ["names less than nothing", { "retry-after": "-5", date: now }, undefined],
    ["names for ever", { "retry-after": "9".repeat(40), date: now }, undefined],
  ])("B2: that %s", (_, headers, retryAfter) => {
    const { reason } = refused(429, html, "listSyncs", headers)
    expect(reason).toEqual(new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter }))
  })
})

describe("the issues of a refused request come from details", () => {
  const deep = { a: { b: { c: { d: { e: "too far" } } } } }
  it.each<[string, unknown, ReadonlyArray<readonly [path: string, message: string]>]>([
    [
      "by field",
      Fixtures.validationFailed.details,
      [
        ["name", "Required"],
        ["mappings", "Array must contain at least 1 element(s)"],
      ],
    ],
    [
      "in a list",
      ["a", "b"],
      [
        ["", "a"],
        ["", "b"],
      ],
    ],
    [
      "in a list for a field",
      { name: ["too long", "not unique"] },
      [
        ["name", "too long"],
        ["name", "not unique"],
      ],
    ],
    ["in objects in a list", [{ name: "Required" }], [["0.name", "Required"]]],
    ["nested", { schedule: { type: "Invalid" } }, [["schedule.type", "Invalid"]]],
    ["nested too deep", deep, [["a.b.c.d", "Refused, for reasons nested too deep to show"]]],
    ["as a text", "too many", [["", "too many"]]],
    ["as a number", 7, [["", "7"]]],
    ["as a flag", { name: false }, [["name", "false"]]],
    ["as null for a field", { name: null }, [["name", "Refused"]]],
    ["as null", null, [["", "request validation failed"]]],
    ["as an empty object", {}, [["", "request validation failed"]]],
    ["as an empty list", [], [["", "request validation failed"]]],
    ["not at all", undefined, [["", "request validation failed"]]],
  ])("%s", (_, details, expected) => {
    const { reason } = refused(400, { error: "request validation failed", ...(details !== undefined && { details }) })
    expect(reason).toEqual(
      new Reason.InvalidRequest({
        issues: expected.map(([path, message]) => ({ path: path === "" ? [] : path.split("."), message })),
      }),
    )
  })

  it("H4: are bounded in number and length, however they are nested", () => {
    const wide = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${index}${"n".repeat(500)}`, "m".repeat(5_000)]),
    )
    const nested: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)
    for (const details of [wide, nested, { wide, nested }]) {
      const answer = { operation: "startSync", status: 422, headers: {}, json: { details }, text: "{}" }
      const { reason } = refusalOf(answer)
      expect(reason._tag === "InvalidRequest" && reason.issues.length).toBeLessThanOrEqual(50)
      expect(JSON.stringify(reason).length).toBeLessThan(30_000)
    }
  })
})

describe("the vendor's own form", () => {
  it.each<[string, number, unknown, boolean]>([
    ["has a text in `error`", 400, error("no"), true],
    ["has a text in `message`", 403, { message: "no" }, true],
    ["has no body with a 401", 401, "", true],
    ["has no body with a 404", 404, " ", true],
    ["has no body with a 409", 409, "", true],
    ["has a body with other statuses", 400, "", false],
    ["has a body with a 403", 403, "", false],
    ["has no empty texts", 400, { error: "", message: "" }, false],
    ["is not a gateway's page", 404, html, false],
    ["is not a plain line", 409, "conflict", false],
    ["is not another shape", 409, { error: { text: "no" } }, false],
    ["is not an object without a text", 409, {}, false],
    ["is not a list", 404, ["no"], false],
    ["is not broken JSON", 409, '{"error": "no', false],
  ])("T4: %s", (_, status, body, expected) => {
    expect(refused(status, body, "startSync").isVendorsForm).toBe(expected)
  })
})

describe("the evidence keeps", () => {
  it.each<[string, unknown, string | undefined, string | undefined]>([
    ["`error`", { error: "one", message: "two", code: "BAD_REQUEST" }, "one", "BAD_REQUEST"],
    ["`message`", { message: "two" }, "two", undefined],
    ["`message` where `error` is empty", { error: "", message: "two", code: "" }, "two", undefined],
    ["nothing of another shape", { error: { text: "one" }, message: 2, code: 3 }, undefined, undefined],
    ["nothing of an empty body", "", undefined, undefined],
    ["a plain line", "Too Many Requests\n", "Too Many Requests", undefined],
    ["nothing of a page", html, undefined, undefined],
    ["nothing of a long text", "x".repeat(201), undefined, undefined],
    ["nothing of broken JSON", '{"error": "row 1: a@b.c', undefined, undefined],
    ["nothing of a list", ["a"], undefined, undefined],
  ])("%s", (_, body, text, code) => {
    const refusal = refused(400, body)
    expect([refusal.text, refusal.code]).toEqual([text, code])
  })
})
