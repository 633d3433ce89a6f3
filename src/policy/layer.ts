import { nearest } from '../bytes/nearest.js'
import { eachEntry } from './entries.js'
import { readExpectation } from './expectation.js'
import type { Severity } from './finding.js'
import { itemsOf, type MapNode, nodeText, type PolicyNode, Problems, type ScalarNode } from './node.js'
import type { Expectation, SettingValue, Sourced, Where } from './policy.js'
import type { Rule } from './rule.js'
import { RULES, ruleOf } from './rules/index.js'
import { readSetting, readWord } from './setting.js'
import { readWhere } from './where.js'

/** One policy file by itself: what it says, and nothing of what it extends. */
export interface Layer {
  readonly name: string | null
  readonly description: string | null
  readonly source: string | null
  readonly date: string | null
  readonly extends: readonly Reference[]
  readonly rules: PartialRules
  readonly overrides: readonly PartialOverride[]
  readonly expectations: readonly Expectation[]
}

/** The name of a preset, or the path of a file. */
export interface Reference {
  readonly to: string
  readonly place: string
}

export type PartialRules = ReadonlyMap<Rule, PartialRule>

/**
 * What is said of a rule; the rest comes from elsewhere. Settings without a severity turn a rule on, and leave the
 * severity of one that is on.
 */
export interface PartialRule {
  readonly severity: Sourced<Severity | 'off'> | null
  readonly values: Readonly<Record<string, Sourced<SettingValue>>>
  readonly place: string
}

export interface PartialOverride {
  readonly where: Where
  readonly source: string
  /** null turns every rule off. */
  readonly rules: PartialRules | null
}

export const SEVERITIES: readonly (Severity | 'off')[] = ['error', 'warning', 'off']

/** Keys that only tell people something. */
export const TEXT_KEYS = ['$schema', 'name', 'description', 'source', 'date']
const KEYS = [...TEXT_KEYS, 'extends', 'rules', 'overrides', 'expect']

/** More of either is no policy that a person reads. */
export const MAX_OVERRIDES = 1000
export const MAX_EXPECTATIONS = 1000

/** @throws PolicyError with every problem, each with its place */
export function readLayer(node: PolicyNode): Layer {
  const problems = new Problems()
  const texts = new Map<string, string>()
  let references: Reference[] = []
  let rules: PartialRules = new Map()
  let overrides: PartialOverride[] = []
  let expectations: Expectation[] = []

  if (node.kind !== 'map') problems.add(node.place, `a policy is a mapping with the keys ${KEYS.join(', ')}`)
  else
    eachEntry(node, 'key', KEYS, problems, (key, value) => {
      if (TEXT_KEYS.includes(key)) {
        if (value.kind === 'scalar' && typeof value.value === 'string') texts.set(key, value.value)
        else problems.add(value.place, `${key} is a text, not ${nodeText(value)}`)
      } else if (key === 'extends') references = readReferences(value, problems)
      else if (key === 'rules') rules = readRules(value, problems)
      else if (key === 'overrides') overrides = readOverrides(value, problems)
      else expectations = readExpectations(value, problems)
    })
  problems.throwIfAny()
  return {
    name: texts.get('name') ?? null,
    description: texts.get('description') ?? null,
    source: texts.get('source') ?? null,
    date: texts.get('date') ?? null,
    extends: references,
    rules,
    overrides,
    expectations,
  }
}

function readReferences(node: PolicyNode, problems: Problems): Reference[] {
  const items = itemsOf(node)
  if (items.length === 0) problems.add(node.place, 'an empty list')
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string') return [{ to: item.value, place: item.place }]
    problems.add(item.place, `extends takes names of presets and paths of policies, not ${nodeText(item)}`)
    return []
  })
}

function readRules(node: PolicyNode, problems: Problems): PartialRules {
  const rules = new Map<Rule, PartialRule>()
  if (node.kind !== 'map') {
    problems.add(node.place, `rules is a mapping from rules to what they ask, not ${nodeText(node)}`)
    return rules
  }
  const ids = RULES.map(({ id }) => id)
  eachEntry(node, 'rule', ids, problems, (id, value) => {
    const rule = ruleOf(id)
    if (rule !== undefined) rules.set(rule, readRule(rule, value, problems))
  })
  return rules
}

