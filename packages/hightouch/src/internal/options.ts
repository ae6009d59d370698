/** The options of a workspace, and the settings of its client. */
import * as Input from "@openretl/core/driver/Input"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as Schema from "effect/Schema"
import { baseUrl as defaultBaseUrl, type Settings } from "./connect.ts"
import { scopes } from "./toWire.ts"

const BaseUrl = CoreOptions.BaseUrl.check(
  Schema.makeFilter((url: string) => !/\/(?:api|v\d+)$/.test(url), {
    expected: "the URL without /api/v1: every path begins with it",
  }),
)

/** The options of a Hightouch workspace. The key decides which workspace of Hightouch's it is. */
export const Options = Schema.Struct({
  ...CoreOptions.fields,
  ...CoreOptions.connectionFields,
  /**
   * What a run covers if its trigger names no scope: `incremental`, `full`, `resetCDC` or `clearAndFill`. It has no
   * default: `full` sends every row again.
   */
  defaultScope: CoreOptions.ScopeOf(scopes),
  /** Where the API is, without `/api/v1` and without a slash at the end. @default "https://api.hightouch.com" */
  baseUrl: Input.optional(BaseUrl),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** Returns the settings of the client that these options name. */
export const settings = (options: Options): Settings => ({
  ...CoreOptions.clientSettings(options),
  baseUrl: options.baseUrl ?? defaultBaseUrl,
})
