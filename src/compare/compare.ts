import { serverNameKey } from '../bytes/server-name.js'
import type {
  Comparison,
  GroupSummary,
  HandshakePair,
  Judgement,
  PairComparison,
  PairedBy,
  SideSummary,
  SummarizedName,
  TransitionCount,
} from './comparison.js'
import { type Condition, ConditionCount } from './conditions.js'
import { comparePair, placeOf } from './difference.js'
import { summaryNotes } from './notes.js'
import type { Pairing } from './pairing.js'
import { Sample } from './statistics.js'

const SUMMARIZED: readonly SummarizedName[] = [
  'clientHelloBytes',
  'serverHelloBytes',
  'totalBytes',
  'connectMilliseconds',
  'synToEncryptedMilliseconds',
  'milliseconds',
]

/** Compares the pairs of two sides, and sums up. `failOn` are conditions with their texts. */
export function compare(
  before: SideSummary,
  after: SideSummary,
  { pairs, leftOver }: Pairing,
  failOn: readonly (readonly [text: string, condition: Condition])[] = [],
): Comparison {
  const pairedBy: Record<PairedBy, number> = { selection: 0, 'server-name': 0, 'server-endpoint': 0, order: 0 }
  const all = new Group()
  /** By what is the same of all ways to write a name; it is told as it came first. */
  const byName = new Map<string | null, { readonly serverName: string | null; readonly group: Group }>()
  const counts = failOn.map(([text, condition]) => new ConditionCount(text, condition))
  for (const pair of comparisons(pairs)) {
    pairedBy[pair.pairedBy]++
    all.add(pair)
    const serverName = pair.before.serverName ?? pair.after.serverName
    const key = serverName === null ? null : serverNameKey(serverName)
    const named = byName.get(key) ?? { serverName, group: new Group() }
    byName.set(key, named)
    named.group.add(pair)
    for (const count of counts) count.add(pair)
  }
  const unpaired = leftOver.before.length + leftOver.after.length
  return {
    before,
    after,
    pairedBy,
    leftOver: { before: leftOver.before.map(placeOf), after: leftOver.after.map(placeOf) },
    summary: all.summary(),
    servers: [...byName.values()].map(({ serverName, group }) => ({ serverName, ...group.summary() })),
    failOn: counts.map((count) => count.result(unpaired)),
    pairs: { [Symbol.iterator]: () => comparisons(pairs) },
  }
}

function* comparisons(pairs: readonly HandshakePair[]): Generator<PairComparison> {
  for (const pair of pairs) yield comparePair(pair)
}

/** Pairs that are summed up together. */
class Group {
  private pairs = 0
  private readonly transitions = new Map<string, TransitionCount>()
  private readonly judgements: Record<Judgement, number> = { upgrade: 0, equal: 0, downgrade: 0, 'not-comparable': 0 }
  private versionsDiffer = false
  private readonly samples = bySize(() => new Sample())

  add({ transition: { before, after }, judgement, sizes, notes }: PairComparison): void {
    this.pairs++
    this.versionsDiffer ||= notes.some(({ code }) => code === 'versions-differ')
    this.judgements[judgement]++
    const key = `${before} ${after}`
    this.transitions.set(key, { before, after, pairs: (this.transitions.get(key)?.pairs ?? 0) + 1 })
    for (const name of SUMMARIZED) this.samples[name].add(sizes[name].before, sizes[name].after)
  }

  summary(): GroupSummary {
    const { pairs, judgements } = this
    const sizes = bySize((name) => this.samples[name].spread())
    const transitions = [...this.transitions.values()].sort((a, b) => b.pairs - a.pairs)
    return { pairs, transitions, judgements, sizes, notes: summaryNotes(pairs, sizes, this.versionsDiffer) }
  }
}

function bySize<Value>(make: (name: SummarizedName) => Value): Record<SummarizedName, Value> {
  return Object.fromEntries(SUMMARIZED.map((name) => [name, make(name)])) as Record<SummarizedName, Value>
}
