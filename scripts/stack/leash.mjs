// Loaded into every child before its own code: ends it when the stack is gone, however the stack ended.
// The stack holds the other end of standard input; only the function is ever told something there.
import process from 'node:process'

const leave = () => process.exit(0)
process.stdin.on('end', leave).on('error', leave).resume()
