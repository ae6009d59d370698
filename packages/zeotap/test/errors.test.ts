import { describe, expect, it } from "@effect/vitest"
import * as Reason from "@openretl/core/Reason"
import { Duration } from "effect"
import { classify } from "../src/internal/errors.ts"
import * as Fixtures from "./fixtures.ts"

const refused = (
  status: number,
  body: unknown = "",
  operation = "listRuns",
  headers: Readonly<Record<string, string>> = {},
) => {
  const isText = typeof body === "string"
  const text = isText ? body : JSON.stringify(body)
  const classified = classify({ operation, status, headers, json: isText ? undefined : body, text })
  return classified ?? expect.fail("it is not a refusal")
}

it.each([200, 201, 202, 204])("a %s with more than an error is not a refusal", (status) => {
  for (const json of [{ id: "run-1", error: "sync is paused" }, { status: "failed", error: "no access" }, undefined]) {
    expect(classify({ operation: "triggerSync", status, headers: {}, json, text: "" })).toBeUndefined()
  }
})

it.each([
  ["sync is paused", { _tag: "NotTriggerable", state: "paused" }, true],
  ["a run is already in progress for this sync", { _tag: "AlreadyRunning" }, true],
  ["sync not found", { _tag: "NotFound", what: "sync" }, true],
  ["try again", { _tag: "UnexpectedResponse" }, false],
])(
  "a 200 with an error alone is a refusal, which proves something where its text is plain: %s",
  (text, ...expected) => {
    const [reason, isVendorsForm] = expected
    expect(refused(200, { error: text }, "triggerSync")).toMatchObject({ reason, isVendorsForm, text })
  },
)

it.each([400, 409, 422, 429])("a %s of a trigger says busy where its text does", (status) => {
  expect(refused(status, { error: "a run is already in progress" }, "triggerSync").reason._tag).toBe("AlreadyRunning")
})

const html = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>"
const error = (text: string) => ({ error: text })
const gone = (what: Reason.NotFound["what"]) => new Reason.NotFound({ what })
const halted = (state: Reason.NotTriggerable["state"]) => new Reason.NotTriggerable({ state })
const invalid = (message: string) => new Reason.InvalidRequest({ issues: [{ path: [], message }] })
const at = (field: string, message: string) => new Reason.InvalidRequest({ issues: [{ path: [field], message }] })
const reasonless = (status: number) => invalid(`Refused with HTTP ${status}, without a reason`)

