import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { analyze, type CaptureInput, type PqcapRecord } from '../src/index.js'

const SAMPLES = new URL('../samples/', import.meta.url)
const CAPTURE_NAME = /\.pcap(ng)?(\.gz)?$/
const paths = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
const captures = paths.filter((path) => CAPTURE_NAME.test(path)).sort()

const schema = JSON.parse(readFileSync(new URL('../schemas/pqcap-1.schema.json', import.meta.url), 'utf8'))
const isLine = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(schema)

describe.each(captures)('%s', (path) => {
  const file = new URL(path, SAMPLES)
  const name = basename(path)

  test('is read as expected', async () => {
    expect(await recordsOf(fileURLToPath(file), name)).toEqual(expected(path))
  })

  test('gives the same in pieces of any size', async () => {
    const bytes = readFileSync(file)
    for (const size of bytes.length > 50_000 ? [7, 4096] : [1, 7, 4096])
      expect(await recordsOf(pieces(bytes, size), name), `${size} bytes at a time`).toEqual(expected(path))
  })

  test('has an expectation that the published schema allows', () => {
    for (const record of expected(path)) expect(isLine(record), JSON.stringify(isLine.errors)).toBe(true)
  })

  test('has a row of provenance', () => {
    expect(readFileSync(new URL('README.md', SAMPLES), 'utf8')).toContain(`| \`${name}\` |`)
  })
})

test('every expectation belongs to a sample', () => {
  const wanted = captures.map((path) => path.replace(CAPTURE_NAME, '.expected.json'))
  expect(paths.filter((path) => path.endsWith('.json')).sort()).toEqual(wanted.sort())
})

test('every row of provenance belongs to a sample', () => {
  const rows = readFileSync(new URL('README.md', SAMPLES), 'utf8').matchAll(/^\| `([^`]+)`/gm)
  const names = captures.map((path) => basename(path))
  for (const [, name] of rows) expect(names).toContain(name)
})

async function recordsOf(input: CaptureInput, name: string): Promise<PqcapRecord[]> {
  const records: PqcapRecord[] = []
  for await (const record of analyze(input, { name })) records.push(record)
  return records
}

function expected(path: string): unknown[] {
  const file = new URL(path.replace(CAPTURE_NAME, '.expected.json'), SAMPLES)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

function* pieces(bytes: Uint8Array, size: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}
