import type { Comparison } from '../../compare/comparison.js'
import { jsonText } from '../json-text.js'

/** One document: the summary in front, then every pair on a line of its own. */
export function* diffJson({ pairs, ...comparison }: Comparison): Generator<string> {
  const { before, after, pairedBy, leftOver, summary, servers, failOn } = comparison
  const fields = { before, after, pairedBy, leftOver, summary, servers, failOn }
  yield '{\n  "schema": "pqcap-diff/1",\n'
  for (const [name, value] of Object.entries(fields)) yield `  ${jsonText(name)}: ${jsonText(value)},\n`
  yield '  "pairs": ['
  let separator = '\n    '
  for (const pair of pairs) {
    yield `${separator}${jsonText(pair)}`
    separator = ',\n    '
  }
  yield summary.pairs === 0 ? ']\n}\n' : '\n  ]\n}\n'
}
