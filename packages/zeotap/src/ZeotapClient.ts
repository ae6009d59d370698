/**
 * Zeotap's Reverse ETL API in its own words: one function for each endpoint, each of them one request, sent once.
 *
 * The adapter is made of this, and it is there for what the portable services do not cover. Every function fails with a
 * `RetlError` and nothing else; a request that is not right is refused with all its problems before it is sent.
 *
 * There is no function to cancel a run: the vendor documents no such route.
 */
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as VendorClient from "@openretl/core/VendorClient"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { classify } from "./internal/errors.ts"
import * as Api from "./ZeotapApi.ts"

/** The address, without the version: the paths bring it. There are no regions. */
export const baseUrl = "https://composable.zeotap.com"

export interface Settings extends Pick<VendorClient.Settings, "token" | "baseUrl" | "readTimeout" | "writeTimeout"> {
  /** The workspace's name here, for errors. */
  readonly workspace: string
  /** The vendor's id of the workspace: it goes into every path, and into the header `X-Workspace-ID`. */
  readonly workspaceId: string
}

/** A list, whichever form it came in. */
export interface Listed<A> {
  readonly data: ReadonlyArray<A>
  /** Absent where the vendor answered with a bare array. */
  readonly pagination?: NonNullable<(typeof Api.Pagination)["Type"]>
  /** The vendor's own clock at that answer, where its `date` header tells. */
  readonly date?: DateTime.Utc
}

export interface ZeotapClient {
  /**
   * Starts a run: `POST /api/v1/workspaces/{workspace}/syncs/{sync}/trigger`, without a body.
   *
   * Not idempotent, and there is no idempotency key: never send it again when its answer was lost. What a trigger does
   * while a run is under way, or to a sync that is not active, is not documented; a second run that waits for the first
   * is likely. Documented: Reverse ETL API page, which has 201 for a success.
   */
  readonly triggerSync: (sync: string) => Effect.Effect<Api.TriggerResponse, RetlError>
  /**
   * Reads a page of a sync's runs: `GET /api/v1/workspaces/{workspace}/syncs/{sync}/runs`.
   *
   * Neither the order is documented, nor how many runs there are at the most, nor whether the query works where the
   * answer is a bare array. Documented: Reverse ETL API page; the query and the envelope: API overview page.
   */
  readonly listRuns: (sync: string, query?: Api.ListQuery) => Effect.Effect<Listed<Api.Run>, RetlError>
  /**
   * Reads one run: `GET /api/v1/workspaces/{workspace}/syncs/{sync}/runs/{run}`.
   *
   * Fails with `NotFound` for a run that does not exist, as far as the answer tells: its status is not documented.
   * Documented: Reverse ETL API page.
   */
  readonly getRun: (sync: string, run: string) => Effect.Effect<Api.Run, RetlError>
  /** Reads a sync: `GET /api/v1/workspaces/{workspace}/syncs/{sync}`. Documented: Reverse ETL API page. */
  readonly getSync: (sync: string) => Effect.Effect<Api.Sync, RetlError>
  /**
   * Reads a page of the workspace's syncs: `GET /api/v1/workspaces/{workspace}/syncs`.
   *
   * Paging is as little documented as for runs. Documented: Reverse ETL API page.
   */
  readonly listSyncs: (query?: Api.ListQuery) => Effect.Effect<Listed<Api.Sync>, RetlError>
  /** Reads the workspace: `GET /api/v1/workspaces/{workspace}`. Documented: Workspaces API page. */
  readonly getWorkspace: Effect.Effect<Api.Workspace, RetlError>
  /** What the functions above are made of, for endpoints that are not among them. */
  readonly http: VendorClient.VendorClient
}

/** Uses the `Transport` of its surroundings. */
export const make = ({ workspaceId, ...settings }: Settings): Effect.Effect<ZeotapClient> =>
  Effect.map(
    VendorClient.make({
      ...settings,
      vendor: "zeotap",
      headers: { "x-workspace-id": workspaceId },
      requestIdHeaders: ["x-request-id"],
      classify,
    }),
    (http): ZeotapClient => {
      const root = ["api", "v1", "workspaces", workspaceId]
      const syncs = [...root, "syncs"]

      const unexpected = (operation: string, path: ReadonlyArray<string>, message: string) =>
        http.error(operation, new Reason.UnexpectedResponse({ issues: [{ path, message }] }), "unknown", {
          status: 200,
        })

      const list = Effect.fnUntraced(function* <A>(
        operation: string,
        path: ReadonlyArray<string>,
        asked: Api.ListQuery,
        answer: Schema.Decoder<AnyList<A>>,
      ) {
        const query = yield* http.checked(operation, Api.ListQuery, asked)
        const { value, date } = yield* http.dated({ operation, method: "GET", path, query, answer })
        const { data, pagination } = isEnvelope(value) ? value : { data: value }
        const page = query.page ?? 1
        if (pagination?.page !== undefined && pagination.page !== page) {
          return yield* unexpected(
            operation,
            ["pagination", "page"],
            "Expected the page that was asked for, found another",
          )
        }
        const listed: Listed<A> = {
          data: data ?? [],
          ...(pagination !== undefined && { pagination }),
          ...(date !== undefined && { date }),
        }
        return listed
      })

      return {
        triggerSync: (sync) =>
          http.call({
            operation: "triggerSync",
            method: "POST",
            path: [...syncs, sync, "trigger"],
            answer: Api.TriggerResponse,
          }),
        listRuns: (sync, query = {}) => list("listRuns", [...syncs, sync, "runs"], query, Api.ListRunsResponse),
        getRun: Effect.fnUntraced(function* (sync, run) {
          const operation = "getRun"
          const answer = yield* http.call({
            operation,
            method: "GET",
            path: [...syncs, sync, "runs", run],
            answer: Api.Run,
          })
          // An id may be written in capitals where it was asked for, and come back without.
          if (answer.id.toLowerCase() === run.toLowerCase()) return { ...answer, id: run }
          return yield* unexpected(operation, ["id"], "Expected the run that was asked for, found another")
        }),
        getSync: (sync) => http.call({ operation: "getSync", method: "GET", path: [...syncs, sync], answer: Api.Sync }),
        listSyncs: (query = {}) => list("listSyncs", syncs, query, Api.ListSyncsResponse),
        getWorkspace: http.call({ operation: "getWorkspace", method: "GET", path: root, answer: Api.Workspace }),
        http,
      }
    },
  )

interface Envelope<A> {
  readonly data: ReadonlyArray<A> | null
  readonly pagination?: (typeof Api.Pagination)["Type"]
}

type AnyList<A> = ReadonlyArray<A> | null | Envelope<A>

const isEnvelope = <A>(list: AnyList<A>): list is Envelope<A> => list !== null && "data" in list
