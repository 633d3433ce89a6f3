import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import { evaluatorOf } from '../../../src/policy/evaluate.js'
import { PRESETS } from '../../../src/policy/presets/index.js'
import { policyText } from '../../../src/policy/print.js'
import { policyOfPreset } from '../../../src/policy/resolve.js'
import type { Group } from '../../../src/verdict/record.js'
import { plainDigest, policyOf } from '../../support/policies.js'
import {
  handshakeRecord,
  hello,
  KYBER_DRAFT,
  negotiated,
  tls12Record,
  verdict,
  X25519MLKEM768,
} from '../../support/records.js'

test.each(Object.values(PRESETS))('the preset $name is printed with its source and date', async (preset) => {
  const text = policyText(await policyOfPreset(preset.name))
  expect(text).toContain(`\ndescription: ${JSON.stringify(preset.description)}\n`)
  expect(text).toContain(`\nsource: ${JSON.stringify(preset.source)}\ndate: "${preset.date}"\n`)
  const again = await policyOf(text)
  expect([again.source, again.date]).toEqual([preset.source, preset.date])
})

const SAMPLES = fileURLToPath(new URL('../../../samples/', import.meta.url))

/** Samples in which every handshake passes, and of some others the rules that fail. */
const EXPECTED: Readonly<
  Record<string, { passes: readonly string[]; fails: Readonly<Record<string, readonly string[]>> }>
> = {
  hybrid: {
    passes: [
      'hybrid-x25519mlkem768',
      'hybrid-secp384r1mlkem1024',
      'post-quantum-mlkem768',
      'retry-to-hybrid',
      'ipv6',
      'vxlan',
    ],
    fails: {
      'classical-x25519': ['label'],
      'resumed-tls13-psk-only': ['label'],
      'tls12-rsa': ['label', 'tls-version', 'encryption'],
      'rejected-group': ['outcome'],
      'snap-length-96': ['incomplete'],
    },
  },
  'cnsa-2.0': {
    passes: [],
    fails: {
      'hybrid-x25519mlkem768': ['groups'],
      'hybrid-secp384r1mlkem1024': ['groups'],
      'post-quantum-mlkem768': ['groups'],
      'hybrid-secp256r1mlkem768': ['groups'],
    },
  },
  'tls12-minimum': {
    passes: ['tls12-rsa', 'classical-x25519', 'rejected-version', 'resumed-tls12'],
    fails: { 'snap-length-96': ['incomplete'] },
  },
  'aws-pq': {
    passes: ['hybrid-x25519mlkem768', 'hybrid-secp256r1mlkem768', 'hybrid-secp384r1mlkem1024', 'hybrid-three-shared'],
    fails: { 'post-quantum-mlkem768': ['groups'], 'tls12-x25519': ['label', 'tls-version', 'groups', 'encryption'] },
  },
  'no-obsolete-drafts': {
    passes: [
      'hybrid-x25519mlkem768',
      'classical-x25519',
      'tls12-dhe',
      'post-quantum-mlkem768',
      'grease-chromium',
      'rejected-group',
    ],
    fails: { 'snap-length-96': ['incomplete'] },
  },
}

const files = readdirSync(SAMPLES).filter((name) => /\.pcap(?:ng)?(?:\.gz)?$/.test(name))

async function failedRules(preset: string, sample: string): Promise<string[]> {
  const file = files.find((name) => name.startsWith(`${sample}.pcap`)) as string
  const evaluator = await evaluatorOf({ policy: await policyOfPreset(preset), roots: [] }, plainDigest)
  const rules = new Set<string>()
  for await (const record of analyze(join(SAMPLES, file))) {
    const failures = record.type === 'handshake' ? evaluator.handshake(record)?.failures : evaluator.capture(record)
    for (const { rule } of failures ?? []) rules.add(rule)
  }
  return [...rules]
}

describe.each(Object.keys(PRESETS))('the preset %s', (name) => {
  const { passes, fails } = EXPECTED[name] as (typeof EXPECTED)[string]

  test.each(passes)('lets %s pass', async (sample) => {
    expect(await failedRules(name, sample)).toEqual([])
  })

  test.each(Object.entries(fails))('does not let %s pass', async (sample, rules) => {
    expect(await failedRules(name, sample)).toEqual(rules)
  })

  test('names its sources, a date, and what is disputed about it', () => {
    const preset = PRESETS[name]
    expect(preset?.name).toBe(name)
    expect(preset?.date).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(preset?.source.length).toBeGreaterThan(10)
    if (['hybrid', 'cnsa-2.0', 'aws-pq'].includes(name)) expect(preset?.description).toContain('Disputed: ')
  })
})

describe('what no sample has', () => {
  const mlkem1024: Group = { id: 0x0202, name: 'MLKEM1024', kind: 'post-quantum', status: 'draft' }
  const cipherSuite = { id: 0x1302, name: 'TLS_AES_256_GCM_SHA384' }
  const cnsa = handshakeRecord({
    verdict: verdict('post-quantum', { reason: 'post-quantum-selected' }),
    negotiated: negotiated(mlkem1024, { cipherSuite }),
  })
  const kyber = handshakeRecord({ clientHello: hello({ supportedGroups: [KYBER_DRAFT, X25519MLKEM768] }) })
  const unanswered = handshakeRecord({
    verdict: verdict(null, { outcome: 'unanswered', reason: 'no-answer' }),
    negotiated: null,
    serverHello: null,
  })

  test.each([
    ['cnsa-2.0', cnsa, []],
    ['cnsa-2.0', { ...cnsa, negotiated: negotiated(mlkem1024) }, ['cipher-suite']],
    ['hybrid', cnsa, []],
    ['hybrid', handshakeRecord({ negotiated: negotiated(KYBER_DRAFT) }), ['group-status']],
    ['no-obsolete-drafts', kyber, ['group-status']],
    ['tls12-minimum', unanswered, ['outcome']],
    ['no-obsolete-drafts', unanswered, []],
    ['tls12-minimum', tls12Record({ negotiated: negotiated(null, { version: 'TLSv1.1' }) }), ['tls-version']],
  ])('under %s', async (preset, record, rules) => {
    const evaluator = await evaluatorOf({ policy: await policyOfPreset(preset), roots: [] }, plainDigest)
    expect(evaluator.handshake(record)?.failures.map(({ rule }) => rule) ?? []).toEqual(rules)
  })
})
