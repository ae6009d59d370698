/** The catalog of errors, from the code: their codes and what to do from the classes, when they occur from their comments. */
import { readFileSync } from "node:fs"
import { ChangeConflict, ChangeIncomplete, ChangeIndeterminate } from "@openretl/core/Change"
import type { Delivery } from "@openretl/core/Evidence"
import { JournalError, type JournalReason } from "@openretl/core/JournalError"
import { SwitchOverFailed } from "@openretl/core/Move"
import type { Verdict } from "@openretl/core/Outcome"
import type { Reason } from "@openretl/core/Reason"
import { InvalidRef } from "@openretl/core/Ref"
import { RetlError } from "@openretl/core/RetlError"
import { table as retries } from "@openretl/core/RetryPolicy"
import { TriggerIndeterminate } from "@openretl/core/Trigger"
import { OutcomeRejected, WaitDeadlineExceeded, WaitNotStarted, WaitStatusUnknown } from "@openretl/core/Wait"
import { root } from "../scripts/workspace.ts"

/** Whether running the step again helps: at once, later, only after somebody has done something, or only with a key. */
type Again = "yes" | "later" | "after a change" | "with its key" | "no"

interface Row {
  readonly code: string
  readonly when: string
  readonly delivery: string
  readonly guidance: string
  readonly again: Again
}

/** What each reason says about its request, and about another attempt of the whole step. */
const reasons = {
  Unauthenticated: { delivery: ["refused", "not-sent"], again: "after a change" },
  PermissionDenied: { delivery: ["refused"], again: "after a change" },
  NotFound: { delivery: ["refused"], again: "after a change" },
  InvalidRequest: { delivery: ["not-sent", "refused"], again: "after a change" },
  NotTriggerable: { delivery: ["refused", "not-sent"], again: "after a change" },
  AlreadyRunning: { delivery: ["not-sent", "refused"], again: "later" },
  Conflict: { delivery: ["refused", "unknown"], again: "after a change" },
  RateLimited: { delivery: ["refused", "not-sent"], again: "later" },
  Unavailable: { delivery: ["unknown"], again: "with its key" },
  Network: { delivery: ["not-sent", "unknown"], again: "with its key" },
  Timeout: { delivery: ["unknown"], again: "with its key" },
  UnexpectedResponse: { delivery: ["unknown"], again: "with its key" },
  TooLarge: { delivery: ["unknown"], again: "after a change" },
  Stopped: { delivery: ["not-sent", "unknown"], again: "yes" },
  Unsupported: { delivery: ["not-sent", "refused"], again: "no" },
  WrongWorkspace: { delivery: ["not-sent"], again: "after a change" },
  TriggerBusy: { delivery: ["not-sent"], again: "later" },
  FenceIncomplete: { delivery: ["not-sent"], again: "after a change" },
  JournalFailed: { delivery: ["not-sent"], again: "later" },
} as const satisfies Record<Reason["_tag"], { readonly delivery: ReadonlyArray<Delivery>; readonly again: Again }>

const verdicts = {
  complete: "no",
  tolerated: "no",
  partial: "after a change",
  excessive: "after a change",
  empty: "after a change",
  failed: "after a change",
  cancelled: "yes",
  skipped: "yes",
  unverified: "no",
} as const satisfies Record<Verdict, Again>

const journalReasons = {
  StoreUnavailable: "later",
  StoreBusy: "later",
  StoreNotWritable: "after a change",
  StoreAccessDenied: "after a change",
  NewerSchema: "after a change",
  NotAJournal: "after a change",
  WalRefused: "after a change",
  OtherHost: "later",
  UnreadableRecord: "after a change",
  InvalidEntry: "after a change",
} as const satisfies Record<JournalReason["_tag"], Again>

