import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ALERT_ROWS } from '../../src/registry/alert-rows.js'
import { CIPHER_SUITE_ROWS } from '../../src/registry/cipher-suite-rows.js'
import { EXTENSION_ROWS } from '../../src/registry/extension-rows.js'
import { GROUP_NAME_ROWS } from '../../src/registry/group-name-rows.js'
import { GROUP_NOTES } from '../../src/registry/group-notes.js'
import { GROUP_RANGE_ROWS, GROUP_ROWS } from '../../src/registry/group-rows.js'
import { LINK_TYPE_ROWS } from '../../src/registry/link-type-rows.js'
import { SIGNATURE_SCHEME_ROWS } from '../../src/registry/signature-scheme-rows.js'

const generator = new URL('../../scripts/make-registry.mjs', import.meta.url).href
const { registryFiles } = (await import(generator)) as { registryFiles(): ReadonlyMap<string, string> }

describe('the row tables', () => {
  it.each([...registryFiles()])('of %s are what scripts/make-registry.mjs makes of the snapshot', (name, text) => {
    expect(readFileSync(new URL(`../../src/registry/${name}`, import.meta.url), 'utf8')).toBe(text)
  })

  it.each([
    ['alerts', ALERT_ROWS],
    ['cipher suites', CIPHER_SUITE_ROWS],
    ['extensions', EXTENSION_ROWS],
    ['link types', LINK_TYPE_ROWS],
    ['signature schemes', SIGNATURE_SCHEME_ROWS],
  ])('of %s are sorted, each code point once, each with a name', (_, rows) => {
    const ids = rows.map((row) => row[0])
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
    for (const row of rows) expect(row[1]).toMatch(/^\S/)
  })

  it('of groups hold names of one word', () => {
    for (const row of GROUP_ROWS) expect(row[1]).toMatch(/^[\w-]+$/)
  })

  it('of notes have one for each group and range', () => {
    const named = [...GROUP_ROWS.map((row) => [row[0], row[1]]), ...GROUP_RANGE_ROWS.map((row) => [row[0], row[2]])]
    const noted = GROUP_NOTES.map((note) => [note[0], note[1]])
    expect(noted.map(String).sort()).toEqual(named.map(String).sort())
  })

  it('of the names that programs use are each of a group, once for a program, and none is empty', () => {
    const named = new Set(GROUP_ROWS.map((row) => `${row[0]} ${row[1]}`))
    const seen = new Set<string>()
    for (const [id, name, program, names] of GROUP_NAME_ROWS) {
      expect(named).toContain(`${id} ${name}`)
      expect(seen).not.toContain(`${id} ${name} ${program}`)
      seen.add(`${id} ${name} ${program}`)
      for (const word of names.split(';')) expect(word).toMatch(/^\S.*\S$/)
    }
  })

  it('of notes hold nothing that the snapshot marks as not checked', () => {
    for (const note of GROUP_NOTES) expect(note.join(' ')).not.toMatch(/unverified|recalled|secondary/)
  })
})
