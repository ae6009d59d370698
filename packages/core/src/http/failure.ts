/**
 * What a failure of the platform's sockets proves about the request, for transports.
 *
 * A code alone proves little: `EHOSTUNREACH` comes from connecting, and also from reading the answer to a request that
 * the vendor has carried out. So the system call decides, and the few codes that only name resolution, connecting or the
 * check of a certificate have. `ERR_SSL_*` proves nothing: TLS breaks with the same codes before and after the handshake.
 */
import { TransportError } from "./TransportError.ts"

/** The system calls that come before a connection exists. */
const isBeforeConnection = /^(?:connect|getaddrinfo)$/

/** The codes that a failure can have only before the first byte of a request. */
const isBeforeRequest =
  /^(?:ENOTFOUND|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID|ERR_INVALID_URL)$/

interface Failure {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}

/**
 * Returns the error of a request. `hasBegun` says whether the request has begun to leave, where the transport knows it:
 * `false` is a proof, and so is a failure in connecting where the transport does not know.
 */
export const toTransportError = (cause: unknown, hasBegun?: boolean): TransportError => {
  if (cause instanceof TransportError) return cause
  const origin = originOf(cause)
  const isNotSent = hasBegun === undefined ? origin !== undefined && isProof(origin) : !hasBegun
  return new TransportError({ code: codeOf(origin) ?? "network", delivery: isNotSent ? "not-sent" : "unknown" })
}

const maxDepth = 5

/** Returns the first error along the chain of causes that has a code or several errors: `fetch` nests the socket's. */
const originOf = (error: unknown, depth = 0): Failure | undefined => {
  if (typeof error !== "object" || error === null || depth > maxDepth) return undefined
  const failure: Failure = error
  return isCode(failure.code) || Array.isArray(failure.errors) ? failure : originOf(failure.cause, depth + 1)
}

const isCode = (code: unknown): code is string => typeof code === "string" && /^\w{1,64}$/.test(code)

/** Of several attempts to connect, one for each address, every one has to be a proof. */
const isProof = ({ code, syscall, errors }: Failure, depth = 0): boolean => {
  if (!Array.isArray(errors)) {
    return isBeforeConnection.test(String(syscall)) || (isCode(code) && isBeforeRequest.test(code))
  }
  return (
    errors.length > 0 &&
    depth <= maxDepth &&
    errors.every((error) => {
      const origin = originOf(error)
      return origin !== undefined && isProof(origin, depth + 1)
    })
  )
}

const codeOf = (origin: Failure | undefined, depth = 0): string | undefined => {
  if (origin === undefined || depth > maxDepth) return undefined
  if (isCode(origin.code)) return origin.code
  return Array.isArray(origin.errors) ? codeOf(originOf(origin.errors[0]), depth + 1) : undefined
}