/** `error`; or what the shorthand stands for; or a mapping of severity and settings. */
function readRule(rule: Rule, node: PolicyNode, problems: Problems): PartialRule {
  const { place } = node
  if (node.kind === 'scalar' && isSeverity(node.value))
    return { severity: { value: node.value, source: place }, values: {}, place }
  if (node.kind === 'map') return readSettings(rule, node, problems)
  const { shorthand } = rule
  if (node.kind === 'scalar' && isNearSeverity(rule, node)) {
    readWord(node, SEVERITIES, problems)
    return { severity: null, values: {}, place }
  }
  if (shorthand === null || (node.kind === 'scalar' && node.value === null)) {
    problems.add(place, `rule ${rule.id} takes a severity (${SEVERITIES.join(', ')}), not ${nodeText(node)}`)
    return { severity: null, values: {}, place }
  }
  return { severity: null, values: settingOf(rule, shorthand, node, problems), place }
}

/** What other tools call a severity, and people write in place of one. */
const SEVERITIES_ELSEWHERE: ReadonlySet<string> = new Set(
  'warn err fail fatal critical info note notice ignore skip none on true false yes no enabled disabled'.split(' '),
)

/** A slip in a severity, and no value of the shorthand. */
function isNearSeverity(rule: Rule, node: ScalarNode): boolean {
  if (nearest(node.text, SEVERITIES) === undefined && !SEVERITIES_ELSEWHERE.has(node.text.toLowerCase())) return false
  const problems = new Problems()
  if (rule.shorthand !== null) settingOf(rule, rule.shorthand, node, problems)
  return rule.shorthand === null || problems.list.length > 0
}

function readSettings(rule: Rule, node: MapNode, problems: Problems): PartialRule {
  const { place } = node
  let severity: PartialRule['severity'] = null
  let values: Record<string, Sourced<SettingValue>> = {}
  eachEntry(node, `setting of rule ${rule.id}`, ['severity', ...Object.keys(rule.settings)], problems, (key, value) => {
    if (key === 'severity') {
      const word = readWord(value, SEVERITIES, problems)
      if (isSeverity(word)) severity = { value: word, source: value.place }
    } else values = { ...values, ...settingOf(rule, key, value, problems) }
  })
  if (node.entries.length === 0) problems.add(place, `nothing is asked of rule ${rule.id}`)
  return { severity, values, place }
}

function settingOf(
  rule: Rule,
  key: string,
  node: PolicyNode,
  problems: Problems,
): Record<string, Sourced<SettingValue>> {
  const setting = rule.settings[key]
  const value = setting === undefined ? undefined : readSetting(setting, node, problems)
  return value === undefined ? {} : { [key]: { value, source: node.place } }
}

function readOverrides(node: PolicyNode, problems: Problems): PartialOverride[] {
  if (node.kind !== 'list') {
    problems.add(node.place, `overrides is a list, not ${nodeText(node)}`)
    return []
  }
  if (node.items.length > MAX_OVERRIDES) problems.add(node.place, `more than ${MAX_OVERRIDES} overrides`)
  return node.items.slice(0, MAX_OVERRIDES).map((item) => readOverride(item, problems))
}

function readOverride(node: PolicyNode, problems: Problems): PartialOverride {
  let where: Where | null = null
  let rules: PartialRules | null | undefined
  if (node.kind !== 'map')
    problems.add(node.place, `an override is a mapping with where and rules, not ${nodeText(node)}`)
  else
    eachEntry(node, 'key', ['where', 'rules'], problems, (key, value) => {
      if (key === 'where') where = readWhere(value, problems)
      else if (value.kind === 'scalar' && value.value === 'off') rules = null
      else rules = readRules(value, problems)
    })
  if (node.kind === 'map' && where === null)
    problems.add(node.place, 'an override needs where, which says what it is for')
  if (node.kind === 'map' && rules === undefined)
    problems.add(node.place, 'an override needs rules: those that differ, or off for all')
  for (const rule of rules?.keys() ?? []) {
    if (RUN_RULES.includes(rule.id))
      problems.add(node.place, `rule ${rule.id} is about the whole run, so an override cannot change it`)
  }
  return { where: where ?? {}, source: node.place, rules: rules ?? null }
}

/** About the whole run, so that an override cannot change them. */
export const RUN_RULES = ['expectation', 'empty-run']

function readExpectations(node: PolicyNode, problems: Problems): Expectation[] {
  if (node.kind !== 'list') {
    problems.add(node.place, `expect is a list, not ${nodeText(node)}`)
    return []
  }
  if (node.items.length > MAX_EXPECTATIONS) problems.add(node.place, `more than ${MAX_EXPECTATIONS} expectations`)
  return node.items.slice(0, MAX_EXPECTATIONS).flatMap((item) => readExpectation(item, problems) ?? [])
}

function isSeverity(value: unknown): value is Severity | 'off' {
  return typeof value === 'string' && (SEVERITIES as readonly string[]).includes(value)
}
