/** The routes of connections and sources are not on the public page, and may be closed to an account. */
import type { RetlError } from "@openretl/core/RetlError"

/** Whether an answer to a whole route means that it is closed. Of one connection a 404 may also mean that it is not there. */
export const isClosed = ({ reason }: RetlError): boolean =>
  reason._tag === "PermissionDenied" || reason._tag === "NotFound"
