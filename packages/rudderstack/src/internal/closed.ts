/** The routes of connections and sources are not on the public page, and may be closed to an account. */
import type { RetlError } from "@openretl/core/RetlError"

/**
 * Returns whether an answer to a whole route means that the route is closed. For one connection, a 404 may also mean that
 * there is no such connection.
 */
export const isClosed = ({ reason }: RetlError): boolean =>
  reason._tag === "PermissionDenied" || reason._tag === "NotFound"
