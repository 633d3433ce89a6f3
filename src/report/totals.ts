import type { HandshakeRecord, Label, Outcome } from '../verdict/record.js'

/** In the order in which they are told. */
export const LABELS: readonly Label[] = ['hybrid', 'post-quantum', 'classical', 'psk', 'unknown']
export const OUTCOMES: readonly Outcome[] = ['negotiated', 'rejected', 'unanswered', 'incomplete']

/** How many handshakes had which outcome, label and group. */
export interface TotalCounts {
  readonly handshakes: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly labels: Readonly<Record<Label, number>>
  readonly groups: ReadonlyMap<string, number>
}

export class Totals implements TotalCounts {
  handshakes = 0
  readonly outcomes = zeroes(OUTCOMES)
  readonly labels = zeroes(LABELS)
  /** By the group's name; at most one entry for each of the 65,536 code points. */
  readonly groups = new Map<string, number>()

  add(record: HandshakeRecord): void {
    const { outcome, label } = record.verdict
    this.handshakes++
    this.outcomes[outcome]++
    if (label !== null) this.labels[label]++
    const group = record.negotiated?.group?.name
    if (group !== undefined) this.groups.set(group, (this.groups.get(group) ?? 0) + 1)
  }

  /** Adds what was counted elsewhere. */
  count({ handshakes, outcomes, labels, groups }: TotalCounts): void {
    this.handshakes += handshakes
    for (const outcome of OUTCOMES) this.outcomes[outcome] += outcomes[outcome]
    for (const label of LABELS) this.labels[label] += labels[label]
    for (const [group, count] of groups) this.groups.set(group, (this.groups.get(group) ?? 0) + count)
  }
}

function zeroes<Word extends string>(words: readonly Word[]): Record<Word, number> {
  return Object.fromEntries(words.map((word) => [word, 0])) as Record<Word, number>
}
