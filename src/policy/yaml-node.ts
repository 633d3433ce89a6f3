import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { type Entry, PolicyError, type PolicyNode } from './node.js'

/** Collections in collections: a policy needs five. */
const MAX_NESTING = 16
/** Aliases that are followed: each is looked for from the start of the document. */
const MAX_ALIASES = 100
/** Values, those of an alias each time: a few lines of aliases to lists of aliases stand for more than memory holds. */
const MAX_VALUES = 50_000

/**
 * Reads YAML 1.2, of which JSON is a part; each value has its place as `path:line:column`.
 * @throws PolicyError
 */
export function yamlNode(text: string, path: string): PolicyNode {
  const lines = new LineCounter()
  const document = parsed(text, lines, path)
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const comment = commentOfJavaScript(text)
  if (comment >= 0) throw new PolicyError([`${placeAt(comment)}: a comment begins with #, also beside JSON`])
  const problems = [...document.errors, ...document.warnings]
  if (problems.length > 0)
    // What comes after `; please` is for programmers.
    throw new PolicyError(
      problems.map(({ pos, message }) => `${placeAt(pos[0])}: ${message.replace(/; please .*/, '')}`),
    )

  let values = 0
  let aliases = 0
  const read = (node: Node | null | undefined, offset: number, depth: number): PolicyNode => {
    const at = node?.range?.[0] ?? offset
    const place = placeAt(at)
    if (++values > MAX_VALUES) throw new PolicyError([`${place}: more than ${MAX_VALUES} values`])
    if (depth > MAX_NESTING)
      throw new PolicyError([`${place}: more than ${MAX_NESTING} collections nested in one another`])
    if (isAlias(node)) {
      if (++aliases > MAX_ALIASES) throw new PolicyError([`${place}: more than ${MAX_ALIASES} aliases`])
      const target = node.resolve(document)
      if (target === undefined) throw new PolicyError([`${place}: an alias that refers to nothing`])
      return read(target, at, depth + 1)
    }
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => read(item as Node, at, depth + 1)), place }
    if (isMap(node)) {
      const entries = node.items.map((pair): Entry => {
        const key = pair.key as Node
        const keyAt = key?.range?.[0] ?? at
        if (!isScalar(key)) throw new PolicyError([`${placeAt(keyAt)}: a key must be a word`])
        const value = read(pair.value as Node, key.range?.[1] ?? keyAt, depth + 1)
        return { key: String(key.value), keyPlace: placeAt(keyAt), value }
      })
      return { kind: 'map', entries, place }
    }
    if (!isScalar(node)) return { kind: 'scalar', value: null, text: '', place }
    const { value } = node
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
    return { kind: 'scalar', value: plain, text: node.source ?? String(plain ?? ''), place }
  }
  return read(document.contents, 0, 0)
}

/**
 * Where `//` or a slash and an asterisk begin a comment in what looks like JSON; -1 where none does. As YAML it would
 * be part of the next key, or an error somewhere behind it.
 */
function commentOfJavaScript(text: string): number {
  if (!/^\uFEFF?\s*[{/]/.test(text)) return -1
  for (const { 0: found, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|#.*|(?<![^\s,{}[\]"'])\/[/*]/g))
    if (found.startsWith('/')) return index
  return -1
}

function parsed(text: string, lineCounter: LineCounter, path: string): Document.Parsed {
  try {
    // A key that is given twice is told by whoever reads the mapping, and by its name.
    return parseDocument(text, { lineCounter, prettyErrors: false, strict: true, uniqueKeys: false })
  } catch (error) {
    // It calls itself for each collection in another: thousands of them are more than the stack holds.
    throw new PolicyError([`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`])
  }
}
