/** The options of a RudderStack workspace. */
import * as Input from "@openretl/core/driver/Input"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as Schema from "effect/Schema"
import * as Connect from "./connect.ts"

/** The options of a RudderStack workspace. */
export const Options = Schema.Struct({
  ...CoreOptions.fields,
  ...CoreOptions.connectionFields,
  /** Where the workspace lives; its token works there only. */
  region: Connect.Region,
  /**
   * What a run covers if its trigger names no scope. It has no default: the documents disagree on the vendor's default,
   * and a full run sends every row again.
   */
  defaultScope: CoreOptions.ScopeOf(["incremental", "full"]),
  /** Where the API is, without its version and without a slash at the end. @default the region's */
  baseUrl: Input.optional(
    CoreOptions.BaseUrl.check(
      Schema.makeFilter((url: string) => !/\/v\d+$/.test(url), {
        expected: "the URL without its version: the paths contain it",
      }),
    ),
  ),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** Returns the settings of the client that these options stand for. */
export const settings = (options: Options): Connect.Settings => ({
  ...CoreOptions.clientSettings(options),
  baseUrl: options.baseUrl ?? Connect.baseUrls[options.region],
})
