import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { captureInput } from '../../src/cli/live-input.js'
import { analyze } from '../../src/index.js'
import { fakeSession } from '../support/session.js'

test('a named pipe that cannot be opened is a capture that cannot be read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pqcap-live-input-'))
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const input = captureInput(pipe, fakeSession())
  rmSync(folder, { recursive: true })
  const errors: unknown[] = []
  for await (const record of analyze(input)) if (record.type === 'capture') errors.push(record.error)
  expect(errors).toEqual([{ code: 'unreadable', message: 'cannot be read: no such file or directory', offset: 0 }])
})
