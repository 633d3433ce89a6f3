import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { analyzed } from '../support/connection.js'
import { type Variant, variantsOf } from '../support/variants.js'
import { takeApart } from '../support/variants-original.js'
import { brokenPromises } from '../support/variants-promises.js'

const SAMPLES = [
  'hybrid-x25519mlkem768.pcap',
  'retry-to-hybrid.pcap',
  'tls12-secp256r1.pcap',
  'rejected-group.pcap',
  'resumed-tls13-psk-only.pcap',
  'early-data.pcap',
  'ipv6.pcap',
]

const schema = JSON.parse(readFileSync(new URL('../../schemas/pqcap-1.schema.json', import.meta.url), 'utf8'))
const isLine = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(schema)

const PROMISES: Readonly<Record<Variant['promised'], string>> = {
  identical: 'reads exactly the same from',
  unchanged: 'reads the same facts from',
  degraded: 'says nothing false of',
  survives: 'survives',
}

const samples = await Promise.all(
  SAMPLES.map(async (sample) => {
    const file = readFileSync(new URL(`../../samples/${sample}`, import.meta.url))
    const variants = variantsOf(await takeApart(file))
    return { sample, rows: byRow(variants), original: await analyzed(file) }
  }),
)

describe.each(samples)('$sample', ({ rows, original }) => {
  test.each(rows)('%s %s', async (_promise, _row, variants) => {
    for (const variant of variants) {
      const found = await analyzed(variant.make())
      expect(brokenPromises(variant, original, found), variant.name).toEqual([])
      for (const record of [...found.handshakes, found.capture])
        expect(isLine(record), `${variant.name}: ${JSON.stringify(isLine.errors)}`).toBe(true)
    }
  })
})

test('are as many as the README says', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const told = [...readme.matchAll(/^\| [^|]+ \| ([\d,]+) \| [^|]+ \| holds \|$/gm)].map(([, count]) =>
    Number(count?.replaceAll(',', '')),
  )
  const made = samples.flatMap(({ rows }) => rows.map(([, , variants]) => variants.length))
  expect(told.length).toBeGreaterThan(10)
  expect(sum(told)).toBe(sum(made))
})

/** The variants of each promise and row. */
function byRow(variants: readonly Variant[]): (readonly [promise: string, row: string, Variant[]])[] {
  const rows = new Map<string, readonly [string, string, Variant[]]>()
  for (const variant of variants) {
    const { promised, row } = variant
    const found = rows.get(promised + row) ?? [PROMISES[promised], row, []]
    rows.set(promised + row, found)
    found[2].push(variant)
  }
  return [...rows.values()]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
