// `npm run faults`: everything that may break around a call, broken on purpose, on a real PostgreSQL with the
// function as a process of its own. A claim that does not hold fails the run.
//
// Run: npm run faults [-- <scenario> …] [-- --short] [-- --seed=<number>]
import { runScenarios } from '../scenarios/scenario.ts'
import { databaseStops } from './database-stops.ts'
import { kills } from './kills.ts'
import { network } from './network.ts'
import { oneDeadServer } from './one-dead-server.ts'
import { stepByStep } from './steps.ts'

await runScenarios([kills, stepByStep, databaseStops, network, oneDeadServer])