/** Returns the comment of a class, in one line. */
const commentOf = (file: string, name: string): string => {
  const source = readFileSync(`${root}/packages/core/src/${file}`, "utf8")
  const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export class ${name} `).exec(source)?.[1]
  if (comment === undefined) throw new Error(`The class ${name} in ${file} has no comment`)
  return comment.replaceAll(/\s*\n\s*\*\s?/g, " ").trim()
}

/** An instance without fields, for the getters that depend on a tag or a verdict alone. */
const bare = <A extends object>(prototype: A, fields: object): A => Object.assign(Object.create(prototype), fields)

const tagsOf = <Tag extends string>(record: Readonly<Record<Tag, unknown>>): ReadonlyArray<Tag> =>
  Object.keys(record).filter((tag): tag is Tag => tag in record)

const reasonRows: ReadonlyArray<Row> = tagsOf(reasons).map((tag) => {
  const { delivery, again } = reasons[tag]
  const fields = {
    delivery: delivery[0],
    evidence: { status: 400 },
    reason: { _tag: tag, error: { guidance: "As the code of the journal's error says, below." } },
  }
  const { code, guidance } = bare(RetlError.prototype, fields)
  return { code, when: commentOf("model/Reason.ts", tag), delivery: delivery.join(", "), guidance, again }
})

const journalRows: ReadonlyArray<Row> = tagsOf(journalReasons).map((tag) => {
  const { code, guidance } = bare(JournalError.prototype, { reason: { _tag: tag } })
  return { code, when: commentOf("model/JournalError.ts", tag), delivery: "", guidance, again: journalReasons[tag] }
})

const others: ReadonlyArray<Row> = [
  {
    ...{ code: InvalidRef.prototype.code, guidance: InvalidRef.prototype.guidance },
    when: commentOf("model/Ref.ts", "InvalidRef"),
    delivery: "not-sent",
    again: "after a change",
  },
  {
    ...{ code: TriggerIndeterminate.prototype.code, guidance: TriggerIndeterminate.prototype.guidance },
    when: commentOf("model/Trigger.ts", "TriggerIndeterminate"),
    delivery: "unknown, not-sent",
    again: "with its key",
  },
  {
    ...{ code: WaitDeadlineExceeded.prototype.code, guidance: WaitDeadlineExceeded.prototype.guidance },
    when: commentOf("model/Wait.ts", "WaitDeadlineExceeded"),
    delivery: "",
    again: "with its key",
  },
  {
    ...{ code: WaitStatusUnknown.prototype.code, guidance: WaitStatusUnknown.prototype.guidance },
    when: commentOf("model/Wait.ts", "WaitStatusUnknown"),
    delivery: "",
    again: "with its key",
  },
  {
    ...{ code: WaitNotStarted.prototype.code, guidance: WaitNotStarted.prototype.guidance },
    when: commentOf("model/Wait.ts", "WaitNotStarted"),
    delivery: "",
    again: "with its key",
  },
  ...tagsOf(verdicts).map((verdict): Row => {
    const { code, guidance } = bare(OutcomeRejected.prototype, { verdict, run: { rows: {} } })
    return { code, when: `The run ended \`${verdict}\`.`, delivery: "", guidance, again: verdicts[verdict] }
  }),
  {
    ...{ code: ChangeIndeterminate.prototype.code, guidance: ChangeIndeterminate.prototype.guidance },
    when: commentOf("model/Change.ts", "ChangeIndeterminate"),
    delivery: "unknown",
    again: "after a change",
  },
  {
    ...{ code: ChangeIncomplete.prototype.code, guidance: ChangeIncomplete.prototype.guidance },
    when: commentOf("model/Change.ts", "ChangeIncomplete"),
    delivery: "",
    again: "after a change",
  },
  {
    ...{ code: ChangeConflict.prototype.code, guidance: ChangeConflict.prototype.guidance },
    when: commentOf("model/Change.ts", "ChangeConflict"),
    delivery: "",
    again: "after a change",
  },
  {
    code: SwitchOverFailed.prototype.code,
    guidance: bare(SwitchOverFailed.prototype, { isRolledBack: false }).guidance,
    when: commentOf("move/SwitchOverFailed.ts", "SwitchOverFailed"),
    delivery: "",
    again: "after a change",
  },
]

const repeatedBy = (tag: Reason["_tag"]): string => {
  const { read, write } = retries[tag]
  return `${read}, ${write}`
}