describe("the reason of", () => {
  // The only documented body is `Fixtures.error`. The other texts are assumed.
  it.each<[string, number, unknown, string, Reason.Reason]>([
    ["a 401", 401, "", "listRuns", new Reason.Unauthenticated()],
    ["a 401 about the token", 401, error("missing or invalid token"), "getRun", new Reason.Unauthenticated()],
    ["a 401 about a permission", 401, error("permission denied"), "triggerSync", new Reason.PermissionDenied()],
    ["a 403", 403, "", "triggerSync", new Reason.PermissionDenied()],
    ["a 403 of a page", 403, html, "getWorkspace", new Reason.PermissionDenied()],
    ["a 403 of a workspace", 403, error("no access to this workspace"), "getSync", new Reason.PermissionDenied()],
    [
      "a 403 about what is disabled",
      403,
      error("API access is disabled"),
      "triggerSync",
      new Reason.PermissionDenied(),
    ],
    ["a 403 of an unknown sync", 403, error("sync not found"), "triggerSync", gone("sync")],
    ["a 400 of an unknown sync", 400, error("Sync not found"), "listRuns", gone("sync")],
    ["a 404 to a trigger", 404, "", "triggerSync", gone("unknown")],
    ["a 404 to a trigger, of the sync", 404, error("sync not found"), "triggerSync", gone("sync")],
    ["a 404 to a trigger, of the workspace", 404, error("workspace not found"), "triggerSync", gone("workspace")],
    ["a 404 to a get", 404, "", "getRun", gone("unknown")],
    ["a 404 to a get, of the run", 404, error("sync run not found"), "getRun", gone("run")],
    ["a 404 to a get, of the sync", 404, error("sync not found"), "getRun", gone("sync")],
    ["a 404 to the workspace", 404, "", "getWorkspace", gone("workspace")],
    ["a 404 to the list of syncs", 404, error("not found"), "listSyncs", gone("workspace")],
    ["a 404 of a page", 404, html, "getWorkspace", gone("unknown")],
    ["a 410", 410, error("sync was deleted"), "getSync", gone("sync")],
    ["an unknown run, as a 400", 400, error("run not found"), "getRun", gone("run")],
    ["an unknown run, as a 400 without a text", 400, "", "getRun", gone("unknown")],
    ["an unknown run, as a 400 of a page", 400, html, "getRun", gone("unknown")],
    ["an unknown run, as a 500", 500, error("run not found"), "getRun", gone("run")],
    ["an unknown run, as a 500 without a text", 500, "", "getRun", new Reason.Unavailable()],
    ["an unknown run, as a 500 to a list", 500, error("run not found"), "listRuns", new Reason.Unavailable()],
    ["an unknown run, as a 503", 503, error("run not found"), "getRun", new Reason.Unavailable()],
    ["a malformed run id", 400, error("invalid run_id"), "getRun", gone("run")],
    ["a malformed id", 422, error("malformed UUID: nope"), "getRun", gone("run")],
    ["another 400 to a get", 400, error("unsupported values"), "getRun", invalid("unsupported values")],
    [
      "a run under way",
      409,
      error("a run is already in progress for this sync"),
      "triggerSync",
      new Reason.AlreadyRunning({}),
    ],
    ["a run under way, as a 400", 400, error("Sync is already running"), "triggerSync", new Reason.AlreadyRunning({})],
    ["a run that waits", 409, error("sync already has an active run"), "triggerSync", new Reason.AlreadyRunning({})],
    ["another run", 409, error("another run is pending"), "triggerSync", new Reason.AlreadyRunning({})],
    ["a 409 without a text", 409, "", "triggerSync", new Reason.Conflict()],
    ["a 409 of a page", 409, html, "triggerSync", new Reason.Conflict()],
    ["a 409 for another reason", 409, error("conflict"), "triggerSync", new Reason.Conflict()],
    ["a 409 to a read", 409, error("a run is in progress"), "listRuns", new Reason.Conflict()],
    ["a paused sync", 400, error("sync is paused"), "triggerSync", halted("paused")],
    ["a paused sync, as a 409", 409, error("Cannot trigger a paused sync"), "triggerSync", halted("paused")],
    ["a draft", 422, error("sync is draft"), "triggerSync", halted("draft")],
    ["an inactive sync", 400, error("sync is inactive"), "triggerSync", halted("disabled")],
    ["a disabled sync", 409, error("sync is disabled"), "triggerSync", halted("disabled")],
    ["a sync in error", 400, error("sync is in error"), "triggerSync", halted("error")],
    ["a sync with its state", 400, error("sync is error"), "triggerSync", halted("error")],
    ["a sync that is not active", 400, error("only active syncs can be triggered"), "triggerSync", halted("unknown")],
    ["a text about a pause elsewhere", 400, error("sync is paused"), "listRuns", invalid("sync is paused")],
    [
      "a column that is missing",
      400,
      error("sync failed: column not found"),
      "triggerSync",
      invalid("sync failed: column not found"),
    ],
    ["a 404 to the list of models", 404, "", "listModels", gone("workspace")],
    ["a 404 to a model", 404, "", "getModel", gone("unknown")],
    ["a 404 to a model, with a text about a sync", 404, error("no sync uses this model"), "getModel", gone("unknown")],
    [
      "a 404 to a destination, of the workspace",
      404,
      error("workspace not found"),
      "getDestination",
      gone("workspace"),
    ],
    ["a 400 of an unknown destination", 400, error("destination not found"), "getDestination", gone("unknown")],
    ["a 404 to an update, of the sync", 404, error("sync not found"), "updateSync", gone("sync")],
    ["a 400 to an update, of the sync", 400, error("sync not found"), "updateSync", gone("sync")],
    ["a 404 to a delete", 404, "", "deleteSync", gone("unknown")],
    ["a 404 to a create, of its model", 404, error("model not found"), "createSync", gone("unknown")],
    ["a 400 to a create, of its model", 400, error("model not found"), "createSync", invalid("model not found")],
    ["a 409 to a create", 409, error("a sync with this name already exists"), "createSync", new Reason.Conflict()],
    [
      "a field",
      400,
      error("unsupported sync_mode: append"),
      "createSync",
      at("sync_mode", "unsupported sync_mode: append"),
    ],
    ["a field of an update", 422, error("invalid schedule"), "updateSync", at("schedule", "invalid schedule")],
    [
      "two fields",
      400,
      error("name and schedule are required"),
      "createSync",
      invalid("name and schedule are required"),
    ],
    ["a field in a read", 400, error("invalid name"), "listSyncs", invalid("invalid name")],
    ["a 500 to a create", 500, error("model not found"), "createSync", new Reason.Unavailable()],
    ["a 502 of a page", 502, html, "triggerSync", new Reason.Unavailable()],
    ["a 503 about a pause", 503, error("triggers are paused"), "triggerSync", new Reason.Unavailable()],
    ["a 500", 500, Fixtures.error, "triggerSync", new Reason.Unavailable()],
    ["a 599", 599, "", "listRuns", new Reason.Unavailable()],
    ["a 408", 408, "", "listRuns", new Reason.Unavailable()],
    ["a 425", 425, "", "listRuns", new Reason.Unavailable()],
    ["a 400", 400, "", "triggerSync", reasonless(400)],
    ["a 405 of a page", 405, html, "triggerSync", reasonless(405)],
    ["a 418 with a list", 418, [], "listSyncs", reasonless(418)],
    ["a 400 that says why", 400, Fixtures.error, "triggerSync", invalid(Fixtures.error.error)],
  ])("%s", (_, status, body, operation, expected) => {
    expect(refused(status, body, operation).reason).toEqual(expected)
  })
})

