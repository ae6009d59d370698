/** What the example servers read from the environment: the emulator that plays the vendor, and where to listen. */
import type { Server } from "node:net"
import process from "node:process"
import type * as RudderStack from "@openretl/rudderstack/RudderStack"

const {
  RUDDERSTACK_URL: baseUrl,
  CONNECTION: connection = "",
  OPENRETL_JOURNAL: journal = "retl.db",
  PORT = "3000",
  RUDDERSTACK_TOKEN: token = "",
} = process.env

/** The emulator's address, and its times: real vendors take minutes. Empty for a real account. */
const local: Partial<Pick<RudderStack.Options, "baseUrl" | "writeTimeout" | "runAppearsWithin">> =
  baseUrl === undefined ? {} : { baseUrl, writeTimeout: "5 seconds", runAppearsWithin: "1 second" }

export const environment = {
  /** The id of the connection behind the button. */
  connection,
  /** The file of the journal. */
  journal,
  local,
  /** The token of the workspace. */
  token,
  /** The port to listen on; 0 for any. */
  port: Number(PORT),
  /** Prints the address of a server that listens. */
  listening: (server: Pick<Server, "address">) => {
    const address = server.address()
    if (typeof address === "object" && address !== null) console.log(`http://127.0.0.1:${address.port}`)
  },
}
