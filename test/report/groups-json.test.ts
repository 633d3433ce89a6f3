import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { allGroupFacts, factsOfCodePoint, type GroupFacts } from '../../src/registry/group-facts.js'
import { groupsJson } from '../../src/report/groups-json.js'

const schema = JSON.parse(readFileSync(new URL('../../schemas/pqcap-groups-1.schema.json', import.meta.url), 'utf8'))
const isDocument = new Ajv2020({ strict: true, strictTypes: false, allErrors: true, allowUnionTypes: true }).compile(
  schema,
)

/** The document with its first group changed. */
function changed(change: Record<string, unknown>): unknown {
  const [group] = factsOfCodePoint(0x11ec)
  return { schema: 'pqcap-groups/1', groups: [{ ...group, ...change }] }
}

describe('the document of groups', () => {
  test('holds every group as the schema says', () => {
    const facts = [...allGroupFacts(), ...factsOfCodePoint(0x1388), ...factsOfCodePoint(0xfe55)]
    const document = JSON.parse(groupsJson(facts))
    expect(isDocument(document), JSON.stringify(isDocument.errors)).toBe(true)
    expect(document.groups).toEqual(facts)
  })

  test('is a group on a line', () => {
    const lines = groupsJson(factsOfCodePoint(0xfe32)).split('\n')
    expect(lines.slice(0, 3)).toEqual(['{', '  "schema": "pqcap-groups/1",', '  "groups": ['])
    expect(lines).toHaveLength(9)
    expect(groupsJson([])).toBe('{\n  "schema": "pqcap-groups/1",\n  "groups": []\n}\n')
  })

  test('may have fields that are added later', () => {
    expect(isDocument(changed({ added: 1 }))).toBe(true)
  })

  test.each(Object.keys(factsOfCodePoint(0x11ec)[0] as GroupFacts))('has the field %s', (field) => {
    expect(isDocument(changed({ [field]: undefined }))).toBe(false)
  })

  test.each([
    ['a code point as text', { id: '0x11ec' }],
    ['a code point beyond 16 bits', { id: 65536 }],
    ['an unknown kind', { kind: 'quantum' }],
    ['a share without bytes', { clientShare: { parts: null } }],
    ['a program without names', { knownAs: [{ program: 'OpenSSL', names: [] }] }],
  ])('refuses %s', (_, change) => {
    expect(isDocument(changed(change))).toBe(false)
  })
})
