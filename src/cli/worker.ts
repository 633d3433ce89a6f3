import { parentPort, workerData } from 'node:worker_threads'
import { analyzeInBatches } from '../analyze.js'
import { captureReading } from './capture-reading.js'
import type { ToWorker, WorkerOptions } from './worker-messages.js'

/** A worker thread: reads the captures it is told to. */

const port = parentPort
if (port === null) throw new Error('pqcap starts this file as a worker thread')
const options: WorkerOptions = workerData
const follow = await captureReading(analyzeInBatches, options, (message) => port.postMessage(message))
port.on('message', (message: ToWorker) => void follow(message))
