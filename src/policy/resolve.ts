import { loadAddresses } from './addresses.js'
import { unknown } from './code-points.js'
import { type Layer, type PartialRule, type PartialRules, type Reference, readLayer } from './layer.js'
import { nodeOf, PolicyError, type PolicyNode } from './node.js'
import type { Override, Policy, RuleSetting, RuleSettings } from './policy.js'
import { PRESETS } from './presets/index.js'
import type { Rule } from './rule.js'
import { RULES } from './rules/index.js'

/** How policies are found that another one extends. */
export interface PolicyFiles {
  /** The path of a reference, as it is in the policy at `from`; the same for every spelling of one file. */
  resolve(to: string, from: string): string
  /** @throws Error with the system's words */
  read(path: string): Promise<PolicyNode>
}

/** Policies that extend one another: more than anybody can follow. */
const MAX_DEPTH = 8
/** Extended in all, one that is extended twice counting twice: ten that extend ten each, and so on, never end. */
const MAX_EXTENDED = 100

/**
 * The policy of a file, with all that it extends.
 * @throws PolicyError
 */
export async function policyOfFile(path: string, files: PolicyFiles): Promise<Policy> {
  await loadAddresses()
  const layers = await layersOf(await readFile(path, files, null), path, files, [path], { extended: 0 })
  return join(layers, path, path)
}

/** @throws PolicyError with the nearest name */
export async function policyOfPreset(name: string): Promise<Policy> {
  return join([presetLayer(name, null)], `preset ${name}`)
}

/** Nothing but the labels that are allowed, and that each handshake is negotiated: `--require`. */
export function policyOfLabels(labels: readonly string[]): Policy {
  const place = '--require'
  const layer = readLayer(nodeOf({ rules: { outcome: 'error', label: labels } }, place))
  return join([layer], `${place} ${labels.join(',')}`)
}

async function readFile(path: string, files: PolicyFiles, place: string | null): Promise<Layer> {
  let node: PolicyNode
  try {
    node = await files.read(path)
  } catch (error) {
    if (error instanceof PolicyError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new PolicyError([place === null ? `${path}: ${message}` : `${place}: ${path}: ${message}`])
  }
  return readLayer(node)
}

/** The layers below a policy, those that it extends first, and then itself. */
async function layersOf(
  layer: Layer,
  path: string,
  files: PolicyFiles,
  trail: readonly string[],
  counted: { extended: number },
): Promise<Layer[]> {
  const below: Layer[] = []
  for (const reference of layer.extends) {
    const { to, place } = reference
    if (++counted.extended > MAX_EXTENDED)
      throw new PolicyError([`${place}: more than ${MAX_EXTENDED} policies are extended in all`])
    if (!isPath(to)) {
      below.push(presetLayer(to, reference))
      continue
    }
    const next = files.resolve(to, path)
    if (trail.includes(next))
      throw new PolicyError([`${place}: ${to} extends itself: ${[...trail, next].join(' -> ')}`])
    if (trail.length >= MAX_DEPTH)
      throw new PolicyError([`${place}: more than ${MAX_DEPTH} policies extend one another`])
    below.push(...(await layersOf(await readFile(next, files, place), next, files, [...trail, next], counted)))
  }
  return [...below, layer]
}

/** Anything that cannot be the name of a preset. */
function isPath(to: string): boolean {
  return /[/\\]|\.(?:ya?ml|json)$/i.test(to)
}

function presetLayer(name: string, reference: Reference | null): Layer {
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined
  if (preset === undefined) {
    const message = unknown('preset', name, Object.keys(PRESETS))
    throw new PolicyError([
      reference === null ? message : `${reference.place}: ${message}; a file is given as ./${name}`,
    ])
  }
  return readLayer(nodeOf(preset, `preset ${name}`))
}

/** Later layers count more. Overrides of later ones come first, since the first that matches counts. */
function join(layers: readonly Layer[], name: string, file: string | null = null): Policy {
  const own = layers.at(-1) as Layer
  let rules: RuleSettings = Object.fromEntries(RULES.map((rule) => [rule.id, defaultSetting(rule)]))
  for (const layer of layers) rules = merged(rules, layer.rules)
  complete(
    rules,
    layers.map((layer) => layer.rules),
  )
  const overrides = layers.toReversed().flatMap((layer) =>
    layer.overrides.map((override): Override => {
      const { where, source } = override
      const extended = layer === own ? {} : { extended: true as const }
      if (override.rules === null) return { where, source, rules: null, ...extended }
      const changed = merged(rules, override.rules)
      complete(changed, [override.rules])
      return {
        where,
        source,
        rules: Object.fromEntries([...override.rules.keys()].map(({ id }) => [id, changed[id] as RuleSetting])),
        ...extended,
      }
    }),
  )
  return {
    name: own.name ?? name,
    file,
    description: own.description ?? '',
    source: own.source ?? '',
    date: own.date ?? '',
    rules,
    overrides,
    expectations: layers.flatMap((layer) => layer.expectations),
  }
}

function defaultSetting({ severity, defaults }: Rule): RuleSetting {
  const source = 'default'
  const values = Object.fromEntries(Object.entries(defaults).map(([key, value]) => [key, { value, source }]))
  return { severity: { value: severity, source }, values }
}

function merged(rules: RuleSettings, changes: PartialRules): RuleSettings {
  const changed = { ...rules }
  for (const [rule, change] of changes) {
    const before = rules[rule.id] as RuleSetting
    changed[rule.id] = {
      severity: severityOf(before.severity, change),
      values: { ...before.values, ...change.values },
    }
  }
  return changed
}

function severityOf(
  before: RuleSetting['severity'],
  { severity, values, place }: PartialRule,
): RuleSetting['severity'] {
  if (severity !== null) return severity
  return before.value === 'off' && Object.keys(values).length > 0 ? { value: 'error', source: place } : before
}

/** @throws PolicyError where a rule that is on lacks what it needs */
function complete(rules: RuleSettings, said: readonly PartialRules[]): void {
  const problems: string[] = []
  for (const changes of said) {
    for (const [{ id, needs }, { place }] of changes) {
      const { severity, values } = rules[id] as RuleSetting
      if (severity.value === 'off' || needs.length === 0 || needs.some((key) => values[key] !== undefined)) continue
      problems.push(`${place}: rule ${id} needs ${needs.join(' or ')}`)
    }
  }
  if (problems.length > 0) throw new PolicyError([...new Set(problems)])
}
