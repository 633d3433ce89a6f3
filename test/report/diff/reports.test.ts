import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import type { Comparison } from '../../../src/compare/comparison.js'
import { DIFF_REPORTERS, type DiffFormat } from '../../../src/report/diff/index.js'
import type { HandshakeRecord } from '../../../src/verdict/record.js'
import { comparisonOf, plainRecord } from '../../support/comparisons.js'
import {
  classicalRecord,
  handshakeRecord,
  hello,
  incompleteRecord,
  rejectedRecord,
  retriedRecord,
  tls12Record,
} from '../../support/records.js'

const FORMATS = Object.keys(DIFF_REPORTERS) as readonly DiffFormat[]

async function printed(
  format: DiffFormat,
  comparison: Comparison,
  { width = 80, all = false, colored = false } = {},
): Promise<string> {
  const report = await DIFF_REPORTERS[format]()
  return [...report(comparison, { width, all, colors: picocolors.createColors(colored) })].join('')
}

const several = (make: (i: number) => HandshakeRecord, count: number) =>
  Array.from({ length: count }, (_, i) => make(i))

const manyGroups = handshakeRecord({
  clientHello: hello({
    supportedGroups: Array.from({ length: 1000 }, (_, id) => ({
      id,
      name: `group ${id}`,
      kind: 'unknown',
      status: 'unassigned',
    })),
  }),
})

const COMPARISONS: Readonly<Record<string, () => Comparison>> = {
  'classical and hybrid': () => comparisonOf([plainRecord()], [handshakeRecord()]),
  'TLS 1.2 and a retry': () => comparisonOf([tls12Record()], [retriedRecord()]),
  'hybrid and rejected': () => comparisonOf([handshakeRecord()], [rejectedRecord()]),
  'hybrid and incomplete': () => comparisonOf([handshakeRecord()], [incompleteRecord({ clientHello: null })]),
  'two that are the same': () => comparisonOf([handshakeRecord()], [handshakeRecord()]),
  'a hello with a thousand groups': () => comparisonOf([plainRecord()], [manyGroups]),
  'many of two servers': () =>
    comparisonOf(
      several((i) => plainRecord({ stream: i, serverName: i < 20 ? 'a.example.test' : 'b.example.test' }), 25),
      several((i) => handshakeRecord({ stream: i, serverName: i < 22 ? 'a.example.test' : 'b.example.test' }), 24),
    ),
  'one side with nothing': () => comparisonOf([], [handshakeRecord()]),
  'nothing at all': () => comparisonOf([], []),
}

