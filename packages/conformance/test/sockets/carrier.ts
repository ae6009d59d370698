/**
 * Carries requests over a real transport and sockets on loopback to a vendor that answers in memory, such as the wire of a
 * law or a list of answers. A vendor that fails breaks the connection; where it says `not-sent`, the request goes to a
 * closed port. So everything that the caller gets comes from the transport.
 */
import * as NodeHttp from "node:http"
import type { AddressInfo } from "node:net"
import type { Request, Response, Service } from "@openretl/core/Transport"
import type { TransportError } from "@openretl/core/TransportError"
import { Cause, type Context, Effect, Exit, Redacted, type Scope } from "effect"

export interface Carrier {
  /** Returns the transport that reaches this vendor over the sockets. */
  readonly to: (vendor: Service) => Service
  /** Whether no bytes are under way: each request is with its vendor, or over. */
  readonly isStill: () => boolean
  /**
   * Returns what the transport did since the last call that none may do, whatever became of it: core takes a request that
   * breaks for a lost answer.
   */
  readonly takeProblems: () => ReadonlyArray<string>
}

/** One request on its way. */
interface Exchange {
  readonly request: Request
  readonly vendor: Service
  readonly context: Context.Context<never>
  hasArrived: boolean
  /** Whether the socket has closed, or its whole answer has left: the transport may have yet to read it. */
  isClosed: boolean
  /** Whether the transport has ended it, or its caller has given it up. */
  isOver: boolean
  /** Whether the vendor has refused the connection. */
  isRefused: boolean
  /** What broke in the vendor, or on the way. */
  defect: unknown
}

const idHeader = "x-exchange"

/** How many turns of the event loop a request that its caller gave up may take until it arrives, if it does. */
const arrivalTurns = 20

/** How many turns it may take until the socket of a request that its caller gave up closes. */
const closingTurns = 5_000

/** Opens the sockets, for as long as the scope lasts. */
export const make = Effect.fnUntraced(function* (transport: Service): Effect.fn.Return<Carrier, never, Scope.Scope> {
  const exchanges = new Map<string, Exchange>()
  const moving = new Set<Exchange>()
  const problems: Array<string> = []
  let count = 0

  const server = yield* Effect.acquireRelease(
    Effect.callback<NodeHttp.Server>((resume) => {
      const opened = NodeHttp.createServer(
        { keepAliveTimeout: 0, requestTimeout: 0, maxHeaderSize: 1_000_000 },
        (incoming, response) => {
          const chunks: Array<Buffer> = []
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
          incoming.on("end", () => {
            const exchange = exchanges.get(String(incoming.headers[idHeader]))
            if (exchange === undefined) return incoming.socket.destroy()
            return arrive(exchange, incoming, Buffer.concat(chunks).toString(), response)
          })
        },
      ).listen(0, "127.0.0.1", () => resume(Effect.succeed(opened)))
    }),
    (opened) =>
      Effect.sync(() => {
        opened.close()
        opened.closeAllConnections()
      }),
  )

  const arrive = (
    exchange: Exchange,
    incoming: NodeHttp.IncomingMessage,
    body: string,
    response: NodeHttp.ServerResponse,
  ): void => {
    const { request, vendor, context } = exchange
    const difference = differenceOf(request, incoming, body)
    if (exchange.hasArrived || difference !== undefined) {
      problems.push(difference ?? `${request.method} ${request.url} arrived twice`)
      incoming.socket.destroy()
      return
    }
    exchange.hasArrived = true
    moving.delete(exchange)
    const fiber = Effect.runForkWith(context)(vendor.send(request))
    response.on("close", () => {
      exchange.isClosed = true
      if (exchange.isOver) moving.delete(exchange)
      else moving.add(exchange)
      fiber.interruptUnsafe()
    })
    fiber.addObserver((exit) => {
      if (response.closed) return
      moving.add(exchange)
      if (Exit.isSuccess(exit)) {
        if (isInformational(exit.value.status)) moving.delete(exchange)
        return write(response, exit.value)
      }
      const error = exit.cause.reasons.find(Cause.isFailReason)?.error
      if (error === undefined) exchange.defect = Cause.squash(exit.cause)
      // In memory the vendor keeps the bound; over the sockets the transport has to.
      if (error?.code === "too-large") {
        return write(response, { status: 200, headers: {}, body: new Uint8Array(request.maxBytes + 1) })
      }
      exchange.isRefused = error?.delivery === "not-sent"
      incoming.socket.destroy()
    })
  }

  const port = (server.address() as AddressInfo).port
  const closedPort = yield* Effect.callback<number>((resume) => {
    const probe = NodeHttp.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resume(Effect.succeed(port)))
    })
  })

  const send = (vendor: Service, request: Request): Effect.Effect<Response, TransportError> =>
    Effect.withFiber((fiber) => {
      const id = String(count++)
      const exchange: Exchange = {
        ...{ request, vendor, context: fiber.context },
        ...{ hasArrived: false, isClosed: false, isOver: false, isRefused: false, defect: undefined },
      }
      exchanges.set(id, exchange)
      moving.add(exchange)
      const headers = { ...request.headers, [idHeader]: id }
      return transport.send({ ...request, url: moved(request.url, port), headers }).pipe(
        Effect.catch((error) => {
          if (exchange.defect !== undefined) return Effect.die(exchange.defect)
          return exchange.isRefused
            ? transport.send({ ...request, url: moved(request.url, closedPort) })
            : Effect.fail(error)
        }),
        Effect.onExit((exit) =>
          Effect.sync(() => {
            exchange.isOver = true
            const isEnded = Exit.isSuccess(exit) || !Cause.hasInterrupts(exit.cause)
            if (isEnded || exchange.isClosed) {
              moving.delete(exchange)
              exchanges.delete(id)
              return
            }
            // Where the request has not arrived, it may still do so. Where it has, its socket closes.
            moving.add(exchange)
            let turns = 0
            const turn = () => {
              if (!moving.has(exchange)) return
              turns++
              if (turns < (exchange.hasArrived ? closingTurns : arrivalTurns)) {
                setImmediate(turn)
                return
              }
              moving.delete(exchange)
              if (exchange.hasArrived) problems.push(`${request.method} ${request.url} was given up, and stays open`)
            }
            turn()
          }),
        ),
      )
    })

  return {
    to: (vendor) => ({
      ...(transport.id !== undefined && { id: transport.id }),
      ...(transport.tellsStart !== undefined && { tellsStart: transport.tellsStart }),
      send: (request) => send(vendor, request),
    }),
    isStill: () => moving.size === 0,
    takeProblems: () => problems.splice(0),
  }
})

