/** The error for an answer that decodes, and is not to what was asked. */

import type * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"

export const unexpected = (
  http: VendorClient.VendorClient,
  operation: string,
  path: ReadonlyArray<string>,
  message: string,
): RetlError =>
  http.error(operation, new Reason.UnexpectedResponse({ issues: [{ path, message }] }), "unknown", { status: 200 })
