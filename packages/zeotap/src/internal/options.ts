/** The options of a workspace, and the settings of its client. */
import * as Input from "@openretl/core/driver/Input"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as Schema from "effect/Schema"
import { baseUrl as defaultBaseUrl, type Settings } from "./connect.ts"

// The id stands in a path, where "." and ".." are steps, and in a header.
const WorkspaceId = Schema.String.check(
  Schema.isPattern(/^(?!\.{1,2}$)[\x21-\x7e]{1,255}$/, {
    expected: "the vendor's id of the workspace: 1 to 255 characters of printable ASCII without spaces",
  }),
)

const BaseUrl = CoreOptions.BaseUrl.check(
  Schema.makeFilter((url: string) => !/\/(?:api|v\d+)$/.test(url), {
    expected: "the URL without /api/v1: every path begins with it",
  }),
)

/** The options of a Zeotap workspace: core's, and the vendor's id of the workspace. */
export const Options = Schema.Struct({
  ...CoreOptions.fields,
  ...CoreOptions.connectionFields,
  /**
   * Zeotap's id of the workspace, as in `660e8400-e29b-41d4-a716-446655440000`: 1 to 255 characters of printable ASCII
   * without spaces. Not to be confused with `name`, which you choose.
   */
  workspaceId: WorkspaceId,
  /** Where the API is, without `/api/v1` and without a slash at the end. @default "https://composable.zeotap.com" */
  baseUrl: Input.optional(BaseUrl),
})
/**
 * The options of a Zeotap workspace. The token is an API key, which is long-lived, or a Firebase ID token, which lasts an
 * hour: pass the latter as an effect.
 */
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** Returns the settings of the client that these options name. */
export const settings = (options: Options): Settings => ({
  ...CoreOptions.clientSettings(options),
  workspaceId: options.workspaceId,
  baseUrl: options.baseUrl ?? defaultBaseUrl,
})
