/** Verifies a driver and what it returns: adapters are plug-ins, and may be wrong. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { Description } from "../driver/Description.ts"
import { type AnyDriver, type Snapshot, spec } from "../driver/Driver.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import { UnexpectedResponse } from "../model/Reason.ts"
import { IdName, VendorId, VendorName } from "../model/Ref.ts"
import type { RetlError } from "../model/RetlError.ts"
import { runFields } from "../model/Run.ts"
import { Scope } from "../model/Scope.ts"
import * as Identity from "./identity.ts"

type MakeError = (operation: string, reason: UnexpectedResponse, delivery: "unknown") => RetlError

const isFunction = (value: unknown): value is object => typeof value === "function"

const AnyFunction = /* @__PURE__ */ Schema.declare(isFunction, { expected: "a function" })

const Shape = /* @__PURE__ */ Schema.Struct({
  spec: Schema.declare((value): value is string => value === spec, {
    expected: `"${spec}": the driver is of another edition. Install versions of the adapter and of @openretl/core that go together`,
  }),
  vendor: VendorName,
  baseUrl: Schema.String,
  account: Schema.optionalKey(
    Schema.Union([Schema.String, Schema.declare(Effect.isEffect, { expected: "a string or an Effect" })]),
  ),
  redact: Schema.optionalKey(AnyFunction),
  description: Description,
  runs: Schema.Struct({
    start: AnyFunction,
    get: AnyFunction,
    list: AnyFunction,
    ownSchedule: Schema.optionalKey(AnyFunction),
  }),
  scopes: Schema.optionalKey(Schema.Array(Scope).check(Schema.isMinLength(1, { expected: "at least one scope" }))),
  workspaceId: Input.optional(Schema.String),
  cancellation: Schema.optionalKey(Schema.Struct({ stops: Schema.Literals(["run", "sync"]), cancel: AnyFunction })),
  check: AnyFunction,
})

const shapeIssues = /* @__PURE__ */ Input.issues(Shape, { excess: "ignore" })
const idNameIssues = /* @__PURE__ */ Input.issues(IdName)
const runIdIssues = /* @__PURE__ */ Input.issues(VendorId)
const Fields = /* @__PURE__ */ Schema.toType(Schema.Struct({ run: VendorId, ...runFields }))
const fieldsIssues = /* @__PURE__ */ Input.issues(Fields, { excess: "ignore" })

const PageShape = /* @__PURE__ */ Schema.Struct({
  runs: Schema.Array(Schema.Unknown),
  next: Input.optional(Schema.String),
  mayHaveMore: Input.optional(Schema.Boolean),
  asOf: Input.optional(Schema.toType(Schema.DateTimeUtc)),
})

const pageIssues = /* @__PURE__ */ Input.issues(PageShape, { excess: "ignore" })

/** Returns what is wrong with a driver, with paths as in `driver.spec`. */
export const driverIssues = (driver: AnyDriver): ReadonlyArray<FieldIssue.FieldIssue> =>
  FieldIssue.within(["driver"], [...shapeIssues(driver), ...idsIssues(driver?.ids)])

const idsIssues = (ids: AnyDriver["ids"] | undefined): ReadonlyArray<FieldIssue.FieldIssue> => {
  if (!Schema.isSchema(ids) || typeof ids.fields !== "object") {
    return [{ path: ["ids"], message: "Expected a struct of ids" }]
  }
  const names = Object.keys(ids.fields)
  if (Identity.requiredNames(ids).length === 0) {
    return [{ path: ["ids"], message: "Expected at least one required id" }]
  }
  return names.flatMap((name) => FieldIssue.within(["ids", name], idNameIssues(name)))
}

/** Fails with `UnexpectedResponse` where what a driver returned cannot be the id of a run. */
export const runId = (error: MakeError, operation: string, run: unknown): Effect.Effect<void, RetlError> => {
  const issues = FieldIssue.within(["run"], runIdIssues(run))
  return issues.length === 0
    ? Effect.void
    : Effect.fail(error(operation, new UnexpectedResponse({ issues }), "unknown"))
}

/** Fails with `UnexpectedResponse` where what a driver returned cannot be a page of runs. */
export const page = (error: MakeError, answer: unknown): Effect.Effect<void, RetlError> => {
  const issues = pageIssues(answer)
  return issues.length === 0 ? Effect.void : Effect.fail(error("list", new UnexpectedResponse({ issues }), "unknown"))
}

/** Returns whether what a driver returned has this id. */
export const isRun = (wanted: string, answer: unknown): boolean =>
  Predicate.isObject(answer) && Reflect.get(answer, "run") === wanted

/** Returns the error for a driver that returned no run, or another than core wanted. */
export const anotherRun = (error: MakeError, answer: unknown): RetlError => {
  const another = { path: ["run"], message: "Expected the run that was requested, found another" }
  const issues = Predicate.isObject(answer) ? [another] : snapshotIssues(answer)
  return error("get", new UnexpectedResponse({ issues }), "unknown")
}

/** Returns what is wrong with a run that a driver returned. */
export const snapshotIssues = (snapshot: unknown): ReadonlyArray<FieldIssue.FieldIssue> => {
  const issues = fieldsIssues(snapshot)
  return issues.length > 0 ? issues : [{ path: [], message: "Expected a run" }]
}

/**
 * Returns a run of a driver without the fields that are `undefined`, which means absent: most compilers let the author of
 * a driver write them.
 */
export const withoutUndefined = (snapshot: Snapshot): Snapshot => ({
  ...present(snapshot),
  rows: present(snapshot.rows),
  native: snapshot.native,
})

/** Returns the fields that are not `undefined`. */
export const present = <A extends object>(fields: { readonly [K in keyof A]: A[K] | undefined }): A =>
  Object.values(fields).includes(undefined)
    ? (Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as A)
    : (fields as A)
