/** The options of a workspace, and the settings of its client. */
import * as Input from "@openretl/core/driver/Input"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as Schema from "effect/Schema"
import { baseUrl as defaultBaseUrl, type Settings } from "./connect.ts"
import { scopes } from "./toWire.ts"

const BaseUrl = CoreOptions.BaseUrl.check(
  Schema.makeFilter((url: string) => !/\/api$/.test(url), {
    expected: "the URL without /api: every path begins with it",
  }),
)

/** The options of a Polytomic workspace. The key decides which organization it is. */
export const Options = Schema.Struct({
  ...CoreOptions.fields,
  ...CoreOptions.connectionFields,
  /**
   * What a run covers if its trigger names no scope: `incremental`, or `full`, which resyncs every row. It has no default.
   */
  defaultScope: CoreOptions.ScopeOf(scopes),
  /** Where the API is, without `/api` and without a slash at the end. @default "https://app.polytomic.com" */
  baseUrl: Input.optional(BaseUrl),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** Returns the settings of the client that these options name. */
export const settings = (options: Options): Settings => ({
  ...CoreOptions.clientSettings(options),
  baseUrl: options.baseUrl ?? defaultBaseUrl,
})
