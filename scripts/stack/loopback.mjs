// Loaded into the demo upstreams, which would listen on every network interface: here, on loopback only.
import { Server } from 'node:net'

const listen = Server.prototype.listen
Server.prototype.listen = function (...given) {
  const [first, ...rest] = given
  const isPort = typeof first === 'number' || typeof first === 'string'
  return isPort
    ? listen.call(this, { port: Number(first), host: '127.0.0.1' }, ...rest)
    : listen.apply(this, given)
}
