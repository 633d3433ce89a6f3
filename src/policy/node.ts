/** A policy file as it is read: its values with their places, whatever they are made of. */
export type PolicyNode = ScalarNode | ListNode | MapNode

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** As it is written: `0x11ec`, `1.0`. */
  readonly text: string
  readonly place: string
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: readonly PolicyNode[]
  readonly place: string
}

export interface MapNode {
  readonly kind: 'map'
  readonly entries: readonly Entry[]
  readonly place: string
}

export interface Entry {
  readonly key: string
  readonly keyPlace: string
  readonly value: PolicyNode
}

/** More than a person mends before the next run. */
const MAX_PROBLEMS = 20

/** What is wrong with a policy, each line with its place: the first of it, where there is much. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const told = problems.slice(0, MAX_PROBLEMS)
    if (told.length < problems.length) told.push('and more, which are reported once these are fixed')
    super(told.join('\n'))
    this.problems = told
  }
}

/** Gathers what is wrong, so that all of it is told at once. */
export class Problems {
  readonly list: string[] = []

  /** @throws PolicyError where there is more than is told: to look for the nearest word of each takes time */
  add(place: string, message: string): undefined {
    this.list.push(`${place}: ${message}`)
    if (this.list.length > MAX_PROBLEMS) this.throwIfAny()
    return undefined
  }

  throwIfAny(): void {
    if (this.list.length > 0) throw new PolicyError(this.list)
  }
}

/** A node of plain data, all of it from one place. */
export function nodeOf(value: unknown, place: string): PolicyNode {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => nodeOf(item, place)), place }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({ key, keyPlace: place, value: nodeOf(item, place) }))
    return { kind: 'map', entries, place }
  }
  return { kind: 'scalar', value: value as ScalarNode['value'], text: String(value), place }
}

/** `a mapping`, `a list`, `'text'`, `12`. */
export function nodeText(node: PolicyNode): string {
  if (node.kind === 'map') return 'a mapping'
  if (node.kind === 'list') return 'a list'
  return typeof node.value === 'string' ? `'${node.value}'` : node.text === '' ? 'nothing' : node.text
}

/** The items of a list, or the one value that stands for a list of one. */
export function itemsOf(node: PolicyNode): readonly PolicyNode[] {
  return node.kind === 'list' ? node.items : [node]
}
