/**
 * Polytomic's API of model syncs on the wire, version 2025-09-18: what running a sync takes, and what all endpoints share.
 *
 * Requests are strict. Answers are lenient: they name the fields that the adapter uses, and other fields are dropped.
 *
 * @see https://apidocs.polytomic.com/2025-09-18, and the vendor's client polytomic-typescript at 39153bc (2026-04-29)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"

/** One page of a list. */
export interface Listed<A> {
  readonly data: ReadonlyArray<A>
  /** The token of the next page; absent on the last one. */
  readonly next?: string
  /** The vendor's clock at that answer, from its `date` header. */
  readonly date?: DateTime.Utc
}

/** Returns the schema of an answer about one thing. */
export const dataOf = <A, E>(data: Schema.Codec<A, E>) => Schema.Struct({ data })

/** Returns the schema of a list, which may be null where it is empty. */
export const listOf = <A, E>(entry: Schema.Codec<A, E>) =>
  Schema.Struct({
    data: Schema.NullOr(Wire.entries(entry)),
    pagination: Wire.object({ next_page_token: Wire.text }),
  })

/**
 * A key of the caller's for a write: 8 to 255 letters, digits, `-` and `_`. For 24 hours at least, the vendor answers
 * every request with the key as it answered the first one.
 */
export const IdempotencyKey = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_-]{8,255}$/, { expected: "a key of 8 to 255 letters, digits, - and _" }),
)

/** The body of `POST /api/syncs/{id}/executions`. */
export const StartSyncRequest = Schema.Struct({
  /** Sync every row again, whatever was synced before. @default false */
  resync: Input.optional(Schema.Boolean),
  /** Try the sync without sending anything to the target. @default false */
  test: Input.optional(Schema.Boolean),
  /** Sync the records with these identities alone. @default all records */
  identities: Input.optional(Schema.Array(Schema.String)),
})
export interface StartSyncRequest extends Schema.Schema.Type<typeof StartSyncRequest> {}

/** The execution that a start has created. */
export const StartedSync = Schema.Struct({ id: VendorId, status: Wire.text, created_at: Wire.text })
export interface StartedSync extends Schema.Schema.Type<typeof StartedSync> {}

/** The answer to a cancel. */
export const CancelledExecution = Schema.Struct({ message: Wire.text })

/** One execution of a model sync. */
export const Execution = Schema.Struct({
  id: VendorId,
  /** `created`, `scheduled`, `queued`, `waiting`, `running`, `processing`, `canceling`, `canceled`, `completed`, `failed`, `interrupted`, or a new word. */
  status: Schema.String,
  created_at: Wire.text,
  started_at: Wire.text,
  completed_at: Wire.text,
  /** What started it, as in `scheduled`. */
  type: Wire.text,
  /** Rows by what became of them. `warnings` are among the delivered ones. */
  counts: Wire.lenient(
    Wire.withUnread(
      Schema.Struct({
        insert: Wire.count,
        update: Wire.count,
        upserts: Wire.count,
        delete: Wire.count,
        error: Wire.count,
        warnings: Wire.count,
        total: Wire.count,
      }),
    ),
  ),
  errors: Wire.lenient(Wire.entries(Schema.String)),
})
export interface Execution extends Schema.Schema.Type<typeof Execution> {}

/** The query of `GET /api/syncs/{id}/executions`. */
export const ListExecutionsQuery = Schema.Struct({
  /** The token of the page, as the vendor has made it. @default the first page */
  page_token: Input.optional(Schema.String),
  /** Only executions that have ended. @default false */
  only_completed: Input.optional(Schema.Boolean),
  /** The oldest first. @default false */
  ascending: Input.optional(Schema.Boolean),
})
export interface ListExecutionsQuery extends Schema.Schema.Type<typeof ListExecutionsQuery> {}

/** The query of `GET /api/syncs`. */
export const ListSyncsQuery = Schema.Struct({
  page_token: Input.optional(Schema.String),
  /** How many syncs to return, from 1 to 50. @default 50 */
  limit: Input.optional(Input.wholeNumber(1, 50)),
  active: Input.optional(Schema.Boolean),
  mode: Input.optional(Schema.String),
  /** Only syncs that write to this connection. */
  target_connection_id: Input.optional(VendorId),
})
export interface ListSyncsQuery extends Schema.Schema.Type<typeof ListSyncsQuery> {}

/** One sync of a list, which shows less than a read of the sync does. */
export const ListedSync = Schema.Struct({ id: VendorId, name: Wire.text, organization_id: Wire.text })
export interface ListedSync extends Schema.Schema.Type<typeof ListedSync> {}

const anything = Schema.optionalKey(Schema.Unknown)

/** One model sync. */
export const Sync = Wire.withUnread(
  Schema.Struct({
    id: VendorId,
    name: Wire.text,
    /** Whether the sync runs, on its schedule and when it is triggered. */
    active: Wire.flag,
    /** `create`, `update`, `updateOrCreate`, `replace`, `append`, `remove`, `snapshot`, or a new word. */
    mode: Wire.text,
    /** Where rows go: `connection_id` and `object`, with settings that depend on the connection. */
    target: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)),
    /** The mapping: `target`, with a `source` of `model_id` and `field`, or an `override_value`. */
    fields: anything,
    override_fields: anything,
    overrides: anything,
    filters: anything,
    filter_logic: Wire.text,
    /** What identifies a record: `source`, `target` and `function`. */
    identity: anything,
    /** `frequency` with the fields that go with it. */
    schedule: anything,
    model_ids: Wire.lenient(Wire.entries(Schema.String)),
    policies: anything,
    encryption_passphrase: Wire.text,
    only_enrich_updates: Wire.flag,
    skip_initial_backfill: Wire.flag,
    /** Whether every run syncs all records, whatever its trigger says. */
    sync_all_records: Wire.flag,
    organization_id: Wire.text,
    created_at: Wire.text,
    updated_at: Wire.text,
    created_by: anything,
    updated_by: anything,
  }),
)
export interface Sync extends Schema.Schema.Type<typeof Sync> {}

/** The answer to a change of whether a sync is active. */
export const ActivatedSync = Schema.Struct({ id: Wire.lenient(VendorId), active: Wire.flag })
export interface ActivatedSync extends Schema.Schema.Type<typeof ActivatedSync> {}

/** Whose key it is. */
export const Identity = Schema.Struct({ organization_id: Wire.text, organization_name: Wire.text })
export interface Identity extends Schema.Schema.Type<typeof Identity> {}

/** An event of the vendor's webhook and its list of events: a hint that a run has changed, and no outcome. */
export const Event = Schema.Struct({
  /** `sync.running`, `sync.completed`, `sync.completed_with_errors`, `sync.failed`, `sync.canceled`, or another word. */
  type: Schema.String,
  event: Schema.Struct({ sync_id: VendorId, execution_id: Wire.lenient(VendorId) }),
})
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * Returns the event of a body that has been parsed; `undefined` for one that is none, and for events of other things, such
 * as bulk syncs. Verify its signature first.
 */
export const decodeEvent = (body: unknown): Event | undefined => {
  const event = decode(body)
  return event?.type.startsWith("sync.") === true ? event : undefined
}

const decode: (body: unknown) => Event | undefined = /* @__PURE__ */ Wire.orUndefined(Event)

/** The body of a refusal. All fields are optional. */
export const ErrorBody = Schema.Struct({ key: Wire.text, message: Wire.text, status: Wire.lenient(Schema.Number) })
export interface ErrorBody extends Schema.Schema.Type<typeof ErrorBody> {}