/** Returns the address on loopback of a URL; one that is none as it is. */
const moved = (url: string, port: number): string => {
  const parsed = URL.parse(url)
  return parsed === null ? url : `http://127.0.0.1:${port}${parsed.pathname}${parsed.search}`
}

/** Returns in what the request that arrived differs from the one that was to be sent. */
const differenceOf = (request: Request, incoming: NodeHttp.IncomingMessage, body: string): string | undefined => {
  const { pathname, search } = new URL(request.url)
  const differences = [
    ["method", request.method, incoming.method],
    ["path", pathname + search, incoming.url],
    ["body", request.body ?? "", body],
    ...Object.entries(request.headers).map(([name, value]) => [
      name,
      Redacted.isRedacted(value) ? Redacted.value(value) : value,
      incoming.headers[name],
    ]),
  ]
  const [name, sent, received] = differences.find(([, one, other]) => one !== other) ?? []
  return name === undefined ? undefined : `the ${name} ${sent} arrived as ${received}`
}

/** Writes an answer, with the headers of the vendor alone. One that Node's server refuses to write leaves as plain bytes. */
const write = (response: NodeHttp.ServerResponse, { status, headers, body }: Response): void => {
  const whole = { ...headers, "content-length": String(body.byteLength) }
  if (isUsual(status, headers, body)) {
    response.sendDate = false
    response.writeHead(status, whole).end(body)
    return
  }
  const { socket } = response
  const lines = Object.entries(whole).map(([name, value]) => `${name}: ${value}\r\n`)
  socket?.write(`HTTP/1.1 ${String(status).padStart(3, "0")} Odd\r\n${lines.join("")}\r\n`)
  socket?.write(body)
  if (!isInformational(status)) socket?.end()
}

/** Whether another answer has to follow. */
const isInformational = (status: number): boolean => status >= 100 && status < 200

const isUsual = (status: number, headers: Response["headers"], body: Uint8Array): boolean => {
  if (status < 200 || (body.byteLength > 0 && [204, 205, 304].includes(status))) return false
  try {
    for (const [name, value] of Object.entries(headers)) NodeHttp.validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}