describe.each(Object.entries(COMPARISONS))('of %s', (_, make) => {
  test.each([40, 60, 80, 100, 140])('the text is no wider than %i columns', async (width) => {
    const text = await printed('text', make(), { width, all: true })
    expect(text.split('\n').filter((line) => [...line].length > width)).toEqual([])
  })

  test('the text is the same words without colour', async () => {
    const colored = await printed('text', make(), { all: true, colored: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours are made of
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(await printed('text', make(), { all: true }))
  })

  test('the JSON is what the published schema says', async () => {
    const document = JSON.parse(await printed('json', make()))
    expect(isDocument(document), JSON.stringify(isDocument.errors)).toBe(true)
    expect(document.pairs).toHaveLength(document.summary.pairs)
  })

  test('the picture is well-formed, and has a title and a description', async () => {
    for (const all of [false, true]) {
      const contents = await printed('svg', make(), { all })
      const { valid, errors } = await validateXML({ xml: { fileName: 'a.svg', contents }, normalization: 'format' })
      expect(errors).toEqual([])
      expect(valid).toBe(true)
      expect(contents).toMatch(/<title id="title">.+<\/title>\n<desc id="description">.+<\/desc>/)
      expect(contents).not.toMatch(/href|url\(|<script|<style|<image/)
    }
  })

  test.each(FORMATS)('the same comparison gives the same %s', async (format) => {
    expect(await printed(format, make(), { all: true })).toBe(await printed(format, make(), { all: true }))
  })
})

const schema = JSON.parse(readFileSync(new URL('../../../schemas/pqcap-diff-1.schema.json', import.meta.url), 'utf8'))
const isDocument = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(
  schema,
)

test('the schema has every field that is printed', async () => {
  const documents = await Promise.all(
    Object.values(COMPARISONS).map(async (make) => JSON.parse(await printed('json', make()))),
  )
  const strict = JSON.parse(
    JSON.stringify(schema, (_, value) =>
      value?.properties === undefined ? value : { ...value, additionalProperties: false },
    ),
  )
  const isExact = new Ajv2020({ strict: false, allErrors: true }).compile({ ...strict, $id: 'urn:pqcap:exact' })
  for (const document of documents) expect(isExact(document), JSON.stringify(isExact.errors)).toBe(true)
})

describe('the text', () => {
  test('has both sides, the difference, the factor and the verdict', async () => {
    const text = await printed('text', comparisonOf([plainRecord()], [handshakeRecord()]))
    expect(text).toMatch(/^key exchange +x25519 +X25519MLKEM768 +changed$/m)
    expect(text).toMatch(/^groups +- +X25519MLKEM768 +added$/m)
    expect(text).toMatch(/^ClientHello bytes +310 +1,530 +\+1,220, x4\.94$/m)
    expect(text).toMatch(/^ in one segment +yes +no, 2 segments +changed$/m)
    expect(text.replaceAll('\n', ' ')).toContain('ClientHello 1.2 kB larger, now two segments; no extra round trip')
  })

  test('puts both sides below each other where there is little room', async () => {
    const text = await printed('text', comparisonOf([plainRecord()], [handshakeRecord()]), { width: 56 })
    expect(text).toMatch(/^key exchange +x25519 +changed\n +> X25519MLKEM768$/m)
  })

  test('draws both sides of all messages on one scale', async () => {
    const text = await printed('text', comparisonOf([plainRecord()], [handshakeRecord()]), { width: 100 })
    const bars = [...text.matchAll(/(?:before|after) +([\d,]+) {2}([█▓▒░]*)$/gm)].map(
      ([, bytes, bar]) => [Number((bytes as string).replace(',', '')), (bar as string).length] as const,
    )
    expect(bars.length).toBeGreaterThan(5)
    const most = Math.max(...bars.map(([bytes]) => bytes))
    const widest = Math.max(...bars.map(([, columns]) => columns))
    for (const [bytes, columns] of bars) expect(columns).toBe(Math.round((bytes / most) * widest))
  })

  test('counts transitions by server name, and says what limits the sample', async () => {
    const text = await printed('text', (COMPARISONS['many of two servers'] as () => Comparison)())
    expect(text).toContain('22 pairs, by server name')
    expect(text).toContain('22  classical -> hybrid\n22 stronger')
    expect(text).toContain('b.example.test, 2 pairs')
    expect(text).toContain('2 pairs are fewer than 20')
    expect(text).toMatch(/^only before: classic\.pcap#22, b\.example\.test$/m)
    expect(text).toMatch(/^ClientHello bytes +22 +310 -> 1,530 +310 -> 1,530 +\+1,220$/m)
  })

  test('gives the bars of a summary no colour of a part', async () => {
    const picture = await printed('svg', (COMPARISONS['many of two servers'] as () => Comparison)())
    expect(picture).toContain('<rect ')
    for (const colour of ['#0072b2', '#e69f00', '#cc79a7', '#d5dade']) expect(picture).not.toContain(colour)
  })
})

describe('hostile names', () => {
  const NAMES = [
    '\u001b[2J\u001b[31mred',
    'a\nb\rc\u2028d',
    '\u202egnp.exe',
    '<script>alert(1)</script>&amp;"\'',
    '](javascript:x) **bold** `code` ``two`` | cell | #1 @someone',
    '--> ]]> <![CDATA[',
    '\ud800 lone',
    '\ufffe\uffff',
    'x'.repeat(5000),
  ]

  test.each(NAMES)('%j does no harm in any format', async (name) => {
    const before = plainRecord({ serverName: name, capture: `${name}.pcap` })
    const after = [handshakeRecord({ serverName: name }), classicalRecord({ serverName: `${name}2`, stream: 1 })]
    const comparison = comparisonOf([before], after)
    for (const format of FORMATS) {
      const text = await printed(format, comparison, { all: true })
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      if (format === 'svg') {
        const { errors } = await validateXML({ xml: { fileName: 'a.svg', contents: text }, normalization: 'format' })
        expect(errors).toEqual([])
        expect(text).not.toContain('<script')
      }
      if (format === 'json') expect(JSON.parse(text).servers[0].serverName).toBe(name)
      if (format === 'markdown') {
        const outsideOfCode = text.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
        expect(outsideOfCode).not.toMatch(/javascript:|<script|@someone/)
        // A bar that is not escaped would make more cells than the table has.
        for (const row of text.split('\n').filter((line) => /^\| (?!-)/.test(line)))
          expect(row.match(/(?<!\\)\|/g)?.length).toBeGreaterThanOrEqual(5)
      }
    }
  })
})
