import { describe, expect, test } from 'vitest'
import { policyOfLabels, policyOfPreset } from '../../src/policy/resolve.js'
import { policyOf, problemsOf } from '../support/policies.js'

describe('a policy', () => {
  test('has defaults for what it does not say: evidence that is missing fails, and what agreed on nothing', async () => {
    const { rules, name } = await policyOf('{}')
    expect(name).toBe('p.yaml')
    const on = Object.entries(rules).filter(([, { severity }]) => severity.value !== 'off')
    expect(on.map(([id, { severity }]) => [id, severity.value])).toEqual([
      ['incomplete', 'error'],
      ['outcome', 'error'],
      ['unseen-handshakes', 'warning'],
      ['expectation', 'error'],
      ['empty-run', 'error'],
    ])
  })

  test('changes single values of what it extends, and each value keeps its place', async () => {
    const base = 'name: base\nrules:\n  label: { severity: warning, allowed: [hybrid] }\n'
    const { rules, name } = await policyOf('extends: ./base.yaml\nrules:\n  label: [psk]\n', { 'base.yaml': base })
    expect(name).toBe('p.yaml')
    expect(rules['label']).toEqual({
      severity: { value: 'warning', source: 'base.yaml:3:22' },
      values: { allowed: { value: ['psk'], source: 'p.yaml:3:10' } },
    })
  })

  test('takes the severity alone of a rule that it extends', async () => {
    const { rules } = await policyOf('extends: hybrid\nrules: { label: warning, encryption: off }\n')
    expect(rules['label']?.severity.value).toBe('warning')
    expect(rules['label']?.values['allowed']).toEqual({ value: ['hybrid', 'post-quantum'], source: 'preset hybrid' })
    expect(rules['encryption']?.severity.value).toBe('off')
  })

  test('extends several, of which the last counts most', async () => {
    const { rules } = await policyOf('extends: [hybrid, tls12-minimum]\n')
    expect(rules['tls-version']?.values['minimum']?.value).toBe('TLSv1.2')
    expect(rules['label']?.severity.value).toBe('error')
  })

  test('puts its overrides before those of what it extends', async () => {
    const override = (port: number): string => `overrides: [{ where: { port: ${port} }, rules: off }]\n`
    const { overrides } = await policyOf(`extends: ./b.yaml\n${override(1)}`, { 'b.yaml': override(2) })
    expect(overrides.map(({ where }) => where.port)).toEqual([[1], [2]])
  })

  test('cannot extend itself, nor too many', async () => {
    expect(await problemsOf('extends: ./a.yaml\n', { 'a.yaml': 'extends: ./p.yaml\n' })).toEqual([
      'a.yaml:1:10: ./p.yaml extends itself: p.yaml -> a.yaml -> p.yaml',
    ])
    const chain = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`${index}.yaml`, `extends: ./${index + 1}.yaml\n`]),
    )
    expect(await problemsOf('extends: ./0.yaml\n', chain)).toEqual([
      '6.yaml:1:10: more than 8 policies extend one another',
    ])
    // Ten that extend ten each, and so on: there are a million to be read.
    const wide = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`${index}.yaml`, `extends: [${`./${index + 1}.yaml, `.repeat(10)}]\n`]),
    )
    expect(await problemsOf('extends: ./0.yaml\n', { ...wide, '6.yaml': '{}' })).toEqual([
      '5.yaml:1:71: more than 100 policies are extended in all',
    ])
    expect(await problemsOf('extends: ./none.yaml\n')).toEqual(['p.yaml:1:10: none.yaml: no such file or directory'])
  })

  test('of an override says what a rule needs that the rest of it has off', async () => {
    const text = (rule: string): string => `overrides:\n  - where: { port: 1 }\n    rules: { label: ${rule} }\n`
    expect(await problemsOf(text('error'))).toEqual(['p.yaml:3:21: rule label needs allowed'])
    expect(await problemsOf(text('[hybrid]'))).toEqual([])
    expect(await problemsOf(text('off'))).toEqual([])
  })
})

describe('--require', () => {
  test('asks for the label and for a handshake that came to its end', () => {
    const { name, rules } = policyOfLabels(['hybrid'])
    expect(name).toBe('--require hybrid')
    expect(rules['label']?.values['allowed']?.value).toEqual(['hybrid'])
    expect(rules['outcome']?.severity.value).toBe('error')
  })
})

test('a preset that is not there is told with the nearest one', async () => {
  await expect(policyOfPreset('cnsa-20')).rejects.toThrow("unknown preset 'cnsa-20'; did you mean 'cnsa-2.0'?")
  await expect(policyOfPreset('constructor')).rejects.toThrow("unknown preset 'constructor'")
})
