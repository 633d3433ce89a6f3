import { describe, expect, test } from 'vitest'
import { startMainWorker } from '../../src/cli/main-worker.js'
import type { Analyze } from '../../src/cli/session.js'
import type { FromWorker, WorkerOptions } from '../../src/cli/worker-messages.js'
import { captureRecord, handshakeRecord } from '../support/records.js'
import { textOf } from '../support/session.js'

const OPTIONS: WorkerOptions = { format: 'ndjson', filter: [], reader: 'own', all: false, maxAhead: 1_000_000 }
const analyze: Analyze = async function* (_input, { name = '-', signal } = {}) {
  if (name === 'broken') throw new Error('a defect')
  yield [handshakeRecord({ capture: name })]
  while (name === 'endless' && signal?.aborted !== true) await new Promise((resolve) => setImmediate(resolve))
  yield [captureRecord({ capture: name })]
}

/** What a worker posts until it is done, or dead; `told` hears of each message. */
async function posted(captures: readonly string[], told: (end: () => void) => void = () => {}): Promise<unknown[]> {
  const worker = await startMainWorker(analyze, OPTIONS)
  const messages: unknown[] = []
  await new Promise<void>((resolve) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type !== 'delivery') return
      const ended: { record: { capture: string } }[] = JSON.parse(message.ended)
      const handshakes = textOf(message.text).split('\n').slice(0, -1)
      for (const line of handshakes) messages.push(JSON.parse(line).capture)
      for (const { record } of ended) messages.push(`end of ${record.capture}`)
      if (message.last) resolve()
      else told(() => worker.terminate())
    })
    worker.on('error', ({ message }) => messages.push(message))
    worker.on('exit', (status) => {
      messages.push(status)
      resolve()
    })
    worker.postMessage({ type: 'read', captures })
    messages.push('told')
  })
  return messages
}

describe('the main thread as a worker', () => {
  test('reads what it is told to, and not before the other workers could be told', async () => {
    expect(await posted(['a', 'b'])).toEqual(['told', 'a', 'b', 'end of a', 'end of b'])
  })

  test('dies of a defect as a worker does', async () => {
    expect(await posted(['broken', 'a'])).toEqual(['told', 'a defect', 1])
  })

  test('ends the capture at hand when it is terminated, and reads no other', async () => {
    expect(await posted(['endless', 'a'], (end) => end())).toEqual(['told', 'endless', 'end of endless'])
  })
})
