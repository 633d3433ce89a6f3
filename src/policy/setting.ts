import { VERSION_NAMES } from '../registry/versions.js'
import { listText, type Meaning, readCipherSuite, readGroup, unknown } from './code-points.js'
import { itemsOf, nodeText, type PolicyNode, type Problems } from './node.js'
import type { CodePoints, SettingValue } from './policy.js'
import { readVersion } from './versions.js'

/** What a setting of a rule holds. */
export type Setting = {
  /** What it says, in a line. */
  readonly help: string
} & SettingKind

export type SettingKind =
  /** One of some words, or any number of them. */
  | { readonly kind: 'word' | 'words'; readonly words: readonly string[] }
  | { readonly kind: 'version' | 'versions' }
  | { readonly kind: 'groups'; readonly meaning: Meaning }
  | { readonly kind: 'cipher-suites' }
  | { readonly kind: 'count'; readonly least: number; readonly most: number }

/** Reads the value of a setting; undefined, and a problem told, where it is not one. */
export function readSetting(setting: Setting, node: PolicyNode, problems: Problems): SettingValue | undefined {
  switch (setting.kind) {
    case 'word':
      return readWord(node, setting.words, problems)
    case 'words':
      return readList(node, (item) => readWord(item, setting.words, problems))
    case 'version':
      return readOneVersion(node, problems)
    case 'versions':
      return readList(node, (item) => readOneVersion(item, problems))
    case 'groups':
      return readList(node, (item) => readPoints(item, (text) => readGroup(text, setting.meaning), problems))
    case 'cipher-suites':
      return readList(node, (item) => readPoints(item, readCipherSuite, problems))
    case 'count':
      return readCount(node, setting.least, setting.most, problems)
  }

  function readList<Item>(list: PolicyNode, read: (item: PolicyNode) => Item | undefined): Item[] | undefined {
    const items = itemsOf(list)
    if (items.length === 0) return problems.add(list.place, 'an empty list')
    const values = items.map(read)
    return values.some((value) => value === undefined) ? undefined : (values as Item[])
  }
}

/** A whole number within limits. */
export function readCount(node: PolicyNode, least: number, most: number, problems: Problems): number | undefined {
  const value = node.kind === 'scalar' ? node.value : null
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  return problems.add(node.place, `${nodeText(node)} is not a whole number from ${least} to ${most}`)
}

export function readWord(node: PolicyNode, words: readonly string[], problems: Problems): string | undefined {
  if (node.kind !== 'scalar')
    return problems.add(node.place, `${nodeText(node)} stands where one of ${listText(words)} is expected`)
  if (words.includes(node.text)) return node.text
  return problems.add(node.place, unknown('word', node.text, words))
}

/** How a value reads in a policy. */
export function settingText(value: SettingValue): readonly string[] | string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value.map((item) => (typeof item === 'string' ? item : item.text))
}

function readOneVersion(node: PolicyNode, problems: Problems): string | undefined {
  const version = node.kind === 'scalar' ? readVersion(node.text) : null
  return (
    version ??
    problems.add(node.place, unknown('version', node.kind === 'scalar' ? node.text : nodeText(node), VERSION_NAMES))
  )
}

function readPoints(
  node: PolicyNode,
  read: (text: string) => CodePoints | string,
  problems: Problems,
): CodePoints | undefined {
  if (node.kind !== 'scalar' || node.text === '')
    return problems.add(node.place, `${nodeText(node)} is neither a name nor a number`)
  const points = read(node.text)
  return typeof points === 'string' ? problems.add(node.place, points) : points
}
