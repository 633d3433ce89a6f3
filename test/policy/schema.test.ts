import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { PRESETS } from '../../src/policy/presets/index.js'
import { policyText } from '../../src/policy/print.js'
import { policyOfPreset } from '../../src/policy/resolve.js'
import { STARTER } from '../../src/policy/starter.js'
import { policyOf, problemsOf } from '../support/policies.js'

const ROOT = new URL('../../', import.meta.url)
const schema = JSON.parse(readFileSync(new URL('schemas/pqcap-policy-1.schema.json', ROOT), 'utf8'))
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
const isPolicy = ajv.compile(schema)

const GOOD = [
  '{}',
  'rules: {}',
  'name: a\ndescription: b\nsource: c\ndate: 2026-11-22\n$schema: ./s.json\n',
  'extends: [hybrid, ./other.yaml]\n',
  'rules: { label: [hybrid], outcome: error, incomplete: warning, empty-run: off }\n',
  'rules: { tls-version: 1.2, groups: [0x11ec, 4588, "0x001D", P-256], cipher-suite: { denied: ["TLS_RSA_*", 5] } }\n',
  'rules: { tls-version: { allowed: [TLSv1.3-draft23, "1.3", tls1.2], severity: warning } }\n',
  'rules: { offer: { kinds: hybrid, any-of: [X25519MLKEM768] }, key-shares: X25519MLKEM768 }\n',
  'rules: { handshake-bytes: { client-max: 2000 }, round-trips: 2, hello-retry-requests: 0 }\n',
  'overrides:\n  - where: { server-name: "*.a", address: [10.0.0.0/8, "::1"], port: 443, capture: "*.pcap" }\n    rules: off\n',
  'overrides:\n  - where: { port: [1, 2] }\n    rules: { label: [psk], incomplete: off }\n',
  'expect:\n  - kms.*.amazonaws.com at least 1 hybrid\n  - a at most 0\n  - { server-name: a, label: [hybrid], at-least: 2, severity: warning }\n',
]

const BAD = [
  '[]',
  'rule: {}',
  'name: [a]',
  'rules: { lable: error }',
  'rules: { label: fatal }',
  'rules: { label: [] }',
  'rules: { label: {} }',
  'rules: { label: { allowed: [hybird] } }',
  'rules: { label: { alowed: [hybrid] } }',
  'rules: { incomplete: 3 }',
  'rules: { groups: [X25519MLKEM786] }',
  'rules: { groups: [70000] }',
  'rules: { groups: ["0x11ec0"] }',
  'rules: { cipher-suite: [TLS_NONE] }',
  'rules: { tls-version: 1.4 }',
  'rules: { hello-retry-requests: 2 }',
  'rules: { round-trips: 1.5 }',
  'overrides: {}',
  'overrides: [{ rules: off }]',
  'overrides: [{ where: {}, rules: off }]',
  'overrides: [{ where: { port: 70000 }, rules: off }]',
  'overrides: [{ where: { host: a }, rules: off }]',
  'overrides: [{ where: { address: nowhere }, rules: off }]',
  'overrides: [{ where: { port: 1 }, rules: { empty-run: off } }]',
  'overrides: [{ where: { port: 1 } }]',
  'expect: [a]',
  'expect: [a at least one hybrid]',
  'expect: [{ label: hybrid }]',
  'expect: [{ server-name: a, at-least: -1 }]',
  'extends: {}',
]

describe('the published schema and the loader', () => {
  test.each(GOOD)('take %j', async (text) => {
    expect(await problemsOf(text, { 'other.yaml': '{}' })).toEqual([])
    expect(isPolicy(parse(text)), JSON.stringify(isPolicy.errors)).toBe(true)
  })

  test.each(BAD)('refuse %j', async (text) => {
    expect(await problemsOf(text)).not.toEqual([])
    expect(isPolicy(parse(text))).toBe(false)
  })

  test.each(Object.keys(PRESETS))('take the preset %s, and what is printed of it', async (name) => {
    expect(isPolicy(PRESETS[name]), JSON.stringify(isPolicy.errors)).toBe(true)
    const printed = policyText(await policyOfPreset(name))
    expect(isPolicy(parse(printed)), JSON.stringify(isPolicy.errors)).toBe(true)
    expect(await problemsOf(printed)).toEqual([])
  })

  test('take the starter, with what it has in comments', async () => {
    expect(await problemsOf(STARTER)).toEqual([])
    expect(isPolicy(parse(STARTER))).toBe(true)
    const commented = STARTER.slice(STARTER.indexOf('name:')).replace(/^( *)# (?=(?:- |\w[\w-]*:|\s{2,}[-\w]))/gm, '$1')
    expect(commented).toContain('\nexpect:\n')
    expect(commented).toContain('\noverrides:\n  - where:\n')
    // An example that is in force would be told of in every run that it does not fit.
    expect(STARTER).not.toMatch(/^overrides:/m)
    expect(await problemsOf(commented)).toEqual([])
    expect(isPolicy(parse(commented)), JSON.stringify(isPolicy.errors)).toBe(true)
  })

  test('agree, as the one is made of the table of the other', () => {
    const script = fileURLToPath(new URL('scripts/make-policy-schema.mjs', ROOT))
    const { stdout } = spawnSync(process.execPath, [script, '--print'], { encoding: 'utf8' })
    expect(JSON.parse(stdout)).toEqual(schema)
  })
})

describe('a policy that is printed', () => {
  test('is the same when it is read again', async () => {
    const text = `
name: "odd: \\u001b[2J # name"
extends: [cnsa-2.0]
rules:
  groups: [0x6399, P-256]
  cipher-suite: { denied: ['TLS_RSA_*'] }
  label: { severity: warning, allowed: [psk] }
overrides:
  - where: { server-name: ['*.a', "it's"], address: '2001:db8::/32', port: 443 }
    rules: off
expect:
  - a.* at most 3
  - { port: 443, at-least: 2, label: hybrid, severity: warning }
`
    const printed = policyText(await policyOf(text))
    expect(printed).not.toContain('\u001b')
    const withoutSources = (policy: unknown): unknown =>
      JSON.parse(JSON.stringify(policy, (key, value) => (key === 'source' || key === 'text' ? undefined : value)))
    const [before, after] = [await policyOf(text), await policyOf(printed)].map((policy) => {
      const { rules, ...rest } = policy
      const on = Object.entries(rules).filter(([, { severity }]) => severity.value !== 'off')
      return withoutSources({ ...rest, rules: Object.fromEntries(on) })
    })
    expect(after).toEqual(before)
  })

  test('says of each value where it is from', async () => {
    const printed = policyText(await policyOf('extends: hybrid\nrules:\n  label: [hybrid]\n'))
    expect(printed).toMatch(
      /\n {2}label:\n {4}severity: error +# preset hybrid\n {4}allowed: \[hybrid\] +# p\.yaml:3:10\n/,
    )
    expect(printed).toMatch(/\n {2}incomplete: error +# default\n/)
  })
})