/** The page, from a function that makes a table. */
export const errorsPage = (
  table: (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>) => string,
): string => {
  const cells = ({ code, when, delivery, guidance, again }: Row) => [`\`${code}\``, when, delivery, guidance, again]
  return [
    "# Errors",
    "",
    "`npm run docs` prints this page from the code; do not edit it. Every error has a `code`, which is a part of the API and has no",
    "ids in it, a `summary` in one line, and `guidance`: what to do. Its `message` has all three, and the refs of the sync and the",
    "run. All ways of printing show them: `console`, `JSON.stringify`, loggers, test runners.",
    "",
    "**Delivery**: whether the vendor may have carried the request out. `not-sent`: proven that it never left. `refused`: the",
    "vendor's clear no. `unknown`: everything else.",
    "",
    "**Again**: whether it helps to run the whole step again, as an orchestrator does. `with its key`: yes, and with the same",
    "[key](./keys.md) it starts no second run. `after a change`: not before somebody has done what the sentence says.",
    "",
    "**What prints leave out**: a run's `errorText` and `native`, which may hold a row, and addresses and long numbers in the",
    "vendor's text, its codes, and what it says about fields. They are there for who reads the fields: `error.evidence.text`,",
    "`run.errorText`, `run.native`. `console.table`, a spread and a diff of `assert` read the fields.",
    "",
    "## The token in prints",
    "",
    "Vendors, and gateways in front of them, echo tokens. Core cuts the token out of what it shows, as `<redacted>`, and never out",
    "of what it reads: answers are decoded and refusals classified as they were sent, whatever the token is.",
    "",
    table(
      ["What is shown", "The token"],
      [
        [
          "`error.evidence` (`text`, `code`, `requestId`), the paths and messages of `error.reason.issues`, the code of a `Network` error; and with them `message`, `summary`, `toJSON`, inspection, causes, log lines and spans of the error",
          "is cut out",
        ],
        ["`run.errorText`; a status word in a log line; the workspace in an error of `check`", "is cut out"],
        [
          "`run.vendorStatus`, `run.errorCode`, `run.native`, all fields of a sync but its ref, what `check` returns",
          "is cut out if it has 16 characters and more; a shorter one is a word there",
        ],
        ["ids and refs, and what an adapter's `client` returns", "stays: these are read"],
        [
          "what a function or effect that reads the token says when it fails, dies or returns no token; what a transport says when it dies",
          "is not shown, and neither is any other word of it",
        ],
        ["a problem of the options or the configuration", "is not shown: the problem names the field, never the value"],
      ],
    ),
    "",
    "It is recognized in any case; percent-encoded; escaped for HTML or JSON; each of these for some characters or all, up to three",
    "times and in any order; with a space for a plus sign; in hexadecimal; and in Base64 and its form for URLs, by itself or within",
    "a longer text, such as `Bearer <token>` or `user:<token>`. Of a token that the vendor shortens, the first half is enough, or",
    "the first 16 characters. The last four tokens count that were read.",
    "",
    "A token of 4 characters and more is cut out wherever it stands, `sync` also out of `synchronous`. A shorter one would leave",
    "nothing of a text, so it is cut out where no letter, digit or underscore is next to it, and in Base64 by itself, after",
    "`Bearer ` or next to a colon. It is not recognized in hexadecimal, nor in the Base64 of a longer text. Vendors' tokens are",
    "longer. In a text of more than 65,536 characters, which only a payload has, escapes are not decoded.",
    "",
    "## Catching them",
    "",
    "Promises of an open workspace reject with these classes, and effects fail with them. A program tells them apart by their",
    "classes, their `_tag` or their `code`. This job, in promises, knows what to do about three of them:",
    "",
    "<!-- examples/errors.ts#errors -->",
    "<!-- /examples/errors.ts#errors -->",
    "",
    "With Effect, the types say which ones there are:",
    "",
    "<!-- packages/core/test/catchingExample.ts -->",
    "<!-- /packages/core/test/catchingExample.ts -->",
    "",
    "## RetlError: trouble with a vendor, by its reason",
    "",
    "The last column: what core itself does about a read, and about a write, before the error is yours.",
    "",
    table(
      ["Code", "When", "Delivery", "What to do", "Again", "Core: reads, writes"],
      tagsOf(reasons).map((tag, index) => [...cells(reasonRows[index] as Row), repeatedBy(tag)]),
    ),
    "",
    "## Triggers, waits and changes",
    "",
    table(["Code", "When", "Delivery", "What to do", "Again"], others.map(cells)),
    "",
    "## JournalError: trouble with the store of the journal",
    "",
    table(
      ["Code", "When", "What to do", "Again"],
      journalRows.map(({ code, when, guidance, again }) => [`\`${code}\``, when, guidance, again]),
    ),
    "",
  ].join("\n")
}
