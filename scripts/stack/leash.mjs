// Loaded into every child before its own code: ends it when the stack is gone, however the stack ended.
// The stack holds the other end of standard input and never writes to it.
import process from 'node:process'
import { setTimeout } from 'node:timers'

const leave = () => process.exit(0)
// Deno waits for a preloaded module to come to rest before it runs the program: so, a moment later.
setTimeout(() => process.stdin.on('end', leave).on('error', leave).resume(), 50).unref()
