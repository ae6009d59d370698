/** The bytes of an answer's body, for transports. */
import { TransportError } from "./TransportError.ts"

/**
 * Reads a body of chunks. Throws a `TransportError` with the code `too-large` where the body has more than `maxBytes`
 * bytes; leaving the loop cancels the stream, which closes its socket.
 */
export const readBounded = async (
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new TransportError({ code: "too-large", delivery: "unknown" })
    chunks.push(chunk)
  }
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}