describe("the vendor's own form", () => {
  it.each<[string, number, unknown, boolean]>([
    ["has a text in `error`", 400, Fixtures.error, true],
    ["may have an empty one", 409, error(""), true],
    ["is not an empty body", 409, "", false],
    ["is not a gateway's page", 403, html, false],
    ["is not a plain line", 404, "not found", false],
    ["is not the body of a gateway in JSON", 403, { message: "Forbidden" }, false],
    ["is not another shape of `error`", 400, { error: { text: "no" } }, false],
    ["is not a list", 400, ["no"], false],
    ["is not broken JSON", 400, '{"error": "no', false],
  ])("T4: %s", (_, status, body, expected) => {
    expect(refused(status, body, "triggerSync").isVendorsForm).toBe(expected)
  })
})

describe("a 429", () => {
  const now = "Fri, 20 Nov 2026 10:00:00 GMT"
  it.each<[string, Readonly<Record<string, string>>, Duration.Duration | undefined]>([
    ["without a header has no wait", {}, undefined],
    ["with seconds waits for them", { "retry-after": "17" }, Duration.seconds(17)],
    [
      "with a date waits until then",
      { "retry-after": "Fri, 20 Nov 2026 10:01:30 GMT", date: now },
      Duration.seconds(90),
    ],
    [
      "with a date, in an answer without one, has no wait",
      { "retry-after": "Fri, 20 Nov 2026 10:01:30 GMT" },
      undefined,
    ],
    ["with another text has no wait", { "retry-after": "soon", date: now }, undefined],
  ])("B2: %s", (_, headers, retryAfter) => {
    const { reason } = refused(429, html, "listRuns", headers)
    expect(reason).toEqual(new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter }))
  })
})

describe("the text that is kept", () => {
  it.each<[string, unknown, string | undefined]>([
    ["`error`", Fixtures.error, Fixtures.error.error],
    ["`error`, without the space around it", { error: " no \n" }, "no"],
    ["nothing of an empty `error`", { error: "" }, undefined],
    ["nothing of another shape", { error: { text: "one" }, message: "two" }, undefined],
    ["nothing of an empty body", "", undefined],
    ["a plain line", "Too Many Requests\n", "Too Many Requests"],
    ["nothing of a page", html, undefined],
    ["nothing of broken JSON", '{"error": "row 1: a@b.c', undefined],
    ["nothing of a list", ["a"], undefined],
  ])("%s", (_, body, text) => {
    expect(refused(400, body).text).toBe(text)
  })

  it("H4: is bounded, as is the reason, and a text that repeats itself is read fast", () => {
    const { reason, text } = refused(400, error("invalid sync ".repeat(500_000)), "getRun")
    expect(text).toHaveLength(500)
    expect(JSON.stringify(reason).length).toBeLessThan(700)
  })
})
