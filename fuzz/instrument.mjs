// Counts the work that pqcap does: a step for each call and each turn of a loop, and which branches were taken. The
// count makes "no hang" a budget that is the same on every machine, and tells which inputs reach new code.
import { fileURLToPath } from 'node:url'

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url))
const WORK = fileURLToPath(new URL('work.ts', import.meta.url))

/** Limits so low that small captures reach them. */
const TIGHT_LIMITS = {
  MAX_FLOWS: 6,
  MAX_CONVERSATIONS: 3,
  MAX_HELD_BYTES: 24 * 1024,
  MAX_WAITING_BYTES: 2048,
  MAX_DATAGRAMS: 3,
  MAX_DATAGRAM_BYTES: 4096,
  MAX_MESSAGE_LENGTH: 1400,
  MAX_INTERFACES: 3,
  MAX_SKIP_REASONS: 2,
  FILE_CHUNK_LENGTH: 200,
  PIECE_LENGTH: 100,
  KEPT_PIECE_LENGTH: 50,
  OUTPUT_CHUNK_LENGTH: 64,
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])
const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement'])
const TYPED_ARRAY = /^(?:Uint8|Uint16|Int32|Uint32|Float64|BigInt64|BigUint64)?Array$/

/**
 * A plugin of rolldown that instruments src/. The decompressor of zstd is ended by the clock, and not counted.
 *
 * @param {{ tight: boolean }} options `tight` builds with low limits.
 */
export function instrument({ tight }) {
  let sites = 0
  return {
    name: 'instrument',
    transform(code, id) {
      if (!id.startsWith(SOURCES)) return null
      const source = tight ? withTightLimits(code) : code
      const edits = new Edits(source)
      const tree = this.parse(source, { lang: id.endsWith('.ts') ? 'ts' : 'js' })
      visit(tree, (node) => {
        sites = instrumentNode(node, edits, sites)
      })
      return { code: `import { hits as $hits, made as $made, step as $step } from ${JSON.stringify(WORK)}\n${edits}` }
    },
  }
}

function withTightLimits(code) {
  return code.replace(/\bconst ([A-Z_]+) = [^\n]+/g, (line, name) =>
    name in TIGHT_LIMITS ? `const ${name} = ${TIGHT_LIMITS[name]}` : line,
  )
}

function instrumentNode(node, edits, first) {
  let site = first
  const hit = () => `$hits[${site++}]++`
  if (FUNCTIONS.has(node.type) && node.body) {
    if (node.body.type === 'BlockStatement') edits.insert(node.body.start + 1, `$step();${hit()};`)
    else edits.wrap(node.body, `($step(),${hit()},`, ')')
  } else if (LOOPS.has(node.type)) edits.statement(node.body, `$step();${hit()};`)
  else if (node.type === 'IfStatement') {
    edits.statement(node.consequent, `${hit()};`)
    if (node.alternate && node.alternate.type !== 'IfStatement') edits.statement(node.alternate, `${hit()};`)
  } else if (node.type === 'ConditionalExpression') {
    edits.wrap(node.consequent, `(${hit()},`, ')')
    edits.wrap(node.alternate, `(${hit()},`, ')')
  } else if (node.type === 'LogicalExpression') edits.wrap(node.right, `(${hit()},`, ')')
  else if (node.type === 'SwitchCase' && node.consequent.length > 0) edits.insert(node.consequent[0].start, `${hit()};`)
  else if (node.type === 'NewExpression' && node.callee.type === 'Identifier' && TYPED_ARRAY.test(node.callee.name))
    edits.wrap(node, '$made(', ')')
  return site
}

function visit(node, act) {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, act)
    return
  }
  if (node === null || typeof node !== 'object') return
  if (typeof node.type === 'string') act(node)
  for (const value of Object.values(node)) if (typeof value === 'object') visit(value, act)
}

/** Text put into a source; at one place an outer node's opening stands before an inner one's, its closing after it. */
class Edits {
  constructor(source) {
    this.source = source
    this.openings = new Map()
    this.closings = new Map()
  }

  insert(at, text) {
    this.openings.set(at, (this.openings.get(at) ?? '') + text)
  }

  /** Outer nodes are visited first. */
  wrap({ start, end }, before, after) {
    this.insert(start, before)
    this.closings.set(end, after + (this.closings.get(end) ?? ''))
  }

  statement(node, text) {
    if (node.type === 'BlockStatement') this.insert(node.start + 1, text)
    else this.wrap(node, `{${text}`, '}')
  }

  toString() {
    const places = [...new Set([...this.openings.keys(), ...this.closings.keys()])].sort((a, b) => a - b)
    let text = ''
    let from = 0
    for (const at of places) {
      text += this.source.slice(from, at) + (this.closings.get(at) ?? '') + (this.openings.get(at) ?? '')
      from = at
    }
    return text + this.source.slice(from)
  }
}
