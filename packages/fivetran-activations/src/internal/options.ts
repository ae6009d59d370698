/** The options of a workspace, and the settings of its client. */
import * as Input from "@openretl/core/driver/Input"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as Schema from "effect/Schema"
import * as Connect from "./connect.ts"
import { scopes } from "./toWire.ts"

const BaseUrl = CoreOptions.BaseUrl.check(
  Schema.makeFilter((url: string) => !/\/(?:api|v\d+)$/.test(url), {
    expected: "the URL without /api/v2: every path begins with it",
  }),
)

/** The options of a workspace of Fivetran Activations. The token is a personal access token of Activations. */
export const Options = Schema.Struct({
  ...CoreOptions.fields,
  ...CoreOptions.connectionFields,
  /** What a run covers if its trigger names no scope. It has no default: a full run sends every row again. */
  defaultScope: CoreOptions.ScopeOf(scopes),
  /** Where the account lives. @default "us" */
  region: Input.optional(Connect.Region),
  /**
   * The Fivetran group whose syncs the catalog lists, as in `wandering_aimlessly`; runs do not depend on it. A token may
   * reach several groups. @default the syncs of every group that the token reaches
   */
  groupId: Input.optional(Schema.String.check(Schema.isMinLength(1, { expected: "the id of a group" }))),
  /** Where the API is, without `/api/v2` and without a slash at the end. @default the region's */
  baseUrl: Input.optional(BaseUrl),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** Returns the settings of the client that these options name. */
export const settings = (options: Options): Connect.Settings => ({
  ...CoreOptions.clientSettings(options),
  baseUrl: options.baseUrl ?? Connect.baseUrls[options.region ?? "us"],
})
