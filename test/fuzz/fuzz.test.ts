import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const RUN = fileURLToPath(new URL('../../fuzz/run.mjs', import.meta.url))
const CORPUS = fileURLToPath(new URL('../../fuzz/corpus/', import.meta.url))
const finds = mkdtempSync(join(tmpdir(), 'pqcap-fuzz-'))

afterAll(() => rmSync(finds, { recursive: true }))

function fuzz(...options: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, ...options], { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

describe('what the fuzzer found before', () => {
  const names = readdirSync(CORPUS).filter((name) => name.endsWith('.bin'))
  const { status, output } = fuzz('--corpus')
  const low = fuzz('--corpus', '--tight')

  test.each(names.map((name) => name.slice(0, -'.bin'.length)))('%s breaks nothing any more', (name) => {
    expect(existsSync(join(CORPUS, `${name}.json`))).toBe(true)
    expect(output + low.output).toContain(`holds ${name}\n`)
  })

  test('is all that there is', () => {
    expect(output + low.output).not.toContain('BREAKS')
    expect([status, low.status]).toEqual([0, 0])
  })
})

describe('the fuzzer', () => {
  test('finds nothing in a short run', () => {
    const { status, output } = fuzz('--inputs', '350', '--seed', '1', '--folder', finds)
    expect(output).toContain('350 inputs in ')
    expect(output).toMatch(/, 0 finds\n$/)
    expect(status).toBe(0)
  })

  test('finds nothing where limits are low', () => {
    const { status, output } = fuzz('--tight', '--inputs', '150', '--seed', '2', '--folder', finds)
    expect(output).toMatch(/, 0 finds\n$/)
    expect(status).toBe(0)
  })
})
