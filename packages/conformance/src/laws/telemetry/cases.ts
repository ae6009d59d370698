/** A table of what the contract lists: each case makes its spans and metrics come on success and on failure, and its log lines. */

import { JournalError, StoreNotWritable } from "@openretl/core/JournalError"
import type { CallName, Message, MetricName, PartName } from "@openretl/core/Telemetry"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Setup } from "../../Setup.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Wire from "../../testbed/wire.ts"
import { type ConfiguredTestbed, changing, reading } from "../configuration/configuredTestbed.ts"

type Attributes = Readonly<Record<string, unknown>>

/** What a case makes come. */
export interface Shown {
  /** Spans that end well once, and with an `error.type` once. `request` is that of an HTTP request. */
  readonly spans?: ReadonlyArray<CallName | PartName | "request">
  /** Attributes of a series that success makes, and of one that failure makes. */
  readonly metrics?: { readonly [Name in MetricName]?: readonly [success: Attributes, failure: Attributes] }
  readonly lines?: ReadonlyArray<Message>
}

/** A case, and the law that checks it. */
export interface Case {
  readonly shown: Shown
  readonly law: Law
}

type Check<T> = (testbed: T) => Effect.Effect<void, unknown, Scope.Scope>

const checked =
  <T extends Testbed>(shown: Shown, check: Check<T>): Check<T> =>
  (testbed) =>
    Effect.andThen(
      check(testbed),
      Effect.sync(() => expectShown(testbed, shown)),
    )

/** Creates a case about runs. */
export const ofRuns = (title: string, setup: Setup, shown: Shown, check: Check<Testbed>): Case => ({
  shown,
  law: law("O1", title, setup, checked(shown, check)),
})

/** Creates a case that reads configured syncs. */
export const ofCatalog = (title: string, setup: Setup, shown: Shown, check: Check<ConfiguredTestbed>): Case => ({
  shown,
  law: reading("O1", title, setup, checked(shown, check)),
})

/** Creates a case that changes configured syncs. */
export const ofChanges = (title: string, setup: Setup, shown: Shown, check: Check<ConfiguredTestbed>): Case => ({
  shown,
  law: changing("O1", title, setup, checked(shown, check)),
})

const expectShown = (testbed: Testbed, { spans = [], metrics = {}, lines = [] }: Shown): void => {
  const emitted = testbed.emitted()
  for (const name of spans) {
    const ends = emitted.spans
      .filter((span) => (name === "request" ? span.kind === "client" : span.name === name))
      .map(({ attributes }) => attributes.has("error.type"))
    expect(new Set(ends), `the spans ${name}: without an error, and with one`).toEqual(new Set([false, true]))
  }
  for (const [name, ends] of Object.entries(metrics)) {
    const series = emitted.series.filter((one) => one.name === name).map(({ attributes }) => attributes)
    for (const end of ends) expect(series, `the series of ${name}`).toContainEqual(expect.objectContaining(end))
  }
  for (const message of lines) expect(emitted.lines.map((line) => line.message)).toContain(message)
}

/** Runs a program that has to succeed. */
export const succeed = <A, E>(testbed: Testbed, program: Effect.Effect<A, E>) => testbed.run(program, "30 minutes")

/** Runs a program that has to fail. */
export const fail = <A, E>(testbed: Testbed, program: Effect.Effect<A, E>) => testbed.failure(program, "30 minutes")

/** Interrupts a program while it reads. One that has read nothing by then ends by itself. */
export const interrupt = Effect.fnUntraced(function* <A, E>(testbed: Testbed, program: Effect.Effect<A, E>) {
  testbed.wire.intercept = (request) => (Wire.isRead(request) ? Effect.never : undefined)
  const call = yield* testbed.begin(program)
  yield* testbed.advance("5 seconds")
  yield* call.stop
  testbed.wire.intercept = () => undefined
})

/** Short times, so that no case looks long for what no read can show. */
export const soon = {
  workspace: { runAppearsWithin: "5 seconds", resolveWithin: "10 seconds" },
} as const satisfies Setup

/** Refuses every read that comes after a write from now on, until `wire.intercept` is set anew. */
export const blockReadsAfterWrite = ({ wire }: Testbed): void => {
  const before = wire.sent.length
  wire.intercept = (request) =>
    Wire.isRead(request) && wire.sent.slice(before).some((sent) => Wire.isWrite(sent.request))
      ? Effect.succeed(Wire.response(503, "{}"))
      : undefined
}

const down = (operation: string) =>
  Effect.fail(new JournalError({ store: "memory", operation, reason: new StoreNotWritable({ code: "down" }) }))

/** Returns the journal of a testbed, whose lists cannot be read while it is down. @default down for ever */
export const withoutLists = ({ journal }: Testbed, isDown: () => boolean = () => true): Testbed["journal"] => ({
  ...journal,
  list: (query) => (isDown() ? down("list") : journal.list(query)),
})

/** Returns the journal of a testbed, which takes claims and marks, and no ends. */
export const withoutUpdates = ({ journal }: Testbed): Testbed["journal"] => ({
  ...journal,
  update: () => down("update"),
})
