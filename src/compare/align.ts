import type { ListLine } from './comparison.js'

/**
 * Two lists side by side, as the shortest way from one to the other has it: a line for each item that stays, is added
 * or is removed. What is removed at one place and added at another has `moved`. `keyOf` says what makes two items the
 * same; where their `contentOf` is different, they are `changed`. Takes the product of both lengths in steps: lists of
 * records have at most a thousand items.
 */
export function align<Item>(
  before: readonly Item[],
  after: readonly Item[],
  keyOf: (item: Item) => string,
  contentOf: (item: Item) => unknown = keyOf,
): ListLine<Item>[] {
  const from = before.map(keyOf)
  const to = after.map(keyOf)
  const lengths = commonLengths(from, to)
  const lines: ListLine<Item>[] = []
  const leaving = new Set(from)
  const arriving = new Set(to)
  let i = 0
  let j = 0
  while (i < from.length || j < to.length) {
    const left = before[i]
    const right = after[j]
    if (left !== undefined && right !== undefined && from[i] === to[j]) {
      lines.push({ before: left, after: right, change: contentOf(left) === contentOf(right) ? 'same' : 'changed' })
      i++
      j++
    } else if (left !== undefined && (right === undefined || at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      lines.push({ before: left, after: null, change: arriving.has(from[i] as string) ? 'moved' : 'removed' })
      i++
    } else {
      lines.push({
        before: null,
        after: right as Item,
        change: leaving.has(to[j] as string) ? 'moved' : 'added',
      })
      j++
    }
  }
  return lines
}

/** `lengths[i][j]`: items that the rests of both lists from i and j on have in common, in order. */
function commonLengths(from: readonly string[], to: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1))
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      const row = lengths[i] as Uint16Array
      row[j] =
        from[i] === to[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
    }
  }
  return lengths
}

function at(lengths: readonly Uint16Array[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0
}
