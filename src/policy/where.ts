import { isBlock } from './addresses.js'
import { listText } from './code-points.js'
import { eachEntry } from './entries.js'
import { itemsOf, nodeText, type PolicyNode, type Problems } from './node.js'
import type { Where } from './policy.js'
import { readCount } from './setting.js'

/** The conditions of an override or an expectation. */
export const WHERE_KEYS: readonly (keyof Where)[] = ['server-name', 'address', 'client', 'server', 'port', 'capture']

const LARGEST_PORT = 65535

/** At least one condition; each takes one value or a list. */
export function readWhere(node: PolicyNode, problems: Problems): Where {
  const where: Record<string, readonly (string | number)[]> = {}
  if (node.kind !== 'map' || node.entries.length === 0) {
    problems.add(node.place, `where is a mapping with some of ${WHERE_KEYS.join(', ')}, not ${nodeText(node)}`)
    return where
  }
  eachEntry(node, 'condition', WHERE_KEYS, problems, (key, value) => {
    where[key] = readCondition(key as keyof Where, value, problems)
  })
  return where
}

/** As in `server-name *.example.com, port 443 and 8443`. */
export function whereText(where: Where): string {
  return Object.entries(where)
    .map(([key, values]) => `${key} ${listText(values.map(String))}`)
    .join(', ')
}

export function readCondition(key: keyof Where, node: PolicyNode, problems: Problems): readonly (string | number)[] {
  const items = itemsOf(node)
  if (items.length === 0) problems.add(node.place, 'an empty list')
  return items.flatMap((item): readonly (string | number)[] => {
    if (key === 'port') {
      const port = readCount(item, 0, LARGEST_PORT, problems)
      return port === undefined ? [] : [port]
    }
    // `~` and `null` are no text.
    const text = item.kind === 'scalar' && item.value !== null ? item.text : ''
    if (text === '') problems.add(item.place, `${nodeText(item)} is no value for ${key}`)
    else if (key === 'server-name' || key === 'capture') return [text]
    else if (isBlock(text)) return [text]
    else
      problems.add(item.place, `'${text}' is neither an address nor a block such as 198.51.100.0/24 or 2001:db8::/32`)
    return []
  })
}
