/** Effect's workflow engine: in a SQLite file for one process, in PostgreSQL for several workers. */
import { hostname } from "node:os"
import process from "node:process"
import * as PgClient from "@effect/sql-pg/PgClient"
import type { ConfigError } from "effect/Config"
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as RunnerHealth from "effect/cluster/RunnerHealth"
import * as Runners from "effect/cluster/Runners"
import * as Sharding from "effect/cluster/Sharding"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SingleRunner from "effect/cluster/SingleRunner"
import * as SqlMessageStorage from "effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import * as Digest from "effect/crypto/Digest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type { SqlError } from "effect/sql/SqlError"
import type { WorkflowEngine } from "effect/workflow/WorkflowEngine"
import * as Sqlite from "./sqlite.ts"

/** What runs workflows. */
export type Engine = Layer.Layer<WorkflowEngine, ConfigError | SqlError>

/** Shorter than the engine's defaults, so that the example is over in seconds. */
const intervals = {
  shardsPerGroup: 16,
  /** How soon a step that is due starts. @default 10 seconds */
  entityMessagePollInterval: "250 millis",
  /** How soon workers divide the work anew. @default 3 seconds */
  refreshAssignmentsInterval: "500 millis",
  /** How long a worker may be silent until others go on with its work. @default 35 seconds */
  shardLockExpiration: "2 seconds",
} as const

/** The engine of one process at a time. Its memory is the file. */
export const sqlite = (filename: string): Engine =>
  ClusterWorkflowEngine.layer.pipe(
    Layer.provideMerge(SingleRunner.layer({ runnerStorage: "memory", shardingConfig: intervals })),
    Layer.provide(Digest.layerWebCrypto),
    Layer.provide(Sqlite.layer(filename)),
  )

/**
 * The engine of several workers. They share only the database: each reads there what is due, and goes on with the work of a
 * worker that is silent. Tables begin with `prefix`.
 */
export const postgres = (url: Redacted.Redacted, prefix: string): Engine =>
  ClusterWorkflowEngine.layer.pipe(
    Layer.provideMerge(Sharding.layer),
    // Nothing is sent from worker to worker, so a worker is a name, and its sign of life is in the database.
    Layer.provideMerge(Runners.layerNoop),
    Layer.provideMerge(SqlMessageStorage.layerWith({ prefix })),
    Layer.provide([SqlRunnerStorage.layerWith({ prefix }), RunnerHealth.layerNoop]),
    Layer.provide(ShardingConfig.layer({ ...intervals, runnerAddress: Option.some(thisProcess) })),
    Layer.provide(Digest.layerWebCrypto),
    Layer.provide(PgClient.layer({ url })),
  )

const thisProcess = RunnerAddress.RunnerAddress.make({ host: hostname(), port: process.pid })
