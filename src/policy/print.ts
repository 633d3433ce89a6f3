import type { Expectation, Policy, RuleSetting, Sourced } from './policy.js'
import { RULES } from './rules/index.js'
import { settingText } from './setting.js'

/** Comments begin in one column, where the text before leaves room. */
const COMMENT_COLUMN = 56

/** The policy with all that it extends, each value with its source: YAML that is a policy again. */
export function policyText(policy: Policy): string {
  const lines: string[] = []
  const add = (indent: number, text: string, source?: string): void => {
    const line = `${' '.repeat(indent)}${text}`
    lines.push(source === undefined ? line : `${line.padEnd(COMMENT_COLUMN)} # ${oneLine(source)}`)
  }
  const setting = (indent: number, id: string, { severity, values }: RuleSetting): void => {
    const entries = Object.entries(values)
    add(
      indent,
      entries.length === 0 ? `${id}: ${severity.value}` : `${id}:`,
      entries.length === 0 ? severity.source : undefined,
    )
    if (entries.length > 0) add(indent + 2, `severity: ${severity.value}`, severity.source)
    for (const [key, { value, source }] of entries) add(indent + 2, `${key}: ${flow(settingText(value))}`, source)
  }

  add(0, `name: ${scalar(policy.name)}`)
  for (const key of ['description', 'source', 'date'] as const)
    if (policy[key] !== '') add(0, `${key}: ${scalar(policy[key])}`)
  add(0, 'rules:')
  for (const { id } of RULES) {
    const { severity, values } = policy.rules[id] as RuleSetting
    // Of a rule that is off, values that nobody gave say nothing.
    const given = Object.entries(values).filter(([, { source }]) => severity.value !== 'off' || source !== 'default')
    setting(2, id, { severity, values: Object.fromEntries(given) })
  }
  if (policy.overrides.length > 0) add(0, 'overrides:')
  for (const { where, source, rules } of policy.overrides) {
    add(2, '- where:', source)
    for (const [key, values] of Object.entries(where)) add(6, `${key}: ${flow(values.map(String))}`)
    add(4, rules === null ? 'rules: off' : Object.keys(rules).length === 0 ? 'rules: {}' : 'rules:')
    for (const [id, rule] of Object.entries(rules ?? {})) setting(6, id, rule)
  }
  if (policy.expectations.length > 0) add(0, 'expect:')
  for (const expectation of policy.expectations) for (const line of expectationLines(expectation)) add(2, ...line)
  return lines.map((line) => `${line}\n`).join('')
}

function expectationLines({ where, labels, atLeast, atMost, severity, source }: Expectation): [string, string?][] {
  const fields: [string, string][] = Object.entries(where).map(([key, values]) => [key, flow(values.map(String))])
  if (labels !== null) fields.push(['label', flow(labels)])
  fields.push(['at-least', String(atLeast)])
  if (atMost !== null) fields.push(['at-most', String(atMost)])
  if (severity !== null) fields.push(['severity', severity])
  return fields.map(([key, value], index) => (index === 0 ? [`- ${key}: ${value}`, source] : [`  ${key}: ${value}`]))
}

function flow(value: readonly string[] | string): string {
  return typeof value === 'string' ? scalar(value) : `[${value.map(scalar).join(', ')}]`
}

/** Plain where that cannot be taken for anything else. JSON's strings are YAML's, too. */
function scalar(text: string): string {
  if (/^\d+$/.test(text) || /^0x[\da-f]+$/.test(text)) return text
  const plain = /^[A-Za-z][\w.-]*$/.test(text) && !/^(?:true|false|null|yes|no|on)$/i.test(text)
  // JSON leaves control characters above 0x7e and format characters as they are, which a terminal must not see.
  return plain
    ? text
    : JSON.stringify(text).replace(
        /[\u007f-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
}

function oneLine(source: Sourced<unknown>['source']): string {
  return JSON.stringify(source)
    .slice(1, -1)
    .replace(/[\u007f-\uffff]/g, '?')
}
