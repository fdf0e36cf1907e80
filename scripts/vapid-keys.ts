// Makes the key pair that a hosted project signs its push messages with. The embedded stack makes its own.
//
// Run: npm run --silent vapid-keys
import { makeVapidKeys } from './stack/vapid.ts'

console.log(await makeVapidKeys())
