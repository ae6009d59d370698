#!/usr/bin/env node
/** Starts the program `openretl`, with Node's cache of compiled code: it is on before the rest is loaded. */
import { enableCompileCache } from "node:module"
import process from "node:process"
import { setFlagsFromString } from "node:v8"

// An older Node loads this file in the bundle, and would fail in the next with a stack.
if (typeof enableCompileCache !== "function") {
  process.stderr.write(`openretl needs Node 22.19 or newer: this is Node ${process.version}\n`)
  process.exit(2)
}
const { directory } = enableCompileCache()
// The cache has the functions that V8 compiles as it loads a file: all of them, and not only those that it cannot put off. The first
// start takes 10 ms longer for that, each later one 15 ms less. Node's own modules are compiled already, for V8 as it is otherwise.
if (directory !== undefined) setFlagsFromString("--no-lazy")
const program = import("./main.ts")
if (directory !== undefined) setFlagsFromString("--lazy")
await program
