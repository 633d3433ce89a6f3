// Writes schemas/pqcap-policy-1.schema.json from the table of rules, after `npm run build`. With --print, to standard
// output.
import { writeFileSync } from 'node:fs'
import { cipherSuiteNames, groupNames } from '../dist/policy/code-points.js'
import { EXPECTATION_PATTERN, MAX_EXPECTED } from '../dist/policy/expectation.js'
import { MAX_EXPECTATIONS, MAX_OVERRIDES, RUN_RULES } from '../dist/policy/layer.js'
import { PRESETS } from '../dist/policy/presets/index.js'
import { RULES } from '../dist/policy/rules/index.js'
import { LABELS } from '../dist/policy/rules/outcome.js'

const FILE = new URL('../schemas/pqcap-policy-1.schema.json', import.meta.url)

const SEVERITY = { $ref: '#/$defs/severity' }
const NUMBER_TO_65535 =
  '(?:0[xX][0-9a-fA-F]{1,4}|\\d{1,4}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])'

const text = `${JSON.stringify(schema(), null, 2)}\n`
if (process.argv.includes('--print')) process.stdout.write(text)
else writeFileSync(FILE, text)

function schema() {
  const rules = Object.fromEntries(RULES.map((rule) => [rule.id, ruleSchema(rule)]))
  const overridable = RULES.filter(({ id }) => !RUN_RULES.includes(id)).map(({ id }) => id)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:pqcap:policy:1',
    title: 'A policy of pqcap check',
    description:
      'What TLS handshakes must be like. Names of groups are listed as they are registered; pqcap takes them in any case, with or without - and _.',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string', description: 'the path or address of this schema' },
      name: { type: 'string', description: 'how reports call the policy' },
      description: { type: 'string', description: 'for people' },
      source: { type: 'string', description: 'the documents that the policy follows' },
      date: { type: 'string', description: 'when they were last compared with it' },
      extends: {
        description: 'presets and paths of other policies; what follows here counts more',
        ...oneOrMore({ type: 'string', examples: Object.keys(PRESETS) }),
      },
      rules: { $ref: '#/$defs/rules' },
      overrides: {
        description: 'where something else counts: the first whose conditions all hold is used, and no other',
        type: 'array',
        maxItems: MAX_OVERRIDES,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['where', 'rules'],
          properties: {
            where: { type: 'object', additionalProperties: false, minProperties: 1, properties: conditions() },
            rules: {
              anyOf: [
                { const: 'off', description: 'no rule is held against these handshakes' },
                { allOf: [{ $ref: '#/$defs/rules' }, { propertyNames: { enum: overridable } }] },
              ],
            },
          },
        },
      },
      expect: {
        description: 'connections that must be there',
        type: 'array',
        maxItems: MAX_EXPECTATIONS,
        items: { anyOf: [{ type: 'string', pattern: EXPECTATION_PATTERN }, expectation()] },
      },
    },
    $defs: {
      severity: { enum: ['error', 'warning', 'off'], description: 'error fails the check; warning is only reported' },
      rules: { type: 'object', additionalProperties: false, properties: rules },
      group: codePoint(groupNames(), 'a named group, by name or number'),
      cipherSuite: {
        anyOf: [
          codePoint(cipherSuiteNames(), 'a cipher suite, by name or number'),
          {
            type: 'string',
            pattern: '^[A-Za-z0-9_-]*\\*[A-Za-z0-9_*-]*$',
            description: 'a pattern of names: TLS_RSA_*',
          },
        ],
      },
      version: {
        description: 'SSLv3, TLSv1, TLSv1.2, TLSv1.3, TLSv1.3-draft23; also 1.2',
        anyOf: [
          {
            type: 'string',
            pattern:
              '^(?:(?:[Tt][Ll][Ss] ?)?[Vv]?1(?:\\.[0-3])?|(?:[Tt][Ll][Ss] ?)?[Vv]?1\\.3-[Dd][Rr][Aa][Ff][Tt]\\d{1,3}|[Ss][Ss][Ll][Vv][23])$',
          },
          { enum: [1, 1.1, 1.2, 1.3] },
        ],
      },
    },
  }
}

function ruleSchema({ title, help, settings, shorthand, severity }) {
  const own = Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, settingSchema(setting)]))
  const forms = [SEVERITY]
  if (shorthand !== null) forms.push(own[shorthand])
  forms.push({
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    properties: { severity: SEVERITY, ...own },
  })
  return { title, description: `${help} Without a policy it is ${severity}.`, anyOf: forms }
}

function settingSchema(setting) {
  const description = setting.help
  switch (setting.kind) {
    case 'word':
      return { description, enum: setting.words }
    case 'words':
      return { description, ...oneOrMore({ enum: setting.words }) }
    case 'version':
      return { description, $ref: '#/$defs/version' }
    case 'versions':
      return { description, ...oneOrMore({ $ref: '#/$defs/version' }) }
    case 'groups':
      return { description, ...oneOrMore({ $ref: '#/$defs/group' }) }
    case 'cipher-suites':
      return { description, ...oneOrMore({ $ref: '#/$defs/cipherSuite' }) }
    case 'count':
      return { description, type: 'integer', minimum: setting.least, maximum: setting.most }
    default:
      throw new Error(`no schema for a setting of kind ${setting.kind}`)
  }
}

function conditions() {
  const block = { type: 'string', pattern: '^[0-9a-fA-F:.]+(?:/\\d{1,3})?$' }
  return {
    'server-name': { description: 'with * and ?', ...oneOrMore({ type: 'string', minLength: 1 }) },
    address: { description: 'addresses or blocks of either end', ...oneOrMore(block) },
    client: { description: 'addresses or blocks of the client', ...oneOrMore(block) },
    server: { description: 'addresses or blocks of the server', ...oneOrMore(block) },
    port: { description: 'ports of the server', ...oneOrMore({ type: 'integer', minimum: 0, maximum: 65535 }) },
    capture: {
      description: 'patterns of the path below the folder that was given; without a slash, of the name',
      ...oneOrMore({ type: 'string', minLength: 1 }),
    },
  }
}

function expectation() {
  const count = { type: 'integer', minimum: 0, maximum: MAX_EXPECTED }
  const where = conditions()
  return {
    type: 'object',
    additionalProperties: false,
    anyOf: Object.keys(where).map((key) => ({ required: [key] })),
    properties: {
      ...where,
      label: { description: 'only these count', ...oneOrMore({ enum: LABELS }) },
      'at-least': count,
      'at-most': count,
      severity: SEVERITY,
    },
  }
}

function codePoint(names, description) {
  return {
    description,
    anyOf: [
      { enum: names },
      { type: 'string', pattern: `^${NUMBER_TO_65535}$` },
      { type: 'integer', minimum: 0, maximum: 65535 },
    ],
  }
}

function oneOrMore(item) {
  return { anyOf: [item, { type: 'array', minItems: 1, items: item }] }
}
