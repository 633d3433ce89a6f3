import { describe, expect, test } from 'vitest'
import { PolicyError } from '../../src/policy/node.js'
import { yamlNode } from '../../src/policy/yaml-node.js'
import { problemsOf } from '../support/policies.js'

describe('a mistake in a policy is told with its place and the nearest known word', () => {
  test.each([
    ['rules:\n  lable: error\n', "p.yaml:2:3: unknown rule 'lable'; did you mean 'label'?"],
    ['ruels: {}\n', "p.yaml:1:1: unknown key 'ruels'; did you mean 'rules'?"],
    [
      'rules:\n  label:\n    alowed: [hybrid]\n',
      "p.yaml:3:5: unknown setting of rule label 'alowed'; did you mean 'allowed'?",
    ],
    [
      'rules:\n  groups: [X25519MLKEM786]\n',
      "p.yaml:2:12: unknown group 'X25519MLKEM786'; did you mean 'X25519MLKEM768'?",
    ],
    ['rules:\n  groups: [70000]\n', 'p.yaml:2:12: group 70000 is more than 65535'],
    [
      'rules:\n  cipher-suite: [TLS_AES_256_GCM_SHA383]\n',
      "p.yaml:2:18: unknown cipher suite 'TLS_AES_256_GCM_SHA383'; did you mean 'TLS_AES_256_GCM_SHA384'?",
    ],
    ["rules:\n  cipher-suite: ['TLS_RSB_*']\n", "p.yaml:2:18: no cipher suite matches 'TLS_RSB_*'"],
    ['rules:\n  label: [hybird]\n', "p.yaml:2:11: unknown word 'hybird'; did you mean 'hybrid'?"],
    ['rules:\n  label: eror\n', "p.yaml:2:10: unknown word 'eror'; did you mean 'error'?"],
    ['rules:\n  incomplete: eror\n', "p.yaml:2:15: unknown word 'eror'; did you mean 'error'?"],
    ['rules:\n  label: []\n', 'p.yaml:2:10: an empty list'],
    ['rules:\n  label: {}\n', 'p.yaml:2:10: nothing is asked of rule label'],
    ['rules:\n  label: error\n', 'p.yaml:2:10: rule label needs allowed'],
    ['rules:\n  tls-version: TLSv1.4\n', "p.yaml:2:16: unknown version 'TLSv1.4'; did you mean 'TLSv1.1'?"],
    ['rules:\n  hello-retry-requests: 2\n', 'p.yaml:2:25: 2 is not a whole number from 0 to 1'],
    ['rules:\n  incomplete: 3\n', 'p.yaml:2:15: rule incomplete takes a severity (error, warning, off), not 3'],
    [
      'rules:\n  label: { severity: fatal, allowed: [hybrid] }\n',
      "p.yaml:2:22: unknown word 'fatal'; known: error, warning, off",
    ],
    ['rules: [label]\n', 'p.yaml:1:8: rules is a mapping from rules to what they ask, not a list'],
    [
      '- label\n',
      'p.yaml:1:1: a policy is a mapping with the keys $schema, name, description, source, date, extends, rules, overrides, expect',
    ],
    [
      '',
      'p.yaml:1:1: a policy is a mapping with the keys $schema, name, description, source, date, extends, rules, overrides, expect',
    ],
    ['name: [a]\n', 'p.yaml:1:7: name is a text, not a list'],
    ['extends: hybird\n', "p.yaml:1:10: unknown preset 'hybird'; did you mean 'hybrid'?; a file is given as ./hybird"],
    ['overrides:\n  - rules: off\n', 'p.yaml:2:5: an override needs where, which says what it is for'],
    [
      'overrides:\n  - where: { port: 443 }\n',
      'p.yaml:2:5: an override needs rules: those that differ, or off for all',
    ],
    [
      'overrides:\n  - where: { server_name: a }\n    rules: off\n',
      "p.yaml:2:14: unknown condition 'server_name'; did you mean 'server-name'?",
    ],
    [
      'overrides:\n  - where: { address: 10.0.0.0/40 }\n    rules: off\n',
      "p.yaml:2:23: '10.0.0.0/40' is neither an address nor a block such as 198.51.100.0/24 or 2001:db8::/32",
    ],
    ['overrides:\n  - where: { server-name: ~ }\n    rules: off\n', 'p.yaml:2:27: ~ is no value for server-name'],
    [
      'overrides:\n  - where: { port: 65536 }\n    rules: off\n',
      'p.yaml:2:20: 65536 is not a whole number from 0 to 65535',
    ],
    [
      'overrides:\n  - where: { port: 1 }\n    rules: { empty-run: off }\n',
      'p.yaml:2:5: rule empty-run is about the whole run, so an override cannot change it',
    ],
    [
      'expect:\n  - kms.example at least one hybrid\n',
      "p.yaml:2:5: 'kms.example at least one hybrid' is not of the form 'NAME at least N [LABEL]' (or at most, or exactly), with a label of hybrid, post-quantum, classical, psk and unknown",
    ],
    ['expect:\n  - a.example at least 1 hybird\n', "p.yaml:2:5: unknown label 'hybird'; did you mean 'hybrid'?"],
    ['---\nname: a\n---\nname: b\n', 'p.yaml:3:1: Source contains multiple documents'],
    [
      'expect:\n  - label: hybrid\n',
      'p.yaml:2:5: an expectation needs one of server-name, address, client, server, port, capture, which says what is expected',
    ],
    [
      'expect:\n  - { server-name: a, at-least: 3, at-most: 2 }\n',
      'p.yaml:2:5: at least 3 and at most 2 cannot both hold',
    ],
    ['rules:\n  label: [hybrid]\n  label: off\n', "p.yaml:3:3: rule 'label' is given twice"],
    ['{\n"rules": {},\n"rules": {}}', "p.yaml:3:1: key 'rules' is given twice"],
    ['overrides:\n  - where: { port: 1, port: 2 }\n    rules: off\n', "p.yaml:2:23: condition 'port' is given twice"],
    [
      'expect:\n  - { port: 1, at-least: 1, at-least: 2 }\n',
      "p.yaml:2:29: key of an expectation 'at-least' is given twice",
    ],
    ['extends: []\n', 'p.yaml:1:10: an empty list'],
    ['rules:\n  label: warn\n', "p.yaml:2:10: unknown word 'warn'; did you mean 'warning'?"],
    ['rules:\n  groups: fatal\n', "p.yaml:2:11: unknown word 'fatal'; known: error, warning, off"],
    ['rules:\n  encryption: true\n', "p.yaml:2:15: unknown word 'true'; known: error, warning, off"],
    ['// mine\n{"rules": {}}', 'p.yaml:1:1: a comment begins with #, also beside JSON'],
    ['{\n  // mine\n  "rules": {}\n}', 'p.yaml:2:3: a comment begins with #, also beside JSON'],
    ['{"rules": {"label": "hybrid"} /* mine */}', 'p.yaml:1:31: a comment begins with #, also beside JSON'],
    [
      'rules: { label: [hybrid\n',
      'p.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['{ "rules": { "lable": "error" } }', "p.yaml:1:14: unknown rule 'lable'; did you mean 'label'?"],
  ])('%j', async (text, problem) => {
    expect((await problemsOf(text))[0]).toBe(problem)
  })

  test('with all others, so that they can be mended at once', async () => {
    const text = 'rules:\n  lable: error\n  groups: [nothing-like-it]\noverride: []\n'
    expect(await problemsOf(text)).toEqual([
      "p.yaml:2:3: unknown rule 'lable'; did you mean 'label'?",
      "p.yaml:3:12: unknown group 'nothing-like-it'",
      "p.yaml:4:1: unknown key 'override'; did you mean 'overrides'?",
    ])
  })
})

describe('what YAML can hold and a policy cannot', () => {
  test('is refused: collections in collections', () => {
    const deep = `${'['.repeat(40)}${']'.repeat(40)}`
    expect(() => yamlNode(deep, 'p.yaml')).toThrow(PolicyError)
    expect(() => yamlNode('['.repeat(200_000), 'p.yaml')).toThrow(PolicyError)
    expect(() => yamlNode('? [a]\n: b\n', 'p.yaml')).toThrow('p.yaml:1:3: a key must be a word')
    expect(() => yamlNode('a: &a\n  b: *a\n', 'p.yaml')).toThrow('more than 16 collections')
  })

  test('is refused: aliases that stand for more than memory holds', () => {
    const list = (item: string): string => `[${Array(50).fill(item).join(',')}]`
    const bomb = `a: &a ${list('x')}\nb: &b ${list('*a')}\nc: &c ${list('*b')}\nd: ${list('*c')}\n`
    expect(() => yamlNode(bomb, 'p.yaml')).toThrow(/p\.yaml:3:\d+: more than 50000 values|more than 100 aliases/)
    const one = `a: &a ${list('x')}\nb: [${Array(300).fill('*a').join(',')}]\n`
    expect(() => yamlNode(one, 'p.yaml')).toThrow('more than 100 aliases')
    expect(() => yamlNode(`[${'x,'.repeat(50_000)}]`, 'p.yaml')).toThrow('more than 50000 values')
  })

  test('aliases stand for what they name', async () => {
    expect(await problemsOf('rules:\n  label: &l [hybrid]\n  outcome: *l\n')).toEqual([
      "p.yaml:2:14: unknown word 'hybrid'; known: negotiated, rejected, unanswered",
    ])
  })
})

describe('of more mistakes than a person mends at once', () => {
  const MORE = 'and more, which are reported once these are fixed'

  test('the first are told, and no more is read', async () => {
    // Looking for the nearest group takes a millisecond each.
    const groups = Array.from({ length: 30_000 }, () => 'X25519MLKEM7').join(', ')
    const problems = await problemsOf(`rules:\n  groups: [${groups}]\n`)
    expect(problems).toHaveLength(21)
    expect(problems[19]).toBe("p.yaml:2:278: unknown group 'X25519MLKEM7'; did you mean 'X25519MLKEM768'?")
    expect(problems[20]).toBe(MORE)
  })

  test('the first are told of a text that is no YAML, too', async () => {
    const problems = await problemsOf('['.repeat(500))
    expect(problems).toHaveLength(21)
    expect(problems[20]).toBe(MORE)
    expect(await problemsOf('['.repeat(4))).not.toContain(MORE)
  })
})

test('what looks like a comment of JavaScript within a text, or behind #, is none', async () => {
  for (const policy of [
    '{"name": "a // b"}',
    "{'name': ' // b'}",
    '{ # a // b\n"name": "a" }',
    '{"name": "https://a"}',
  ])
    expect(await problemsOf(policy), policy).toEqual([])
})
