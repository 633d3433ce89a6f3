import { serverNameKey } from '../bytes/server-name.js'
import type { HandshakeRecord } from '../verdict/record.js'
import type { HandshakePair, PairedBy } from './comparison.js'

/** A handshake of one side, and where its capture stands among those of that side. */
export interface Candidate {
  readonly record: HandshakeRecord
  /** Path within the folder that was named; null where a capture was named itself. */
  readonly path: string | null
}

/** Handshakes of both sides that belong together because somebody says so: the first with the first, and so on. */
export interface Selection {
  readonly before: readonly HandshakeRecord[]
  readonly after: readonly HandshakeRecord[]
}

export interface Pairing {
  readonly pairs: readonly HandshakePair[]
  /** What has no counterpart, in order. */
  readonly leftOver: { readonly before: readonly HandshakeRecord[]; readonly after: readonly HandshakeRecord[] }
}

/**
 * Pairs the handshakes of two sides: those that were selected, then by server name, then by server endpoint, then in
 * order. Of several with the same server name those that also share the endpoint and the path come together first,
 * and else they pair in order. Two that sent different names are never paired by endpoint or order, unless they are
 * the only ones: those are different services. Candidates come in the order in which they are to be paired.
 */
export function pairHandshakes(
  before: readonly Candidate[],
  after: readonly Candidate[],
  selections: readonly Selection[] = [],
): Pairing {
  const left = new Set(before)
  const right = new Set(after)
  const pairs: (HandshakePair & { readonly place: number })[] = []
  const places = new Map(before.map((candidate, i) => [candidate, i]))
  const join = (a: Candidate, b: Candidate, by: PairedBy): void => {
    left.delete(a)
    right.delete(b)
    pairs.push({ by, before: a.record, after: b.record, place: places.get(a) ?? 0 })
  }

  pairSelected(before, after, selections, join)
  for (const keyOf of NAME_KEYS) pairByKey(left, right, keyOf, (a, b) => join(a, b, 'server-name'))
  pairCompatible(left, right, endpointOf, (a, b) => join(a, b, 'server-endpoint'))
  pairCompatible(
    left,
    right,
    () => '',
    (a, b) => join(a, b, 'order'),
  )
  const [only] = left
  const [other] = right
  if (only !== undefined && other !== undefined && before.length === 1 && after.length === 1) join(only, other, 'order')

  pairs.sort((a, b) => a.place - b.place)
  return {
    pairs: pairs.map(({ by, before, after }) => ({ by, before, after })),
    leftOver: { before: recordsOf(left), after: recordsOf(right) },
  }
}

type Join = (a: Candidate, b: Candidate) => void
type KeyOf = (candidate: Candidate) => string | null

function nameOf({ record }: Candidate): string | null {
  return record.serverName === null ? null : serverNameKey(record.serverName)
}

function endpointOf({ record: { server } }: Candidate): string {
  return `${server.address} ${server.port}`
}

function nameAnd(more: (candidate: Candidate) => string | null): KeyOf {
  return (candidate) => {
    const name = nameOf(candidate)
    const rest = more(candidate)
    return name === null || rest === null ? null : JSON.stringify([name, rest])
  }
}

/** The same server name, and what else is the same: the closest first. */
const NAME_KEYS: readonly KeyOf[] = [
  nameAnd((candidate) => (candidate.path === null ? null : `${candidate.path} ${endpointOf(candidate)}`)),
  nameAnd(({ path }) => path),
  nameAnd(endpointOf),
  nameOf,
]

function pairSelected(
  before: readonly Candidate[],
  after: readonly Candidate[],
  selections: readonly Selection[],
  join: (a: Candidate, b: Candidate, by: PairedBy) => void,
): void {
  const lefts = new Map(before.map((candidate) => [candidate.record, candidate]))
  const rights = new Map(after.map((candidate) => [candidate.record, candidate]))
  for (const selection of selections) {
    // What an earlier selection took is taken.
    const a = selection.before.filter((record) => lefts.has(record))
    const b = selection.after.filter((record) => rights.has(record))
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const [first, second] = [a[i] as HandshakeRecord, b[i] as HandshakeRecord]
      join(lefts.get(first) as Candidate, rights.get(second) as Candidate, 'selection')
      lefts.delete(first)
      rights.delete(second)
    }
  }
}

/** Pairs what has the same key, in order. */
function pairByKey(left: Set<Candidate>, right: Set<Candidate>, keyOf: KeyOf, join: Join): void {
  const waiting = queuesOf(right, keyOf)
  for (const candidate of [...left]) {
    const key = keyOf(candidate)
    const counterpart = key === null ? undefined : waiting.get(key)?.next()
    if (counterpart !== undefined) join(candidate, counterpart)
  }
}

/**
 * The same for what sent no name, or whose counterpart sent none. By now no name is left on both sides, so that two
 * names are two different ones.
 */
function pairCompatible(
  left: Set<Candidate>,
  right: Set<Candidate>,
  keyOf: (c: Candidate) => string,
  join: Join,
): void {
  const nameless = queuesOf(right, (candidate) => (nameOf(candidate) === null ? keyOf(candidate) : null))
  const named = queuesOf(right, (candidate) => (nameOf(candidate) === null ? null : keyOf(candidate)))
  for (const candidate of [...left]) {
    const key = keyOf(candidate)
    const counterpart = nameless.get(key)?.next() ?? (nameOf(candidate) === null ? named.get(key)?.next() : undefined)
    if (counterpart !== undefined) join(candidate, counterpart)
  }
}

/** Candidates that wait for a counterpart, first come first served. */
class Queue {
  private readonly waiting: Candidate[] = []
  private at = 0

  add(candidate: Candidate): void {
    this.waiting.push(candidate)
  }

  next(): Candidate | undefined {
    return this.waiting[this.at++]
  }
}

function queuesOf(candidates: Iterable<Candidate>, keyOf: KeyOf): Map<string, Queue> {
  const queues = new Map<string, Queue>()
  for (const candidate of candidates) {
    const key = keyOf(candidate)
    if (key === null) continue
    let queue = queues.get(key)
    if (queue === undefined) {
      queue = new Queue()
      queues.set(key, queue)
    }
    queue.add(candidate)
  }
  return queues
}

function recordsOf(candidates: Iterable<Candidate>): HandshakeRecord[] {
  return [...candidates].map(({ record }) => record)
}
