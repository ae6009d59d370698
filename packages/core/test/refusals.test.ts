/** The usual words and forms of refusals. */
import { describe, expect, it } from "vitest"
import { insideSuccess, saysBusy, unauthorized } from "../src/driver/Refusals.ts"
import type { Answer, Classified } from "../src/http/VendorClient.ts"
import * as Reason from "../src/model/Reason.ts"

describe("a text", () => {
  it.each([
    "A sync is already running for this mapping.",
    "a run is already in progress for this sync",
    "The sync is currently running",
    "still syncing? The previous run is still in progress",
    "Another run is active",
    "sync has a pending run",
    "job is being executing",
  ])("T4: says that a run is under way: %s", (text) => {
    expect(saysBusy(text)).toBe(true)
  })

  it.each([
    "",
    "The sync is not running",
    "no sync is running",
    "Too many runs are running in this workspace",
    "Limit of 5 active runs exceeded",
    "The sync is paused",
    "Sync run not found",
    "invalid token",
  ])("T4: does not say so: %s", (text) => {
    expect(saysBusy(text)).toBe(false)
  })
})

describe("a 2xx", () => {
  const answer = (json: unknown): Answer => ({ operation: "start", status: 200, headers: {}, json, text: "" })
  const refusalOf =
    (reason: Reason.Reason) =>
    ({ status }: Answer): Classified => ({ reason, isVendorsForm: false, text: `read as ${status}` })
  const busy = refusalOf(new Reason.AlreadyRunning({}))

  it.each([
    { error: "no" },
    { errors: [{ message: "no" }] },
    { error: { message: "no" }, requestId: "1" },
    { error: "no", status: 409 },
    { error: "no", status: "error", success: false },
  ])("T4: with an error alone is read as a 400: %o", (json) => {
    expect(insideSuccess(answer(json), busy)).toEqual({
      reason: new Reason.AlreadyRunning({}),
      isVendorsForm: true,
      text: "read as 400",
    })
  })

  it.each([
    undefined,
    null,
    "error",
    [],
    [{ error: "no" }],
    {},
    { error: "" },
    { error: null },
    { errors: [] },
    { message: "accepted" },
    { error: "no", success: true },
    { error: "no", status: "failed" },
    { error: "no", id: "7" },
    { errors: [{ message: "no" }], data: {} },
  ])("with anything else is none: %o", (json) => {
    expect(insideSuccess(answer(json), busy)).toBeUndefined()
  })

  it("T3: proves nothing where its text is not understood", () => {
    const invalid = refusalOf(new Reason.InvalidRequest({ issues: [] }))
    expect(insideSuccess(answer({ error: "hm" }), invalid)).toEqual({
      reason: new Reason.UnexpectedResponse({
        issues: [{ path: [], message: "Expected a success, found an error in a 200" }],
      }),
      isVendorsForm: false,
      text: "read as 400",
    })
  })
})

describe("a 401", () => {
  it.each(["missing permission", "Forbidden", "not allowed", "Access denied"])("is about a permission: %s", (text) => {
    expect(unauthorized(text)).toEqual(new Reason.PermissionDenied())
  })

  it.each(["", "invalid token", "unauthorized"])("is about the token: %j", (text) => {
    expect(unauthorized(text)).toEqual(new Reason.Unauthenticated())
  })
})
