import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { divide } from '../../src/cli/tasks.js'

const folder = mkdtempSync(join(tmpdir(), 'pqcap-tasks-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A file of a length that takes no room on the disk. */
function file(name: string, megabytes: number): string {
  const path = join(folder, name)
  writeFileSync(path, '')
  truncateSync(path, megabytes * 1024 * 1024)
  return path
}

const small = file('small', 0)
const large = file('large', 300)
const huge = file('huge', 1600)

describe('captures are divided among workers', () => {
  test('in their order, each once', () => {
    const captures = Array.from({ length: 1000 }, (_, index) => (index % 300 === 7 ? large : `no-such-file-${index}`))
    const tasks = divide(captures, 2, true) ?? []
    expect(tasks.flatMap((task) => task.captures)).toEqual(captures)
    expect(tasks.length).toBeGreaterThan(8)
  })

  test('a large one alone, many small ones together', () => {
    const captures = [small, small, large, ...Array.from({ length: 300 }, () => small), large]
    const tasks = divide(captures, 2, true) ?? []
    const counts = tasks.map((task) => task.captures.length)
    expect(counts.slice(0, 2)).toEqual([2, 1])
    expect(counts.at(-1)).toBe(1)
    expect(counts.length).toBeLessThan(8)
  })

  test('so that each worker has some, however little there is', () => {
    expect(divide([small, small, small, small], 2, true)).toHaveLength(4)
  })

  test('but not where a worker would still be starting when all is read', () => {
    expect(divide([small, small], 2, false)).toBeNull()
    expect(divide([small, huge], 2, false)).not.toBeNull()
    expect(divide([small, small], 2, true)).not.toBeNull()
  })

  test('from less on where there are more workers', () => {
    expect(divide([large, large], 2, false)).toBeNull()
    expect(divide([large, large], 8, false)).not.toBeNull()
  })

  test('and not where one of them is read as it is written', () => {
    expect(divide([large, '-'], 2, true)).toBeNull()
    if (process.platform === 'linux') expect(divide([large, '/dev/null'], 2, true)).toBeNull()
  })
})
