/** The options of a Segment workspace, and the settings of its client. */
import * as Input from "@openretl/core/driver/Input"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as Schema from "effect/Schema"
import { baseUrls, Region, type Settings } from "./connect.ts"

const BaseUrl = CoreOptions.BaseUrl.check(
  Schema.makeFilter((url: string) => !/\/v\d+$/.test(url), {
    expected: "the URL without a version: the media type carries it",
  }),
)

/** The options of a Segment workspace. */
export const Options = Schema.Struct({
  ...CoreOptions.fields,
  ...CoreOptions.connectionFields,
  /** Where the API is, without a version and without a slash at the end. @default the region's */
  baseUrl: Input.optional(BaseUrl),
  /** Where the workspace lives; its token is valid only there. */
  region: Region,
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** Returns the settings of a client with these options. */
export const settings = (options: Options): Settings => ({
  ...CoreOptions.clientSettings(options),
  baseUrl: options.baseUrl ?? baseUrls[options.region],
})
