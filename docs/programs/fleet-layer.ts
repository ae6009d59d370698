import * as Fleet from "@openretl/core/Fleet"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Zeotap from "@openretl/zeotap/Zeotap"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

const workspaces = {
  crm: RudderStack.workspaceConfig({
    name: "crm",
    region: Config.Literals(["us", "eu"], "RUDDERSTACK_REGION"),
    token: Config.Redacted("RUDDERSTACK_TOKEN"),
    defaultScope: "incremental",
  }),
  app: Zeotap.workspaceConfig({
    name: "app",
    workspaceId: Config.String("ZEOTAP_WORKSPACE"),
    token: Config.Redacted("ZEOTAP_TOKEN"),
  }),
}

class Vendors extends Context.Service<Vendors, Fleet.Of<typeof workspaces>>()("app/Vendors") {
  static readonly layer = Fleet.layer(Vendors, workspaces)
}

const program = Effect.gen(function* () {
  const fleet = yield* Vendors
  const report = yield* fleet.runAll(
    [
      { name: "orders", sync: "retl1.sync.rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa" },
      { name: "profiles", sync: "retl1.sync.zeotap.app.sync.550e8400-e29b-41d4-a716-446655440000" },
    ],
    { whenRunning: "wait", deadline: "2 hours" },
  )
  yield* Console.log(report.isGreen ? "all green" : String(report))
})

const failed = (error: Error) => Console.error(error.message)

await Effect.runPromise(program.pipe(Effect.provide(Vendors.layer), Effect.catch(failed)))
